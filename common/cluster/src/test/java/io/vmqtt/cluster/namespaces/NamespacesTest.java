package io.vmqtt.cluster.namespaces;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Consistency;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespacesTest {
  private static final Namespaces SOME =
      new Namespaces(
          7,
          Map.of(
              Namespace.of("plant-1"),
              new NamespaceTerms(
                  new Quotas(Map.of(Quota.SESSIONS, 1000L, Quota.QUEUE_BYTES, 1L << 40)),
                  Consistency.STRONG),
              Namespace.NAMELESS,
              NamespaceTerms.STANDARD));

  @Test
  void json_writtenAndRead_isTheSame() throws IOException {
    assertEquals(SOME, NamespacesFact.NAMESPACES.read(NamespacesFact.NAMESPACES.write(SOME)));
  }

  @Test
  void json_isFitForPeople() {
    assertEquals(
        "{\"format\":1,\"version\":7,\"namespaces\":{"
            + "\"\":{\"quotas\":{},\"consistency\":\"strong\"},"
            + "\"plant-1\":{\"quotas\":{\"sessions\":1000,\"queue-bytes\":1099511627776},"
            + "\"consistency\":\"strong\"}}}",
        NamespacesJson.write(SOME));
  }

  @Test
  void json_whatALaterVersionAdds_ignored() throws IOException {
    String later =
        NamespacesJson.write(SOME)
            .replace("\"sessions\"", "\"colours\":-1,\"sessions\"")
            .replace("\"version\"", "\"rules\":{},\"version\"");

    assertEquals(SOME, NamespacesJson.read(later));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "null | no namespaces, but null",
        "{} | namespaces of format ; this version reads format 1",
        "{\"format\":2} | namespaces of format 2; this version reads format 1",
        "{\"format\":1,\"version\":0} | the version: no whole number from 1 on, but 0",
        "{\"format\":1,\"version\":1} | namespaces: no object, but ",
        "{\"format\":1,\"version\":1,\"namespaces\":{\"A\":{\"quotas\":{}}}}"
            + " | a namespace has 1 to 64 characters of a-z0-9-_, not 'A'",
        "{\"format\":1,\"version\":1,\"namespaces\":{\"a\":{\"quotas\":{\"sessions\":1.5}}}}"
            + " | namespace 'a', sessions: no whole number from 1 on, but 1.5",
        "{\"format\":1,\"version\":1,\"namespaces\":{\"a\":{\"quotas\":{},\"consistency\":\"weak\"}}}"
            + " | there is no consistency 'weak', only 'strong'",
      })
  void json_thatCannotBe_refusedWithTheReason(String json, String reason) {
    IOException refusal = assertThrows(IOException.class, () -> NamespacesJson.read(json));
    assertEquals(reason, String.valueOf(refusal.getMessage()).strip());
  }

  @Test
  void json_nonsense_refused() {
    assertThrows(IOException.class, () -> NamespacesJson.read("nonsense"));
  }

  /** Also where those before were lost, and somebody begins anew: what is said later counts. */
  @Test
  void after_isLater_alsoWhereClocksAreBehind() {
    Namespaces next = new Namespaces(0, Map.of()).after(SOME, 5);

    assertTrue(NamespacesFact.NAMESPACES.isLater(next, SOME));
    assertFalse(NamespacesFact.NAMESPACES.isLater(SOME, next));
    assertEquals(1_000, SOME.after(Namespaces.NONE, 1_000).version());
  }

  @Test
  void quotas_ofOneThatNobodyNames_areNone() {
    assertEquals(1000, SOME.quotas(Namespace.of("plant-1")).limit(Quota.SESSIONS));
    assertEquals(Quotas.NONE, SOME.quotas(Namespace.of("plant-2")));
  }
}
