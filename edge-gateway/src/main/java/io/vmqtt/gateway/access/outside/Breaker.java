package io.vmqtt.gateway.access.outside;

/**
 * Spares clients the wait for somebody who does not answer. After {@value #MOST_FAILURES} failures
 * in a row it is open: nothing is asked for {@value #OPEN_SECONDS} seconds. Then it is half open:
 * one question is asked, and if that is answered, all are; if not, or if it has no end, there is
 * one more in as many seconds. From any thread.
 */
final class Breaker {
  static final int MOST_FAILURES = 5;
  static final long OPEN_SECONDS = 5;
  private static final long OPEN_NANOS = OPEN_SECONDS * 1_000_000_000;

  private int failures;
  private long openUntilNanos;

  /** Whether a question may be asked now. Whoever is told so has to say what came of it. */
  synchronized boolean lets(long nowNanos) {
    if (failures < MOST_FAILURES) {
      return true;
    }
    if (nowNanos - openUntilNanos < 0) {
      return false;
    }
    openUntilNanos = nowNanos + OPEN_NANOS;
    return true;
  }

  /** A question was answered; true: after it had been open. */
  synchronized boolean answered() {
    boolean wasOpen = failures >= MOST_FAILURES;
    failures = 0;
    return wasOpen;
  }

  /** A question was not; true: with this one it opens. */
  synchronized boolean failed(long nowNanos) {
    openUntilNanos = nowNanos + OPEN_NANOS;
    failures++;
    return failures == MOST_FAILURES;
  }
}
