package io.vmqtt.store.log;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * How long a start of this store would take, after a crash, to apply what the tables of its shards
 * do not have on the disk: as long as it took to apply it, times what a JVM is slower that has
 * compiled nothing yet. Entries and bytes alone do not tell: an entry can be a thousand
 * acknowledgements, or one message. May be used by any thread.
 */
public final class ReplayDebt {
  /** As measured, and a little more. */
  private static final int SLOWER_WHEN_NEW = 4;

  private final long mostNanos;
  private final Map<Integer, LongSupplier> owed = new ConcurrentHashMap<>();

  /**
   * @param most as long as a start may take for that
   */
  public ReplayDebt(Duration most) {
    this.mostNanos = most.toNanos();
  }

  /**
   * A shard is open, or is opened again.
   *
   * @param nanos how long it has been applying what its tables do not have on the disk
   */
  public void follow(int shard, LongSupplier nanos) {
    owed.put(shard, nanos);
  }

  /** A shard is gone. */
  public void forget(int shard) {
    owed.remove(shard);
  }

  /** How long it would take now. */
  public long nanos() {
    return SLOWER_WHEN_NEW * owed.values().stream().mapToLong(LongSupplier::getAsLong).sum();
  }

  /** Whether it would take too long: tables are to be flushed. */
  public boolean isTooMuch() {
    return nanos() >= mostNanos;
  }

  /** Whether it would, and this shard's tables are among those that have to do with it. */
  public boolean isTooMuchFor(int shard) {
    LongSupplier own = owed.get(shard);
    long all = nanos();
    return own != null
        && all >= mostNanos
        && SLOWER_WHEN_NEW * own.getAsLong() * owed.size() >= all;
  }
}
