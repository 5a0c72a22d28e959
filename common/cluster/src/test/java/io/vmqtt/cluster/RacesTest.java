package io.vmqtt.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Has jcstress bring two threads together, a hundred thousand times and more each, at what lies
 * between threads here: the classes named {@code Races}. Takes half a minute, and more with {@code
 * -Praces}.
 */
class RacesTest {
  private static final int TIMES = Integer.getInteger("vmqtt.races.times", 1);
  private static final long MOST_SECONDS = 120L * TIMES + 60;
  private static final Path FOLDER = Path.of("target", "races");

  @Test
  void races_anyInterleaving_allOutcomesAreAcceptable() throws Exception {
    Path printed = Files.createDirectories(FOLDER).resolve("printed.txt");
    Process races =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-f",
                Integer.toString(TIMES),
                "-iters",
                "1",
                "-time",
                "400",
                "-sc",
                "false",
                "-jvmArgs",
                "-Xmx256m",
                "-r",
                ".")
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    try {
      assertTrue(races.waitFor(MOST_SECONDS, TimeUnit.SECONDS), () -> see(printed));
    } finally {
      races.destroyForcibly();
    }
    assertEquals(0, races.exitValue(), () -> see(printed));
    assertTrue(Files.readString(printed).contains(" matching test results"), () -> see(printed));
  }

  private static String see(Path printed) {
    return "see " + printed.toAbsolutePath();
  }
}
