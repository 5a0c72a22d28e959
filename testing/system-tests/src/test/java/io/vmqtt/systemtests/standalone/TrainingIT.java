package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What {@code vmqtt train} makes, and what the launcher does with it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TrainingIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir static Path folder;

  private static Path cache() {
    return folder.resolve("made/here.aot");
  }

  /** All that a command has printed. */
  private static List<String> run(String javaOptions, String... arguments) throws IOException {
    Path log = Files.createTempFile(folder, "run", ".log");
    ServerProcess process =
        ServerProcess.start(
            "vmqtt",
            List.of("env", "VMQTT_AOT_CACHE=" + cache(), "VMQTT_JAVA_OPTS=" + javaOptions),
            List.of(arguments),
            log);
    assertEquals(0, process.awaitExit(PATIENCE), process::describe);
    return process.output();
  }

  private static boolean isFromCache(List<String> output) {
    return output.stream()
        .anyMatch(line -> line.contains("io.vmqtt.standalone.Vmqtt source: shared objects file"));
  }

  @Test
  @Order(1)
  void train_withoutAFile_makesItAndLeavesNothingElse() throws IOException {
    List<String> said = run("-Xmx256m", "train", "--seconds", "4");

    assertTrue(
        said.getLast().matches(".*here.aot: [1-9]\\d* MB, after [1-9]\\d{2,} messages"),
        said::toString);
    try (Stream<Path> left = Files.list(cache().getParent())) {
      assertEquals(List.of(cache()), left.toList());
    }
  }

  @Test
  @Order(2)
  void start_withTheFile_takesClassesFromIt() throws IOException {
    assertTrue(isFromCache(run("-Xlog:class+load", "--version")));
    // Other collectors and heaps.
    assertTrue(isFromCache(run("-Xlog:class+load -XX:+UseSerialGC -Xmx64m", "--version")));
  }

  @Test
  @Order(3)
  void start_optionsThatTheFileIsNotFor_saysNothingOfIt() throws IOException {
    List<String> said = run("-XX:-UseCompactObjectHeaders", "--version");
    assertEquals(1, said.size(), said::toString);
  }

  @Test
  @Order(4)
  void start_fileIsDamaged_startsWithoutIt() throws IOException {
    byte[] made = Files.readAllBytes(cache());
    Files.write(cache(), new byte[64], StandardOpenOption.WRITE);

    List<String> said = run("-Xmx64m", "--version");

    assertEquals(1, said.size(), said::toString);
    assertTrue(said.getFirst().startsWith("vmqtt "), said::toString);
    Files.write(cache(), made);
    assertTrue(isFromCache(run("-Xlog:class+load", "--version")));
  }
}
