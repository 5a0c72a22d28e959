package io.vmqtt.store.leading;

import io.vmqtt.store.delivery.DeliveryCounts;
import java.util.concurrent.atomic.LongAdder;

/** What the leaders of a process count together; read by any thread. */
public final class LeadingCounts {
  private final DeliveryCounts deliveries = new DeliveryCounts();
  private final NamespaceRefusals namespaces = new NamespaceRefusals();
  private final NearlyFull nearlyFull = new NearlyFull();
  final LongAdder refused = new LongAdder();
  final LongAdder willsDropped = new LongAdder();
  final LongAdder willsForbidden = new LongAdder();
  final LongAdder leftDropped = new LongAdder();

  public DeliveryCounts deliveries() {
    return deliveries;
  }

  /** What the quotas of namespaces have kept out. */
  public NamespaceRefusals namespaces() {
    return namespaces;
  }

  /** Sessions whose queues are near their bounds. */
  public NearlyFull nearlyFull() {
    return nearlyFull;
  }

  /** Publishes that were refused for want of room, or for their size. */
  public double refused() {
    return refused.doubleValue();
  }

  /** Wills that were refused too often. */
  public double willsDropped() {
    return willsDropped.doubleValue();
  }

  /** Wills that access rules did not allow any more when their time had come. */
  public double willsForbidden() {
    return willsForbidden.doubleValue();
  }

  /** Messages that sessions left to others of their share groups, and that nobody took. */
  public double leftDropped() {
    return leftDropped.doubleValue();
  }
}
