package io.vmqtt.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.store.host.FolderCheck;
import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.Findings;
import io.vmqtt.store.storage.Mend;
import io.vmqtt.testkit.machine.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A store in a process of its own whose deeds on its disk are recorded, and what is left of it. */
final class RecordedLife {
  private RecordedLife() {}

  /**
   * Waits until it has ended by itself.
   *
   * @param store its main class
   * @param arguments what that is told
   * @param environment of the disk that records it
   * @param log where it prints
   */
  static void live(
      Class<?> store, List<String> arguments, Map<String, String> environment, Path log)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), store.getName()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertEquals(0, Command.awaitEnd(process), () -> said(log));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String said(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** What is damaged after a power failure before, and when all is mended. */
  static List<Damage> damages(Path found) throws IOException {
    powerHasFailed(found);
    Findings findings = FolderCheck.ofEverything(found);
    if (!findings.damages().isEmpty()) {
      return findings.damages();
    }
    for (Mend mend : findings.mends()) {
      mend.make();
    }
    Findings mended = FolderCheck.ofEverything(found);
    assertEquals(List.of(), mended.mends());
    return mended.damages();
  }

  /** As if the machine had been started since. */
  static void powerHasFailed(Path folder) throws IOException {
    Files.writeString(folder.resolve("boot-id"), "another\n");
  }
}
