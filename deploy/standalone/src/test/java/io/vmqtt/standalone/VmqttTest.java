package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gateway    | --event-loops        | 300        | must be 0 to 256",
        "gateway    | --connect-timeout    | 1ms        | must be 100ms to 1h",
        "gateway    | --max-keep-alive     | 2d         | must be 0s to 65535s",
        "gateway    | --consul             | nonsense   | is not HOST:PORT",
        "gateway    | --consul             | c:70000    | is not HOST:PORT",
        "router     | --max-tasks          | 1          | must be at least 1024",
        "store      | --threads            | 0          | must be 1 to 1024",
        "store      | --entry-bytes        | 5G         | must be 1 to 1073741824",
        "store      | --election-timeout-min | 2s       | must be less than --election-timeout-max",
        "registry   | --replication-factor | 20         | must be 1 to 9",
        "standalone | --max-packet-size    | 1          | must be 1024 to 33554432",
        "standalone | --max-packet-size    | 4G         | must be 1024 to 33554432",
        "standalone | --shards             | 0          | must be 1 to 1024",
        "standalone | --election-timeout-max | 1m       | must be 100ms to 3s",
      })
  void valueThatCannotBe_oneLineNamesTheOptionAndItsBounds_nothingOnDisk(
      String command, String option, String value, String bounds, @TempDir Path folder) {
    Path data = folder.resolve("data");
    assertEquals(
        2,
        run(
            Map.of("VMQTT_DATA", data.toString(), "VMQTT_HTTP_PORT", "0", "VMQTT_PORT", "0"),
            command,
            option,
            value));

    assertComplaint(option);
    assertComplaint(bounds);
    assertFalse(Files.exists(data));
  }

  @ParameterizedTest
  @ValueSource(strings = {"standalone", "registry"})
  void namespacesThatCannotBe_oneLineNamesFileAndLine_nothingOnDisk(
      String command, @TempDir Path folder) throws IOException {
    Path data = folder.resolve("data");
    Path file = Files.writeString(folder.resolve("n.yaml"), "a:\n  sessions: none\n");
    assertEquals(
        2,
        run(
            Map.of("VMQTT_DATA", data.toString(), "VMQTT_HTTP_PORT", "0", "VMQTT_PORT", "0"),
            command,
            "--namespaces",
            file.toString()));

    assertComplaint("--namespaces: " + file + ", line 2: namespace 'a', sessions: 'none'");
    assertFalse(Files.exists(data));
  }

  @Test
  void variableOutOfBounds_oneLineNamesItToo() {
    assertEquals(2, run(Map.of("VMQTT_EVENT_LOOPS", "300", "VMQTT_HTTP_PORT", "0"), "gateway"));
    assertComplaint("--event-loops must be 0 to 256, not 300, from VMQTT_EVENT_LOOPS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo --help", "--help foo", "gateway --bogus --help"})
  void helpForWhatIsNotThere_oneLineNamesIt(String line) {
    assertEquals(2, run(NO_VARIABLES, line.split(" ")));
    assertComplaint(line.replaceAll("gateway | ?--help ?", ""));
  }

  /** Whoever asks the operator to mend something must not have settled anything before. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "standalone --port PORT --http-port 0",
        "standalone --port 0 --http-port PORT",
        "store --grpc-port PORT --raft-port 0 --http-port 0",
        "store --grpc-port 0 --raft-port PORT --http-port 0",
        "store --grpc-port 0 --raft-port 0 --http-port PORT",
      })
  void portInUse_folderStaysNew(String line, @TempDir Path data) throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());

      assertEquals(
          1,
          run(
              Map.of("VMQTT_DATA", data.toString(), "VMQTT_ADVERTISE_HOST", "127.0.0.1"),
              line.replace("PORT", port).split(" ")));

      assertComplaint(port);
    }
    assertFalse(Files.exists(data.resolve("node-id")));
    assertFalse(Files.exists(data.resolve("shard-count")));
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
