package io.vmqtt.gateway.quota;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One namespace at this gateway: who is connected, and what goes in and out. Of one that nobody has
 * named, no messages are counted, and nothing is bounded. Safe from any thread.
 */
public final class NamespaceUse {
  private final NamespaceUses all;
  private final Namespace namespace;
  private final AtomicInteger connections = new AtomicInteger();
  private final Map<Quota, LongAdder> refused = new EnumMap<>(Quota.class);
  private volatile @Nullable Flow in;
  private volatile @Nullable Flow out;
  private long maxConnections = Quotas.UNLIMITED;

  NamespaceUse(NamespaceUses all, Namespace namespace) {
    this.all = all;
    this.namespace = namespace;
    for (Quota quota : NamespaceUses.KEPT_HERE) {
      refused.put(quota, new LongAdder());
    }
  }

  public Namespace namespace() {
    return namespace;
  }

  // ---- of connections; those with "may" are asked for each message

  /** Whether one more publish of a client is within the rate. */
  public boolean mayPublish() {
    Flow flow = in;
    return flow == null || flow.takes();
  }

  /** A publish goes on that has waited for its turn for long enough. */
  public void publishes() {
    Flow flow = in;
    if (flow != null) {
      flow.count();
    }
  }

  /** Whether one more message to a client is within the rate. */
  public boolean maySend() {
    Flow flow = out;
    return flow == null || flow.takes();
  }

  /** Whether there is any use in having something ready for a client. */
  public boolean mightSend() {
    Flow flow = out;
    return flow == null || flow.isOpen();
  }

  /** Counts what was not let through. */
  public void refused(Quota quota) {
    counter(quota).increment();
  }

  /** A connection is over. */
  public void leave() {
    all.leave(this);
  }

  // ---- for those who count

  public int connections() {
    return connections.get();
  }

  /** Messages in that direction since it was named. */
  public long messages(Quota direction) {
    Flow flow = direction == Quota.MESSAGES_IN ? in : out;
    return flow == null ? 0 : flow.messages();
  }

  /** How much a quota has kept out. */
  public long refusals(Quota quota) {
    return counter(quota).sum();
  }

  private LongAdder counter(Quota quota) {
    LongAdder counter = refused.get(quota);
    if (counter == null) {
      throw new IllegalArgumentException(quota.label() + " is not kept by gateways");
    }
    return counter;
  }

  // ---- for all of them, one at a time

  /** One more connection: whether it may be. */
  boolean join() {
    if (connections.get() >= maxConnections) {
      refused(Quota.CONNECTIONS);
      return false;
    }
    connections.incrementAndGet();
    return true;
  }

  /** One connection less; returns how many are left. */
  int left() {
    return connections.decrementAndGet();
  }

  boolean isNamed() {
    return in != null;
  }

  /** Its part of what all gateways together may have. */
  void bound(Quotas quotas, int gateways, LongSupplier nanoClock) {
    maxConnections = quotas.share(Quota.CONNECTIONS, gateways);
    in = flow(in, nanoClock, quotas.share(Quota.MESSAGES_IN, gateways));
    out = flow(out, nanoClock, quotas.share(Quota.MESSAGES_OUT, gateways));
  }

  private static Flow flow(@Nullable Flow before, LongSupplier nanoClock, long perSecond) {
    Flow flow = before == null ? new Flow(nanoClock) : before;
    flow.limit(perSecond);
    return flow;
  }

  /** Nobody names it any longer. */
  void unbound() {
    maxConnections = Quotas.UNLIMITED;
    in = null;
    out = null;
  }
}
