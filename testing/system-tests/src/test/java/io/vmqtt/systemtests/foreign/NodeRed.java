package io.vmqtt.systemtests.foreign;

import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Node-RED with a flow, as a process of its own. */
final class NodeRed implements AutoCloseable {
  private static final String FLOW = "flow.json";
  private static final String LOG = "node-red.log";
  private static final @Nullable String MODULES = System.getenv("VMQTT_NODE_MODULES");

  private final Process process;
  private final Path folder;

  /**
   * Starts it; the calling test is skipped where it is not there.
   *
   * @param flow as somebody would import it, with a broker at port 1883 of this machine
   */
  NodeRed(Path flow, Address broker) throws IOException {
    Assumptions.assumeTrue(
        MODULES != null && Files.isDirectory(Path.of(MODULES, "node-red")),
        "the variable VMQTT_NODE_MODULES names no folder with node-red");
    folder = Files.createTempDirectory("node-red");
    String text = Files.readString(flow);
    String there = text.replace("\"port\": \"1883\"", "\"port\": \"%d\"".formatted(broker.port()));
    if (there.equals(text)) {
      throw new AssertionError(flow + " names no broker at port 1883");
    }
    Files.writeString(folder.resolve(FLOW), there);
    Files.writeString(
        folder.resolve("settings.js"),
        "module.exports = { uiHost: '127.0.0.1', uiPort: %d, disableEditor: true };\n"
            .formatted(FreePorts.next()));
    process =
        new ProcessBuilder(
                "node",
                Path.of(String.valueOf(MODULES), "node-red", "red.js").toString(),
                "--userDir",
                folder.toString(),
                FLOW)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(LOG).toFile())
            .start();
  }

  /** What it has said, for a complaint. */
  String log() {
    try {
      return Files.readString(folder.resolve(LOG));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it in order, as an operator does. */
  void stop() {
    process.destroy();
    Command.awaitEnd(process);
  }

  @Override
  public void close() throws IOException {
    Command.awaitEnd(process.destroyForcibly());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
