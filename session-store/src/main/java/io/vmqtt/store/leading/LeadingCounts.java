package io.vmqtt.store.leading;

import io.vmqtt.store.delivery.DeliveryCounts;
import java.util.concurrent.atomic.LongAdder;

/** What the leaders of a process count together; read by any thread. */
public final class LeadingCounts {
  private final DeliveryCounts deliveries = new DeliveryCounts();
  final LongAdder refused = new LongAdder();
  final LongAdder willsDropped = new LongAdder();
  final LongAdder leftDropped = new LongAdder();

  public DeliveryCounts deliveries() {
    return deliveries;
  }

  /** Publishes that were refused for want of room on the disk, or for their size. */
  public double refused() {
    return refused.doubleValue();
  }

  /** Wills that were refused too often. */
  public double willsDropped() {
    return willsDropped.doubleValue();
  }

  /** Messages that ended sessions left to their share groups, and that nobody else took. */
  public double leftDropped() {
    return leftDropped.doubleValue();
  }
}
