package io.vmqtt.router.config;

import io.vmqtt.cluster.option.OptionValues;
import java.time.Duration;
import java.util.Map;

/**
 * What can be set for a router.
 *
 * @param failureDetection a gateway whose link is down for so long is taken for dead: its transient
 *     sessions' routes go, and nobody waits for it any more
 * @param maxUndeliveredBytes how much may wait for one destination; further publishes to it are
 *     refused with "quota exceeded"
 * @param undeliveredMemoryBytes the same for all destinations together; a publish counts once
 * @param maxTasks how many batches and events may wait for the router's thread
 */
public record RouterConfig(
    Duration failureDetection,
    long maxUndeliveredBytes,
    long undeliveredMemoryBytes,
    int maxTasks) {
  private static final long MOST_UNDELIVERED_BYTES = 256 << 20;

  /** What holds where nothing is set. */
  public static final RouterConfig DEFAULT = RouterOptions.config(OptionValues.of(Map.of()));

  public RouterConfig {
    RouterOptions.FAILURE_DETECTION.require(failureDetection);
    RouterOptions.MAX_UNDELIVERED_BYTES.require(maxUndeliveredBytes);
    RouterOptions.UNDELIVERED_MEMORY.require(undeliveredMemoryBytes);
    RouterOptions.MAX_TASKS.require(maxTasks);
  }

  /** What may wait in a router of which nobody said more. */
  static long quarterOfTheHeap() {
    return Runtime.getRuntime().maxMemory() / 4;
  }

  /** Half of it, so that one destination that takes nothing leaves room for others. */
  static long halfOf(long undeliveredMemoryBytes) {
    return Math.clamp(undeliveredMemoryBytes / 2, 1 << 20, MOST_UNDELIVERED_BYTES);
  }
}
