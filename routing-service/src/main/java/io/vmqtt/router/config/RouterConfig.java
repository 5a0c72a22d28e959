package io.vmqtt.router.config;

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
    if (failureDetection.toMillis() < 100) {
      throw new IllegalArgumentException(
          "vmqtt.router.failure-detection must be at least 100 ms, not " + failureDetection);
    }
    if (maxUndeliveredBytes < 1 << 20) {
      throw new IllegalArgumentException(
          "vmqtt.router.max-undelivered-bytes must be at least 1 MiB, not " + maxUndeliveredBytes);
    }
    if (maxTasks < 1024) {
      throw new IllegalArgumentException(
          "vmqtt.router.max-tasks must be at least 1024, not " + maxTasks);
    }
  }
}
