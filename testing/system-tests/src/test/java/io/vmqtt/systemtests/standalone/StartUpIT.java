package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.process.ServerProcess;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who starts the broker wrongly is told so in one line. */
class StartUpIT {
  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();

  @TempDir private Path folder;

  /** Runs the launcher to its end, which must be a failure, and gives the only line it says. */
  private String complaintOf(List<String> arguments) throws IOException {
    return complaintOf(List.of(), arguments);
  }

  private String complaintOf(List<String> launcher, List<String> arguments) throws IOException {
    Path log = folder.resolve("log");
    Files.createFile(log);
    ServerProcess process = ServerProcess.start("vmqtt", launcher, arguments, log);
    assertNotEquals(0, process.awaitExit(ServerProcess.START_PATIENCE));
    List<String> lines = process.output();
    assertEquals(1, lines.size(), () -> "said " + lines);
    return lines.getFirst();
  }

  private List<String> standalone(Object... more) {
    List<String> arguments = new ArrayList<>(List.of("standalone"));
    for (Object one : more) {
      arguments.add(one.toString());
    }
    return arguments;
  }

  private static void assertNames(String thing, String line) {
    assertTrue(line.contains(thing), () -> "'" + line + "' does not name " + thing);
  }

  @ParameterizedTest
  @ValueSource(strings = {"standalone", "gateway", "router", "store", "registry"})
  void start_unknownOption_isNamed(String command) throws IOException {
    assertNames("--prot", complaintOf(List.of(command, "--prot", "1883")));
  }

  @Test
  void start_unknownCommand_isNamed() throws IOException {
    assertNames("standalon", complaintOf(List.of("standalon")));
  }

  @ParameterizedTest
  @CsvSource({"--port, eighty", "--port, 70000", "--http-port, -1", "--port, ''"})
  void start_wrongPort_isNamed(String option, String value) throws IOException {
    assertNames(option, complaintOf(standalone("--data", folder.resolve("data"), option, value)));
  }

  @Test
  void start_portInUse_isNamed() throws IOException {
    broker.process();
    int port = broker.mqtt().port();
    assertNames(
        String.valueOf(port),
        complaintOf(
            standalone(
                "--port",
                port,
                "--http-port",
                FreePorts.next(),
                "--data",
                folder.resolve("data"))));
  }

  @Test
  void start_httpPortInUse_isNamed() throws IOException {
    broker.process();
    int port = broker.http().port();
    assertNames(
        String.valueOf(port),
        complaintOf(
            standalone(
                "--port",
                FreePorts.next(),
                "--http-port",
                port,
                "--data",
                folder.resolve("data"))));
  }

  @Test
  void start_dataFolderOfARunningBroker_isNamed() throws IOException {
    Path data = broker.data();
    assertNames(
        data.toString(),
        complaintOf(
            standalone(
                "--port", FreePorts.next(), "--http-port", FreePorts.next(), "--data", data)));
  }

  @Test
  void start_dataFolderThatIsAFile_isNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    assertNames(
        file.toString(),
        complaintOf(
            standalone(
                "--port", FreePorts.next(), "--http-port", FreePorts.next(), "--data", file)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"standalone", "gateway", "router", "store", "registry"})
  void help_ofEachCommand_namesItsOptions(String command) throws IOException {
    Path log = folder.resolve("log");
    ServerProcess process = ServerProcess.start("vmqtt", List.of(command, "--help"), log);
    assertEquals(0, process.awaitExit(ServerProcess.START_PATIENCE));
    String help = String.join("\n", process.output());
    assertNames("--http-port", help);
    assertNames("VMQTT_HTTP_PORT", help);
  }

  @Test
  void start_quicWithoutItsLibrary_isNamed() throws IOException {
    Signed server = new TestAuthority("authority").sign("broker");
    String listener =
        "plant=127.0.0.1:%d transport=quic certificate=%s key=%s"
            .formatted(
                FreePorts.next(),
                server.certificateTo(folder.resolve("certificate.pem")),
                server.keyTo(folder.resolve("key.pem")));
    String complaint =
        complaintOf(
            List.of("env", "VMQTT_JAVA_OPTS=-Dvmqtt.quic=none"),
            standalone(
                "--port",
                FreePorts.next(),
                "--http-port",
                FreePorts.next(),
                "--data",
                folder.resolve("data"),
                "--listeners",
                listener));
    assertNames("listener plant: transport=quic needs the native library", complaint);
  }
}
