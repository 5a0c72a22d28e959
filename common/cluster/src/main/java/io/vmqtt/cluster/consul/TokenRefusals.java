package io.vmqtt.cluster.consul;

import java.time.Duration;

/**
 * Whether Consul refuses the token of this process. A token may be good for some questions and not
 * for others, so it ends with an answer after a while without a refusal: as long as one is refused
 * it is asked again more often than that. Safe from any thread.
 */
final class TokenRefusals {
  static final Duration QUIET = Duration.ofMinutes(1);

  private boolean refuses;
  private long lastNanos;

  /** A question was refused: whether that begins now. */
  synchronized boolean refused(long nowNanos) {
    boolean begins = !refuses;
    refuses = true;
    lastNanos = nowNanos;
    return begins;
  }

  /** A question was answered: whether no more is refused from now on. */
  synchronized boolean answered(long nowNanos) {
    boolean ends = refuses && nowNanos - lastNanos >= QUIET.toNanos();
    if (ends) {
      refuses = false;
    }
    return ends;
  }
}
