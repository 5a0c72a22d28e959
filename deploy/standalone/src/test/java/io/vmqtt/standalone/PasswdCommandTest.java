package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.access.passwords.PasswordFile;
import io.vmqtt.gateway.access.passwords.User;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PasswdCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void setUp() {
    file = folder.resolve("users");
  }

  @Test
  void noSuchFile_isMadeForItsOwnerAlone() throws IOException {
    assertEquals(0, run("secret\n", "anna"));

    assertTrue(user("anna").password().matches(bytes("secret")));
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
    assertEquals(file + ": user 'anna' added\n", out.toString());
  }

  @Test
  void userIsThere_newPasswordAndAllElseStays() throws IOException {
    run("secret", "bert");
    Files.writeString(file, "# people\n" + Files.readString(file));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    run("secret\r\nmore", "anna");
    String before = Files.readString(file);

    assertEquals(0, run("other", "anna"));

    assertTrue(user("anna").password().matches(bytes("other")));
    assertTrue(user("bert").password().matches(bytes("secret")));
    assertEquals(
        before.lines().limit(2).toList(), Files.readString(file).lines().limit(2).toList());
    assertEquals(PosixFilePermissions.fromString("rw-r-----"), Files.getPosixFilePermissions(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void disableEnableDelete_userIsThat() throws IOException {
    run("secret", "anna");

    assertEquals(0, run("", "anna", "--disable"));
    assertTrue(user("anna").disabled());
    assertEquals(0, run("", "anna", "--enable"));
    assertFalse(user("anna").disabled());
    assertTrue(user("anna").password().matches(bytes("secret")));
    assertEquals(0, run("", "anna", "--delete"));
    assertEquals("", Files.readString(file));
  }

  @Test
  void scram_passwordIsKeptAsKeysAndTheFileHasASecret() throws IOException {
    run("secret", "bert");

    assertEquals(0, run("secret", "anna", "--scram"));
    String once = Files.readString(file);
    assertTrue(user("anna").password().matches(bytes("secret")));
    assertTrue(user("anna").password().text().startsWith("SCRAM-SHA-256$15000:"), once);
    assertTrue(user("anna").password().text().contains(" SCRAM-SHA-512$15000:"), once);
    assertTrue(once.startsWith("#secret "), once);
    assertTrue(user("bert").password().text().startsWith("$argon2id$"), once);

    assertEquals(0, run("secret", "cara", "--scram", "--iterations", "4096"));
    assertTrue(Files.readString(file).startsWith(once));
    assertTrue(user("cara").password().text().startsWith("SCRAM-SHA-256$4096:"));
  }

  @Test
  void whatCannotBe_oneLineSaysWhyAndNothingChanges() throws IOException {
    run("secret", "anna");
    String before = Files.readString(file);

    assertComplaint(1, "there is no user 'bert'", run("", "bert", "--delete"));
    assertComplaint(2, "no user name", run("secret", "a:b"));
    assertComplaint(2, "an empty password", run("\n", "bert"));
    assertComplaint(2, "mutually exclusive", run("", "anna", "--delete", "--disable"));
    assertComplaint(2, "mutually exclusive", run("", "anna", "--scram", "--disable"));
    assertComplaint(
        2, "from 4096 to 10000000", run("secret", "bert", "--scram", "--iterations", "4095"));
    assertComplaint(2, "SCRAM cannot take", run("a\u0007b", "bert", "--scram"));
    assertComplaint(2, "USER", execute("", "passwd", file.toString()));
    assertEquals(before, Files.readString(file));
  }

  @Test
  void fileIsBroken_theComplaintNamesTheLineAndNothingChanges() throws IOException {
    Files.writeString(file, "anna:secret\n");

    assertComplaint(1, file + ": line 1: user 'anna'", run("other", "anna"));
    assertEquals("anna:secret\n", Files.readString(file));
  }

  private void assertComplaint(int expected, String words, int exitCode) {
    assertEquals(expected, exitCode, err::toString);
    assertTrue(err.toString().contains(words), err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
    err.getBuffer().setLength(0);
  }

  private User user(String name) throws IOException {
    return PasswordFile.read(Files.readString(file)).user(name).orElseThrow();
  }

  private int run(String input, String... userAndOptions) {
    return execute(
        input,
        Stream.concat(Stream.of("passwd", file.toString()), Stream.of(userAndOptions))
            .toArray(String[]::new));
  }

  private int execute(String input, String... args) {
    CommandLine vmqtt = Vmqtt.commandLine(Map.of(), new ByteArrayInputStream(bytes(input)));
    vmqtt.setOut(new PrintWriter(out, true));
    vmqtt.setErr(new PrintWriter(err, true));
    return vmqtt.execute(args);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
