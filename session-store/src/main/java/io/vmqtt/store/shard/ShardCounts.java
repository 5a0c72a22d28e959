package io.vmqtt.store.shard;

import io.vmqtt.store.leading.LeadingCounts;
import io.vmqtt.store.session.Change;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** What the shards of a process count together; read by any thread. */
public final class ShardCounts {
  private final LeadingCounts leading = new LeadingCounts();
  final LongAdder entries = new LongAdder();
  final LongAdder commands = new LongAdder();
  final LongAdder queued = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder failedEntries = new LongAdder();
  final LongAdder reopened = new LongAdder();
  private volatile LongConsumer commitNanos = _ -> {};

  /** What their leaders count. */
  public LeadingCounts leading() {
    return leading;
  }

  /** Log entries applied. */
  public double entries() {
    return entries.doubleValue();
  }

  /** Commands applied. */
  public double commands() {
    return commands.doubleValue();
  }

  /** Messages put into queues. */
  public double queued() {
    return queued.doubleValue();
  }

  /** Messages that sessions lost because their queues were full. */
  public double dropped() {
    return dropped.doubleValue();
  }

  /** Log entries that were not committed, as far as this process knows. */
  public double failedEntries() {
    return failedEntries.doubleValue();
  }

  /** A shard that could not go on is opened again. */
  public void countReopened() {
    reopened.increment();
  }

  /** How often a shard that could not go on was opened again, or was to be. */
  public double reopened() {
    return reopened.doubleValue();
  }

  /**
   * Has {@code recorder} hear of each entry of shards led here how long it took, in nanoseconds.
   */
  public void recordCommits(LongConsumer recorder) {
    commitNanos = recorder;
  }

  void committed(long nanos) {
    commitNanos.accept(nanos);
  }

  void count(Change change) {
    if (change instanceof Change.Queued) {
      queued.increment();
    } else if (change instanceof Change.Dropped) {
      dropped.increment();
    }
  }
}
