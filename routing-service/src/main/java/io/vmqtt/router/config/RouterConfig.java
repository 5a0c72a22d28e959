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
 * @param maxTasks how many batches and events may wait for the router's thread
 */
public record RouterConfig(Duration failureDetection, long maxUndeliveredBytes, int maxTasks) {
  /** Sensible values. */
  public static final RouterConfig DEFAULT =
      new RouterConfig(Duration.ofSeconds(3), 256L << 20, 1 << 16);

  public RouterConfig {
    Bounds.within(
        "vmqtt.router.failure-detection",
        failureDetection,
        Duration.ofMillis(100),
        Duration.ofHours(1));
    Bounds.atLeast("vmqtt.router.max-undelivered-bytes", maxUndeliveredBytes, 1 << 20);
    Bounds.atLeast("vmqtt.router.max-tasks", maxTasks, 1024);
  }
}
