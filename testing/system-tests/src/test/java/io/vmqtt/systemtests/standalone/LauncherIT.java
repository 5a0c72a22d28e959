package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.machine.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a clone whose sources are older, or newer, than what was built of them. */
class LauncherIT {
  private static final Path REPOSITORY = Path.of("..", "..").toAbsolutePath().normalize();
  private static final String LIBRARIES = "deploy/standalone/target/vmqtt/lib";
  private static final String SOURCE = "edge-gateway/src/main/java/Source.java";

  @TempDir private Path clone;

  @BeforeEach
  void layOut() throws IOException {
    for (String file : List.of("vmqtt", ".mvn/jdk.sh")) {
      Files.createDirectories(clone.resolve(file).getParent());
      Files.copy(REPOSITORY.resolve(file), clone.resolve(file));
    }
    Path libraries = Files.createDirectories(clone.resolve(LIBRARIES));
    try (Stream<Path> built = Files.list(REPOSITORY.resolve(LIBRARIES))) {
      for (Path jar : built.toList()) {
        Files.createSymbolicLink(libraries.resolve(jar.getFileName()), jar);
      }
    }
    Files.createDirectories(clone.resolve(SOURCE).getParent());
    Files.createFile(clone.resolve(SOURCE));
  }

  private String said(Instant sourceChanged) throws Exception {
    Files.setLastModifiedTime(clone.resolve(SOURCE), FileTime.from(sourceChanged));
    Path errors = clone.resolve("errors");
    Process launcher =
        new ProcessBuilder(clone.resolve("vmqtt").toString(), "--version")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start();
    assertEquals(0, Command.awaitEnd(launcher));
    return Files.readString(errors);
  }

  @Test
  void start_sourceIsNewerThanWhatWasBuilt_saysSoAndRunsWhatWas() throws Exception {
    String said = said(Instant.now().plus(Duration.ofMinutes(1)));
    assertTrue(said.contains(SOURCE + " is newer than what was built"), said);
  }

  @Test
  void start_nothingIsNewer_saysNothing() throws Exception {
    assertEquals("", said(Instant.now().minus(Duration.ofMinutes(1))));
  }
}
