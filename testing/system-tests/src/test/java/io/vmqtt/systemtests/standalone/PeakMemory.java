package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The most that a process takes of the machine's memory from now on, whatever for: the heap, what
 * lies beside it, and what native libraries have. As Linux has it.
 */
final class PeakMemory {
  /** What has the kernel begin to measure anew. */
  private static final String RESET_PEAK = "5";

  private static final String PEAK = "VmHWM:";

  /**
   * What a broker with {@code -Xmx256m} takes at the most: a heap of 256 MiB, what waits for
   * clients beside it, and the JVM itself with its code and threads.
   */
  private static final long MOST_OF_A_SMALL_BROKER = 560L << 20;

  private final Path process;

  PeakMemory(long pid) throws IOException {
    process = Path.of("/proc", Long.toString(pid));
    Files.writeString(process.resolve("clear_refs"), RESET_PEAK);
  }

  /** In bytes. */
  private long peak() throws IOException {
    return Files.readAllLines(process.resolve("status")).stream()
            .filter(line -> line.startsWith(PEAK))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        << 10;
  }

  /** Whoever came meanwhile has not made it take more than it may. */
  void assertBounded() throws IOException {
    long peak = peak();
    System.out.println("the broker took " + (peak >> 20) + " MiB at the most");
    assertTrue(peak < MOST_OF_A_SMALL_BROKER, () -> "it took " + (peak >> 20) + " MiB");
  }
}
