package io.vmqtt.store.delivery;

import java.util.concurrent.atomic.LongAdder;

/** What deliveries count; read by any thread. */
public final class DeliveryCounts {
  final LongAdder pushed = new LongAdder();
  final LongAdder shed = new LongAdder();
  final LongAdder expired = new LongAdder();
  final LongAdder readFromDisk = new LongAdder();

  /** Messages given to an outlet, releases included. */
  public double pushed() {
    return pushed.doubleValue();
  }

  /** Messages of QoS 0 that were dropped because the way to the gateway was congested or gone. */
  public double shed() {
    return shed.doubleValue();
  }

  /** Messages that expired before they were pushed. */
  public double expired() {
    return expired.doubleValue();
  }

  /** Queue entries that were no longer in memory when their turn came. */
  public double readFromDisk() {
    return readFromDisk.doubleValue();
  }
}
