package io.vmqtt.store.shard;

import io.vmqtt.store.delivery.DeliveryCounts;
import io.vmqtt.store.session.Change;
import java.util.concurrent.atomic.LongAdder;

/** What the shards of a process count together; read by any thread. */
public final class ShardCounts {
  private final DeliveryCounts deliveries = new DeliveryCounts();
  final LongAdder entries = new LongAdder();
  final LongAdder commands = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder queued = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder willsDropped = new LongAdder();
  final LongAdder failedEntries = new LongAdder();
  final LongAdder reopened = new LongAdder();

  public DeliveryCounts deliveries() {
    return deliveries;
  }

  /** Log entries applied. */
  public double entries() {
    return entries.doubleValue();
  }

  /** Commands applied. */
  public double commands() {
    return commands.doubleValue();
  }

  /** Publishes that were refused for want of room on the disk, or for their size. */
  public double refused() {
    return refused.doubleValue();
  }

  /** Messages put into queues. */
  public double queued() {
    return queued.doubleValue();
  }

  /** Messages that sessions lost because their queues were full. */
  public double dropped() {
    return dropped.doubleValue();
  }

  /** Wills that were refused too often. */
  public double willsDropped() {
    return willsDropped.doubleValue();
  }

  /** Log entries that were not committed, as far as this process knows. */
  public double failedEntries() {
    return failedEntries.doubleValue();
  }

  /** How often a shard that could not go on was opened again, or was to be. */
  public double reopened() {
    return reopened.doubleValue();
  }

  void count(Change change) {
    if (change instanceof Change.Queued) {
      queued.increment();
    } else if (change instanceof Change.Dropped) {
      dropped.increment();
    }
  }
}
