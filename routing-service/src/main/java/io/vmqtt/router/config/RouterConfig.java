package io.vmqtt.router.config;

import io.vmqtt.cluster.process.Bounds;
import java.time.Duration;

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

  /** Sensible values. */
  public static final RouterConfig DEFAULT =
      new RouterConfig(
          Duration.ofSeconds(3), halfOf(quarterOfTheHeap()), quarterOfTheHeap(), 1 << 16);

  public RouterConfig {
    Bounds.within(
        "vmqtt.router.failure-detection",
        failureDetection,
        Duration.ofMillis(100),
        Duration.ofHours(1));
    Bounds.atLeast("vmqtt.router.max-undelivered-bytes", maxUndeliveredBytes, 1 << 20);
    Bounds.atLeast("vmqtt.router.undelivered-memory", undeliveredMemoryBytes, 1 << 20);
    Bounds.atLeast("vmqtt.router.max-tasks", maxTasks, 1024);
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
