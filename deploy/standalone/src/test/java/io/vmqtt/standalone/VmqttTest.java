package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class VmqttTest {
  private static final Map<String, String> NO_VARIABLES = Map.of();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void help_namesEveryCommand() {
    assertEquals(0, run(NO_VARIABLES, "--help"));

    for (String command : new String[] {"standalone", "gateway", "router", "store", "registry"}) {
      assertTrue(out.toString().contains("\n  " + command + " "), out::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"standalone", "gateway", "router", "store", "registry"})
  void helpOfCommand_namesPortAndVariable(String command) {
    assertEquals(0, run(NO_VARIABLES, command, "--help"));

    assertTrue(out.toString().contains("--http-port"), out::toString);
    assertTrue(out.toString().contains("VMQTT_HTTP_PORT"), out::toString);
    assertTrue(out.toString().contains("--log-level"), out::toString);
  }

  @Test
  void version_isThatOfTheBuild() {
    assertEquals(0, run(NO_VARIABLES, "--version"));
    assertTrue(out.toString().matches("vmqtt \\d+\\.\\d+\\.\\d+.*\\R"), out::toString);
  }

  @Test
  void noCommand_oneLineNamesThem() {
    assertEquals(2, run(NO_VARIABLES));
    assertComplaint("standalone, gateway, router, store, registry");
  }

  @Test
  void unknownOption_oneLineNamesIt() {
    assertEquals(2, run(NO_VARIABLES, "gateway", "--prot", "1"));
    assertComplaint("'--prot'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "-1", "65536", "1.5", ""})
  void badPort_oneLineNamesIt(String port) {
    assertEquals(2, run(NO_VARIABLES, "gateway", "--port=" + port));
    assertComplaint("--port");
    assertComplaint("'" + port + "'");
  }

  @Test
  void badVariable_oneLineNamesIt() {
    assertEquals(2, run(Map.of("VMQTT_GRPC_PORT", "ten"), "router"));
    assertComplaint("from VMQTT_GRPC_PORT");
  }

  @Test
  void valueOutOfBounds_oneLineNamesTheOption() {
    assertEquals(
        1, run(NO_VARIABLES, "gateway", "--event-loops", "300", "--port", "0", "--http-port", "0"));
    assertComplaint("--event-loops must be 0 to 256, not 300");
  }

  @Test
  void portInUse_oneLineNamesIt() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());

      assertEquals(1, run(NO_VARIABLES, "gateway", "--port", port, "--http-port", "0"));

      assertComplaint(":" + port + ": ");
    }
  }

  @Test
  void folderThatIsAFile_oneLineNamesIt(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertEquals(1, run(NO_VARIABLES, "store", "--data", file.toString(), "--http-port", "0"));

    assertComplaint(file.toString());
  }

  private int run(Map<String, String> variables, String... args) {
    CommandLine vmqtt = Vmqtt.commandLine(variables);
    vmqtt.setOut(new PrintWriter(out, true));
    vmqtt.setErr(new PrintWriter(err, true));
    return vmqtt.execute(args);
  }

  private void assertComplaint(String part) {
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertTrue(err.toString().contains(part), err::toString);
    assertTrue(err.toString().startsWith("vmqtt"), err::toString);
  }
}
