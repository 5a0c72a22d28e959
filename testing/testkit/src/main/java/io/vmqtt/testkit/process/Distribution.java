package io.vmqtt.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The packaged broker, started as users start it: by the launcher at the top of the repository. */
final class Distribution {
  private static final String LAUNCHER = "vmqtt";
  private static final String LIBRARIES = "deploy/standalone/target/vmqtt/lib";

  /**
   * Many brokers share a machine with their test: small heaps, one thread to collect garbage, and
   * no optimising compiler, which would still be at work when the test ends.
   */
  private static final String JVM_OPTIONS =
      "-Xmx384m -XX:MetaspaceSize=96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  private Distribution() {}

  /** The command that starts the broker with these arguments. */
  static List<String> command(List<String> arguments) {
    Path home = repository();
    if (isEmpty(home.resolve(LIBRARIES))) {
      throw new IllegalStateException(
          "no broker in " + home.resolve(LIBRARIES) + ": run ./mvnw package first");
    }
    List<String> command = new ArrayList<>();
    command.add(home.resolve(LAUNCHER).toString());
    command.addAll(arguments);
    return command;
  }

  /** Variables for the command. */
  static Map<String, String> environment() {
    return Map.of("VMQTT_JAVA_OPTS", JVM_OPTIONS);
  }

  private static boolean isEmpty(Path folder) {
    if (!Files.isDirectory(folder)) {
      return true;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path repository() {
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("mvnw"))) {
        return folder;
      }
    }
    throw new IllegalStateException("no mvnw in " + start + " or above it");
  }
}
