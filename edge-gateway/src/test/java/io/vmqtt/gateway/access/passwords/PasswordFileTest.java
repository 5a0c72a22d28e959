package io.vmqtt.gateway.access.passwords;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordFileTest {
  private static final String HASH = "$pbkdf2-sha256$1$c2FsdA$c2FsdHNhbHRzYWx0c2FsdA";
  private static final String OTHER = "$pbkdf2-sha256$2$c2FsdA$c2FsdHNhbHRzYWx0c2FsdA";
  private static final String TEXT =
      """
      # who may come in
      anna:%s

      Jürgen B.:!%s
      """
          .formatted(HASH, HASH);

  private final PasswordFile file = PasswordFile.read(TEXT);

  @Test
  void read_usersCommentsAndEmptyLines_theUsers() {
    assertEquals(
        Set.of("anna", "Jürgen B."),
        file.users().stream().map(User::name).collect(Collectors.toSet()));
    assertFalse(file.user("anna").orElseThrow().disabled());
    assertTrue(file.user("Jürgen B.").orElseThrow().disabled());
    assertTrue(file.user("# who may come in").isEmpty());
    assertEquals(TEXT, file.text());
  }

  @Test
  void with_userThatIsThere_onlyItsLineChanges() {
    User changed = new User("anna", StoredPassword.read(OTHER), false);

    assertEquals(
        TEXT.replaceFirst("\\Qanna:" + HASH, "anna:" + OTHER.replace("$", "\\$")),
        file.with(changed).text());
  }

  @Test
  void with_userThatIsNew_isTheLastLine() {
    User added = new User("ann", StoredPassword.read(OTHER), true);

    assertEquals(TEXT + "ann:!" + OTHER + "\n", file.with(added).text());
    assertEquals("ann:!" + OTHER + "\n", PasswordFile.read("").with(added).text());
  }

  @Test
  void withSecret_hasNone_isTheFirstLineAndStays() {
    PasswordFile secret = file.withSecret();

    assertTrue(secret.text().startsWith("#secret "), secret.text());
    assertTrue(secret.text().endsWith("\n" + TEXT), secret.text());
    assertEquals(secret.text(), PasswordFile.read(secret.text()).withSecret().text());
    assertNotEquals(secret.text(), file.withSecret().text());
  }

  @Test
  void without_user_onlyItsLineGoes() {
    assertEquals(TEXT.replace("anna:" + HASH + "\n", ""), file.without("anna").text());
    assertEquals(TEXT, file.without("ann").text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "anna | line 2: not NAME:HASH",
        "anna:secret | line 2: user 'anna': not a hash that is known: argon2, bcrypt ($2b$),"
            + " pbkdf2, Mosquitto's $7$ or SCRAM",
        "anna: | line 2: user 'anna': not a hash that is known: argon2, bcrypt ($2b$), pbkdf2,"
            + " Mosquitto's $7$ or SCRAM",
        ":" + HASH + " | line 2: user '': a user's name is not empty and has no colon",
        "x:" + HASH + " | line 2: user 'x' is there twice",
      })
  void read_whatCannotBe_namesTheLine(String line, String complaint) {
    assertEquals(
        complaint,
        assertThrows(
                IllegalArgumentException.class, () -> PasswordFile.read("x:" + HASH + "\n" + line))
            .getMessage());
  }
}
