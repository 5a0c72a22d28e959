package io.vmqtt.gateway.access.passwords;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.scram.ScramHash;
import io.vmqtt.gateway.access.scram.ScramKeys;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Passwords as SCRAM sees them. */
class ScramPasswordsTest {
  private static final ScramHash HASH = ScramHash.SHA_256;
  private static final String PENCIL =
      StoredPassword.forScram("pencil".getBytes(StandardCharsets.UTF_8), 5000).text();
  private static final String ARGON2 =
      "$argon2id$v=19$m=4096,t=1,p=2$c29tZXNhbHQxMjM$HjiwlWPgSk4X6KeO+ERhYzHwvr5Yjzu2n6wIavt1kQ4";

  private final CredentialChecks checks = new CredentialChecks(1, 1);
  private final Passwords passwords = new Passwords(checks);

  @AfterEach
  void close() {
    checks.close();
  }

  @Test
  void keys_ofAUser_areThoseOfTheFile() {
    users("anna:" + PENCIL);
    ScramKeys keys = passwords.keys("anna", HASH);

    assertTrue(PENCIL.startsWith(keys.text() + " "));
    assertTrue(passwords.mayComeIn("anna", keys));
    assertTrue(passwords.haveKeys(HASH));
  }

  @Test
  void keys_disabled_areHisButOfNoUse() {
    users("anna:!" + PENCIL);
    ScramKeys keys = passwords.keys("anna", HASH);

    assertTrue(PENCIL.startsWith(keys.text() + " "));
    assertFalse(passwords.mayComeIn("anna", keys));
  }

  /** Who asks twice, or asks two gateways, must not learn that somebody is not there. */
  @Test
  void keys_ofNobody_lookLikeThoseOfUsersAndStayThatWhereverTheFileIs() {
    PasswordFile file = PasswordFile.read("anna:" + PENCIL + "\ncara:" + ARGON2).withSecret();
    passwords.users(file);
    Passwords elsewhere = new Passwords(checks);
    elsewhere.users(file.with(new User("bert", StoredPassword.read(PENCIL), false)));

    for (String nobody : List.of("eve", "cara")) {
      ScramKeys seeming = passwords.keys(nobody, HASH);
      assertEquals(5000, seeming.iterations());
      assertEquals(passwords.keys("anna", HASH).salt().length, seeming.salt().length);
      assertArrayEquals(seeming.salt(), passwords.keys(nobody, HASH).salt());
      assertArrayEquals(seeming.salt(), elsewhere.keys(nobody, HASH).salt());
      assertFalse(passwords.mayComeIn(nobody, seeming));
      for (ScramKeys other :
          List.of(passwords.keys(nobody + "x", HASH), passwords.keys(nobody, ScramHash.SHA_512))) {
        assertFalse(Arrays.equals(seeming.salt(), other.salt()));
      }
    }
  }

  @Test
  void keys_fileHasNoSecret_seemingSaltsAreOfThisProcess() {
    users("anna:" + PENCIL);
    Passwords elsewhere = new Passwords(checks);
    elsewhere.users(PasswordFile.read("anna:" + PENCIL));

    assertArrayEquals(passwords.keys("eve", HASH).salt(), passwords.keys("eve", HASH).salt());
    assertFalse(
        Arrays.equals(passwords.keys("eve", HASH).salt(), elsewhere.keys("eve", HASH).salt()));
  }

  /** Else whoever knows such a pair could tell whether one of the two is there. */
  @Test
  void keys_namesWithOneHashCode_doNotAlwaysLookAlike() {
    users("anna:" + PENCIL + "\nbert:" + StoredPassword.forScram(new byte[] {'x'}, 6000).text());

    List<Integer> apart =
        IntStream.range(0, 64)
            .filter(
                i ->
                    passwords.keys("Aa" + i, HASH).iterations()
                        != passwords.keys("BB" + i, HASH).iterations())
            .boxed()
            .toList();

    assertEquals("Aa1".hashCode(), "BB1".hashCode());
    assertFalse(apart.isEmpty());
  }

  /** The file may change while a client makes its proof. */
  @Test
  void mayComeIn_passwordHasChangedMeanwhile_false() {
    users("anna:" + PENCIL);
    ScramKeys keys = passwords.keys("anna", HASH);

    users("anna:" + StoredPassword.forScram(new byte[] {'x'}, 5000).text());
    assertFalse(passwords.mayComeIn("anna", keys));

    users("");
    assertFalse(passwords.mayComeIn("anna", keys));
    assertFalse(passwords.haveKeys(HASH));
    assertEquals(ScramKeys.LEAST_ITERATIONS, passwords.keys("anna", HASH).iterations());
  }

  private void users(String lines) {
    passwords.users(PasswordFile.read(lines));
  }
}
