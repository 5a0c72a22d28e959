package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Options in a file. */
class ConfigFileTest {
  private static final String FILE =
      """
      # for all of them
      failure-detection: 5s
      http-port: 18090
      max-tasks: 2000

      router:
        failure-detection: 7s
      gateway:
        port: 0
        log-connections: true
        max-packet-size: 2M
      store:
      """;

  @TempDir private Path folder;

  @Test
  void properties_keysAtTheTop_areForEveryCommandThatHasThem() throws IOException {
    Map<String, Object> gateway = properties(FILE, Map.of(), "gateway");

    assertEquals("5s", gateway.get("vmqtt.gateway.failure-detection"));
    assertEquals("18090", gateway.get("micronaut.server.port"));
    assertEquals("0", gateway.get("vmqtt.gateway.port"));
    assertEquals("true", gateway.get("vmqtt.gateway.log-connections"));
    assertEquals("2M", gateway.get("vmqtt.gateway.max-packet-size"));
    assertEquals("1M", properties("", Map.of(), "gateway").get("vmqtt.gateway.max-packet-size"));
    assertFalse(gateway.containsKey("vmqtt.router.max-tasks"));
  }

  @Test
  void properties_keysBelowACommand_areForItAloneAndBeatThoseAtTheTop() throws IOException {
    assertEquals("7s", properties(FILE, Map.of(), "router").get("vmqtt.router.failure-detection"));
    Map<String, Object> standalone = properties(FILE, Map.of(), "standalone");
    assertEquals("5s", standalone.get("vmqtt.router.failure-detection"));
    assertEquals("5s", standalone.get("vmqtt.store.failure-detection"));
    assertEquals("1883", standalone.get("vmqtt.gateway.port"));
    assertEquals("2000", standalone.get("vmqtt.router.max-tasks"));
  }

  @Test
  void properties_optionAndVariable_beatTheFile() throws IOException {
    Map<String, String> variables = Map.of("VMQTT_MAX_TASKS", "3000");

    Map<String, Object> router = properties(FILE, variables, "router", "--failure-detection", "9s");

    assertEquals("9s", router.get("vmqtt.router.failure-detection"));
    assertEquals("3000", router.get("vmqtt.router.max-tasks"));
    assertEquals("18090", router.get("micronaut.server.port"));
  }

  @Test
  void properties_fileByItsVariable_isRead() throws IOException {
    Path file = Files.writeString(folder.resolve("vmqtt.yaml"), FILE);
    CommandLine vmqtt = Vmqtt.commandLine(Map.of("VMQTT_CONFIG", file.toString()));
    vmqtt.parseArgs("router");

    assertEquals("7s", command(vmqtt, "router").properties().get("vmqtt.router.failure-detection"));
  }

  @Test
  void properties_logLevel_isTakenFromTheFile() throws IOException {
    try {
      var _ = properties("log-level: warn", Map.of(), "gateway");
      assertEquals("WARN", System.getProperty(CommonOptions.LOG_LEVEL.property()));
    } finally {
      System.clearProperty(CommonOptions.LOG_LEVEL.property());
    }
  }

  @Test
  void properties_emptyFileOrValue_countAsAbsent() throws IOException {
    assertEquals("1883", properties("", Map.of(), "gateway").get("vmqtt.gateway.port"));
    assertEquals("1883", properties("port:", Map.of(), "gateway").get("vmqtt.gateway.port"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prot: 1883              | line 2: prot: no command has such an option",
        "config: other.yaml      | line 2: config: no command has such an option",
        "gateway: {prot: 1883}   | line 2: gateway.prot: gateway has no such option",
        "gateway: {shards: 4}    | line 2: gateway.shards: gateway has no such option",
        "router: {prot: 1883}    | line 2: router.prot: router has no such option",
        "port: [1883, 1884]      | line 2: port: a single value is needed",
        "gateway: 1883           | line 2: gateway must consist of lines like 'http-port: 8090'",
        "just words              | line 2: the file must consist of lines like 'http-port: 8090'",
        "port: {{                | line ",
        "port: 65536             | --port: '65536' is not a port, 0 to 65535, from port in ",
        "gateway: {port: ten}    | --port: 'ten' is not a port, 0 to 65535, from gateway.port in ",
        "event-loops: 300        | --event-loops must be 0 to 256, not 300, from event-loops in ",
        "max-packet-size: 4T     | '4T' is not a size such as 4096, 64k or 1M",
      })
  void run_whatCannotBe_oneLineNamesFileAndKey(String text, String complaint) throws IOException {
    Path file = Files.writeString(folder.resolve("vmqtt.yaml"), "# a comment\n" + text);

    String line = complaintOf("gateway", "--config", file.toString());

    assertTrue(line.contains(complaint), line);
    assertTrue(line.contains(file + ", line "), line);
  }

  @Test
  void run_keyTwice_isSaid() throws IOException {
    Path file = Files.writeString(folder.resolve("vmqtt.yaml"), "port: 1\nport: 2\n");

    String line = complaintOf("gateway", "--config", file.toString());
    assertTrue(line.contains(file + ", line 2: port is there twice"), line);
  }

  /** Found by the role itself: one value is right or wrong beside another. */
  @Test
  void run_valuesThatCannotBeTogether_oneLineNamesFileAndKey() throws IOException {
    Path file =
        Files.writeString(folder.resolve("vmqtt.yaml"), "http-port: 0\nelection-timeout-min: 2s\n");

    String line =
        complaintOf(
            "store", "--config", file.toString(), "--data", folder.resolve("data").toString());
    assertTrue(
        line.contains(
            "--election-timeout-min must be less than --election-timeout-max, 1000ms, from"
                + " election-timeout-min in "
                + file
                + ", line 2"),
        line);
    assertFalse(Files.exists(folder.resolve("data")));
  }

  @Test
  void run_listenerThatCannotBe_oneLineNamesFileAndKey() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("vmqtt.yaml"), "http-port: 0\nport: 0\nlisteners: plant\n");

    String line = complaintOf("gateway", "--config", file.toString());
    assertTrue(
        line.contains(
            "--listeners: 'plant' is not NAME=HOST:PORT, from listeners in " + file + ", line 3"),
        line);
  }

  @Test
  void run_noSuchFile_isSaid() {
    String line = complaintOf("gateway", "--config", folder.resolve("none.yaml").toString());
    assertTrue(line.contains("none.yaml cannot be read"), line);
  }

  private static String complaintOf(String... args) {
    StringWriter err = new StringWriter();
    CommandLine vmqtt = Vmqtt.commandLine(Map.of());
    vmqtt.setErr(new PrintWriter(err, true));

    assertEquals(2, vmqtt.execute(args));

    assertEquals(1, err.toString().lines().count(), err::toString);
    return err.toString();
  }

  private Map<String, Object> properties(
      String text, Map<String, String> variables, String command, String... args)
      throws IOException {
    Path file = Files.writeString(folder.resolve("vmqtt.yaml"), text);
    CommandLine vmqtt = Vmqtt.commandLine(new HashMap<>(variables));
    vmqtt.parseArgs(
        Stream.concat(Stream.of(command, "--config", file.toString()), Stream.of(args))
            .toArray(String[]::new));
    return command(vmqtt, command).properties();
  }

  private static RoleCommand command(CommandLine vmqtt, String name) {
    return Objects.requireNonNull(vmqtt.getSubcommands().get(name)).getCommand();
  }
}
