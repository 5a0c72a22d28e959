package io.vmqtt.gateway.quota;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * So many messages in a second, and after a pause as many at once. Safe from any thread.
 *
 * <p>A bucket of tokens, kept as one number: the time up to which the tokens of a steady stream are
 * spent. So all event loops share it without a lock, which that of Guava takes.
 */
final class RateLimit {
  private static final long SECOND_NANOS = 1_000_000_000;

  private final LongSupplier nanoClock;
  private final long perSecond;
  private final long intervalNanos;
  private final long burstNanos;
  private final AtomicLong spentUntilNanos;

  /** With a second's tokens to begin with. */
  RateLimit(long perSecond, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.perSecond = perSecond;
    this.intervalNanos = Math.ceilDiv(SECOND_NANOS, perSecond);
    this.burstNanos = Math.max(SECOND_NANOS, intervalNanos * perSecond);
    this.spentUntilNanos = new AtomicLong(nanoClock.getAsLong() - burstNanos);
  }

  long perSecond() {
    return perSecond;
  }

  /** Takes a token; false: there is none. */
  boolean take() {
    long now = nanoClock.getAsLong();
    while (true) {
      long before = spentUntilNanos.get();
      long from = unspentSince(before, now);
      if (now - from < intervalNanos) {
        return false;
      }
      if (spentUntilNanos.compareAndSet(before, from + intervalNanos)) {
        return true;
      }
    }
  }

  /** Whether there is a token at the moment. */
  boolean isOpen() {
    long now = nanoClock.getAsLong();
    return now - unspentSince(spentUntilNanos.get(), now) >= intervalNanos;
  }

  private long unspentSince(long spentUntil, long now) {
    return now - spentUntil > burstNanos ? now - burstNanos : spentUntil;
  }
}
