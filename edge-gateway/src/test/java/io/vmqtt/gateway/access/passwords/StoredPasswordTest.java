package io.vmqtt.gateway.access.passwords;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.access.scram.ScramHash;
import io.vmqtt.gateway.access.scram.ScramKeys;
import io.vmqtt.testkit.fuzz.HeapUse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredPasswordTest {

  /** Made by other programs of "correct horse". */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$argon2id$v=19$m=4096,t=1,p=2$c29tZXNhbHQxMjM$HjiwlWPgSk4X6KeO+ERhYzHw"
            + "vr5Yjzu2n6wIavt1kQ4",
        "$argon2i$v=19$m=1024,t=2,p=1$c29tZXNhbHQxMjM$CY+Xr6ufwPD7pJ/JdRKGSt3CEjB9prQM",
        "$2b$05$BIXXNLZqhlk.1pVG69Wwn.oDeRn1.ZBnK8lCGlj5HHwgiSQI6HU42",
        "$2y$05$BIXXNLZqhlk.1pVG69Wwn.oDeRn1.ZBnK8lCGlj5HHwgiSQI6HU42",
        "$7$101$AAECAwQFBgcICQoL$lp0Cm29zl+CI/RXyXDKvLye7OxM3OuE6RMzgXTX/f3imS/"
            + "pFh2Ur7yarLDpKRUKpB0tOj6l0UrRv41zqxmD4tg==",
        "$pbkdf2-sha256$290$AAECAwQFBgcICQoL$66CwsY8/VUWr7LAaPboiIbfKTnpwXB44Ra4w7qTy0Lk",
        "$pbkdf2-sha512$i=210,l=64$AAECAwQFBgcICQoL$Jhm/x3H68kTuK9lGgNrMWS5la5r"
            + "TftcbGIy/z3EoAlT0DtoFMRBsCWnSSC2ab6meSy9X0KyM+/gcm3NCLeBPWQ",
      })
  void matches_hashOfAnotherProgram_thePasswordAlone(String text) {
    StoredPassword stored = StoredPassword.read(text);

    assertTrue(stored.matches(bytes("correct horse")));
    assertFalse(stored.matches(bytes("correct horsf")));
    assertFalse(stored.matches(bytes("")));
    assertFalse(stored.matches(new byte[] {(byte) 0xff, 0}));
    assertEquals(text, stored.text());
  }

  @Test
  void of_anyBytes_matchThemselvesAlone() {
    byte[] password = {0, (byte) 0xc3, 'a', (byte) 0xff};
    StoredPassword stored = StoredPassword.of(password);

    assertTrue(stored.text().startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), stored.text());
    assertTrue(StoredPassword.read(stored.text()).matches(password));
    assertFalse(stored.matches(new byte[] {0, (byte) 0xc3, 'a', (byte) 0xfe}));
    assertNotEquals(stored.text(), StoredPassword.of(password).text());
    assertFalse(stored.toString().contains("$"));
  }

  @Test
  void forScram_password_keysOfEveryHashByWhichItCanBeSentToo() {
    StoredPassword stored =
        StoredPassword.read(StoredPassword.forScram(bytes("pencil"), 4096).text());

    assertTrue(stored.matches(bytes("pencil")));
    assertFalse(stored.matches(bytes("pencils")));
    for (ScramHash hash : ScramHash.values()) {
      ScramKeys keys = stored.keys(hash).orElseThrow();
      assertEquals(4096, keys.iterations());
      assertTrue(keys.areOf(bytes("pencil")));
    }
  }

  @Test
  void read_hashAndKeys_thePasswordIsCheckedByTheFirst() {
    String hash = "$pbkdf2-sha256$290$AAECAwQFBgcICQoL$66CwsY8/VUWr7LAaPboiIbfKTnpwXB44Ra4w7qTy0Lk";
    String keys = ScramKeys.of(ScramHash.SHA_512, bytes("pencil"), bytes("salt"), 4096).text();
    StoredPassword stored = StoredPassword.read(hash + " " + keys);

    assertTrue(stored.matches(bytes("correct horse")));
    assertEquals(keys, stored.keys(ScramHash.SHA_512).orElseThrow().text());
    assertTrue(stored.keys(ScramHash.SHA_256).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secret | not a hash that is known: argon2, bcrypt ($2b$), pbkdf2, Mosquitto's $7$ or SCRAM",
        "'' | not a hash that is known: argon2, bcrypt ($2b$), pbkdf2, Mosquitto's $7$ or SCRAM",
        "$7$101$c2FsdA==$c2FsdHNhbHRzYWx0c2FsdA== SCRAM-SHA-256$1 | broken keys of SCRAM",
        "$argon2id$v=19$m=19456 | a broken argon2 hash",
        "$argon2id$v=19$m=4096,t=1,p=2$c29tZXNhbHQxMjM$HjiwlWPgSk4X6A | a broken argon2 hash",
        "$2b$ | a broken bcrypt hash",
        "$7$101$c2FsdA== | a broken pbkdf2 hash",
        "$pbkdf2-sha1$1000$c2FsdA$c2FsdHNhbHRzYWx0c2FsdA | a broken pbkdf2 hash",
        "$pbkdf2-sha256$1000$c2FsdA$c2FsdA | a broken pbkdf2 hash",
        "$pbkdf2-sha256$0$c2FsdA$c2FsdHNhbHRzYWx0c2FsdA | a broken pbkdf2 hash",
        "$pbkdf2-sha256$99999999$c2FsdA$c2FsdHNhbHRzYWx0c2FsdA"
            + " | a pbkdf2 hash that costs too much to check",
        "$argon2id$v=19$m=2097152,t=2,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA"
            + " | an argon2 hash that costs too much to check",
        "$argon2id$v=19$m=2147483647,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA"
            + " | an argon2 hash that costs too much to check",
        "$argon2id$v=19$m=4096,t=101,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA"
            + " | an argon2 hash that costs too much to check",
        "$argon2id$v=19$m=4096,t=1,p=65$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA"
            + " | an argon2 hash that costs too much to check",
        "$argon2id$v=19$m=8,t=1,p=16777216$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA"
            + " | a broken argon2 hash",
        "$argon2id$v=19$m=8,t=0,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA | a broken argon2 hash",
        "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbH?$c2FsdHNhbHRzYWx0c2FsdA | a broken argon2 hash",
        "$2b$04$abcdefghijklmnopqrstuu | a broken bcrypt hash",
        "$2b$03$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyz01234 | a broken bcrypt hash",
        "$2b$31$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyz01234"
            + " | a bcrypt hash that costs too much to check",
      })
  void read_whatCannotBe_saysWhy(String text, String complaint) {
    assertEquals(
        complaint,
        assertThrows(IllegalArgumentException.class, () -> StoredPassword.read(text)).getMessage());
  }

  /** What a hash costs is for its user to wait for, and not for all whose file it stands in. */
  @Test
  void read_hashThatTakesMuchMemory_takesNoneBeforeItIsChecked() {
    String text = "$argon2id$v=19$m=1048576,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA";

    assertEquals(text, HeapUse.bounded(bytes(text), 100, () -> StoredPassword.read(text)).text());
  }

  @Test
  void read_pbkdf2HashThatIsLong_costsTooMuch() {
    String hash = Base64.getEncoder().withoutPadding().encodeToString(new byte[65]);

    assertThrows(
        IllegalArgumentException.class,
        () -> StoredPassword.read("$pbkdf2-sha512$1000$c2FsdA$" + hash));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
