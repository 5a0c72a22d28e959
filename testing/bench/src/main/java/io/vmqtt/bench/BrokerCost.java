package io.vmqtt.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * What the process of a broker, {@code pid}, pays for a load: by the clock of its processors, after
 * {@code warmup} seconds, for {@code seconds}.
 */
final class BrokerCost {
  private static final double TICKS_PER_SECOND = 100;

  private final LoadOptions options;

  BrokerCost(LoadOptions options) {
    this.options = options;
  }

  /**
   * Waits, and prints microseconds of it for each that was done meanwhile, and how many there were in
   * a second.
   *
   * @param one what is done, such as {@code message}
   * @param done how many there were so far
   */
  void print(String one, LongSupplier done) throws InterruptedException {
    Thread.sleep(options.number("warmup", 3) * 1000L);
    long before = done.getAsLong();
    double used = usedSeconds();
    long began = System.nanoTime();
    Thread.sleep(options.number("seconds", 5) * 1000L);
    double seconds = (System.nanoTime() - began) / 1e9;
    double broker = usedSeconds() - used;
    long count = done.getAsLong() - before;
    System.out.printf(
        "us_per_%s=%.2f %ss_per_s=%.0f%n", one, broker * 1e6 / count, one, count / seconds);
  }

  /** Of its processors, so far. */
  private double usedSeconds() {
    String[] fields = procFile("stat").replaceFirst("^.*\\) ", "").split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** A file about it below /proc. */
  String procFile(String name) {
    String pid = options.text("pid", "");
    try {
      return Files.readString(Path.of("/proc", pid, name));
    } catch (IOException e) {
      throw new UncheckedIOException("pid=\"" + pid + "\" is no process that can be read", e);
    }
  }
}
