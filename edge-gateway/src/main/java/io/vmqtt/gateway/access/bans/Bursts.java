package io.vmqtt.gateway.access.bans;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * How often each of many has done something of late: so often at once, and as often again in each
 * window of time, is usual. Of more than {@link #MOST_REMEMBERED} the one that was quiet the
 * longest is forgotten. Safe from any thread.
 *
 * <p>Each is one number, as in a token bucket: when all that it has done will be forgotten.
 */
public final class Bursts<K> {
  static final int MOST_REMEMBERED = 10_000;

  private final int usual;
  private final long nanosForEach;
  private final LongSupplier nanoClock;

  // Guarded by itself.
  private final Map<K, Long> forgottenAtNanos = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Nobody has done anything.
   *
   * @param usual 1 or more
   */
  public Bursts(int usual, Duration window, LongSupplier nanoClock) {
    this.usual = usual;
    this.nanosForEach = Math.max(1, window.toNanos() / usual);
    this.nanoClock = nanoClock;
  }

  /**
   * Somebody does it once more; what is too often is not counted.
   *
   * @return the how manieth time it is, those that are forgotten by now left out; more than usual:
   *     it is too often
   */
  public int count(K who) {
    long now = nanoClock.getAsLong();
    synchronized (forgottenAtNanos) {
      Long before = forgottenAtNanos.get(who);
      long left = before == null ? 0 : Math.max(0, before - now);
      long times = Math.ceilDiv(left, nanosForEach) + 1;
      if (times <= usual) {
        forgottenAtNanos.put(who, now + left + nanosForEach);
        if (forgottenAtNanos.size() > MOST_REMEMBERED) {
          forgottenAtNanos.remove(forgottenAtNanos.keySet().iterator().next());
        }
      }
      return (int) Math.min(times, usual + 1L);
    }
  }

  /** The same as a question: whether it is too often. */
  public boolean isTooOften(K who) {
    return count(who) > usual;
  }

  /** It begins anew. */
  void forget(K who) {
    synchronized (forgottenAtNanos) {
      forgottenAtNanos.remove(who);
    }
  }

  /** The same for some of them, without having others wait while it is found out for which. */
  void forgetAll(Predicate<K> whose) {
    List<K> remembered;
    synchronized (forgottenAtNanos) {
      remembered = List.copyOf(forgottenAtNanos.keySet());
    }
    remembered.stream().filter(whose).forEach(this::forget);
  }
}
