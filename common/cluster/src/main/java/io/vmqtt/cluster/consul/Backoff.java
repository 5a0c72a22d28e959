package io.vmqtt.cluster.consul;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubling from attempt to attempt, with jitter, so that
 * the processes of a cluster do not all come back to Consul at the same instant. Not thread-safe.
 */
public final class Backoff {
  private static final long FIRST_MILLIS = 200;
  private static final long LONGEST_MILLIS = 3_000;

  private final RandomGenerator random;
  private long ceilingMillis = FIRST_MILLIS;

  public Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The next pause: between half and the whole of a ceiling that doubles up to 3 s. */
  public Duration next() {
    long millis = random.nextLong(ceilingMillis / 2, ceilingMillis + 1);
    ceilingMillis = Math.min(LONGEST_MILLIS, ceilingMillis * 2);
    return Duration.ofMillis(millis);
  }

  /** To be called after success: the next failure starts over with a short pause. */
  public void reset() {
    ceilingMillis = FIRST_MILLIS;
  }
}
