package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.conformance.Conforms;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientIdTest {
  /** Computed by another program; other nodes and stored data depend on them. */
  @ParameterizedTest
  @CsvSource({
    "'',efd01f60ba992926",
    "a,82a2a958a9bece5b",
    "foobar,2c22194922d1672b",
    "client-1,f93bd2c16ac6882d",
    "client-2,4bf3c0a5f3622a44",
    "Zo\u00eb,3f8a1b8741a8d7b9",
    "\u6e29\u5ea6,57a2010423d44141",
    "\ud83d\ude00,da89b0991f06f386"
  })
  void hash64_fixedId_neverChanges(String clientId, String hash) {
    assertEquals(hash, "%016x".formatted(ClientId.hash64(clientId)));
  }

  @Test
  void hash64_consecutiveIds_spreadOverAllBits() {
    int ids = 10_000;
    int[] ones = new int[Long.SIZE];
    Set<Long> hashes = new HashSet<>();
    for (int i = 0; i < ids; i++) {
      long hash = ClientId.hash64("client-" + i);
      hashes.add(hash);
      for (int bit = 0; bit < ones.length; bit++) {
        ones[bit] += (int) (hash >>> bit & 1);
      }
    }
    assertEquals(ids, hashes.size());
    for (int bit = 0; bit < ones.length; bit++) {
      assertTrue(Math.abs(ones[bit] - ids / 2) < ids / 20, "bit " + bit + " is set " + ones[bit]);
    }
  }

  @Test
  void isValid_lengthAndForm_asTheSpecificationSays() {
    assertTrue(ClientId.isValid(""));
    assertTrue(ClientId.isValid("a b/+#\u6e29"));
    assertTrue(ClientId.isValid("a".repeat(65_535)));
    assertFalse(ClientId.isValid("a".repeat(65_536)));
    assertFalse(ClientId.isValid("a\u0000"));
    assertFalse(ClientId.isValid("\ud83d"));
  }

  @Test
  @Conforms(
      v311 = "MQTT-3.1.3-6",
      v5 = {"MQTT-3.1.3-6", "MQTT-3.2.2-16"})
  void assign_manyTimes_isUniqueAndAcceptableToEveryServer() {
    Random random = new Random(1);
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      String id = ClientId.assign(random);
      assertTrue(id.matches("[0-9a-zA-Z]{22}"), id);
      ids.add(id);
    }
    assertEquals(10_000, ids.size());
    assertEquals(ClientId.assign(new Random(2)), ClientId.assign(new Random(2)));
  }
}
