package io.vmqtt.cluster.link;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Whether the other side of a stream lives, as far as this side can know. What comes in proves
 * little: it may have waited in a buffer while this process slept. So each side says when it sent
 * each batch, by its own clock, and gets that time back from the other: what the other side knows
 * of this one is no older than that. Safe for use by any thread.
 */
final class Pulse {
  private final long openedNanos;
  private final long limitNanos;
  private volatile long confirmedMillis;
  private volatile long heardMillis;

  /**
   * A stream that is opened now.
   *
   * @param limit how old the latest sign of life may be
   */
  Pulse(long openedNanos, Duration limit) {
    this.openedNanos = openedNanos;
    this.limitNanos = limit.toNanos();
  }

  /** What a batch that leaves now says of the time. */
  long clockMillis(long nowNanos) {
    return TimeUnit.NANOSECONDS.toMillis(nowNanos - openedNanos);
  }

  /** What a batch that leaves says of the other side's clock. */
  long heardMillis() {
    return heardMillis;
  }

  /** A batch came in; they come one after the other. */
  void heard(Envelope envelope) {
    heardMillis = Math.max(heardMillis, envelope.sentAtMillis());
    confirmedMillis = Math.max(confirmedMillis, envelope.heardMillis());
  }

  /**
   * Whether the other side has heard nothing, that this side knows of, for longer than the limit.
   */
  boolean hasLapsed(long nowNanos) {
    return nowNanos - openedNanos - TimeUnit.MILLISECONDS.toNanos(confirmedMillis) > limitNanos;
  }
}
