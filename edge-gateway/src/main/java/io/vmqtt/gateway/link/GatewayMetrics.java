package io.vmqtt.gateway.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.metrics.EventCounter;
import io.vmqtt.cluster.metrics.Latency;
import io.vmqtt.gateway.connection.Bound;
import io.vmqtt.gateway.connection.DeliverySpans;
import io.vmqtt.gateway.connection.Missed;
import io.vmqtt.gateway.memory.SourceBytes;
import io.vmqtt.gateway.spans.Spans;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What a gateway counts, as {@code vmqtt.gateway.*}. */
public final class GatewayMetrics {
  /** What of strangers, and of those whose turn is still to come, may wait before it is handled. */
  public static final long MAX_EARLY_BYTES = 64L << 20;

  /** Publishes of clients. */
  final EventCounter published;

  /** Messages to transient sessions. */
  final EventCounter delivered;

  /** Messages that shards pushed. */
  final EventCounter pushed;

  /** QoS 0 messages that were dropped under load. */
  final EventCounter shed;

  /** Messages that members of share groups left as they vanished, and that no other took. */
  final EventCounter leftDropped;

  /** QoS 2 messages that came a second time and were not delivered again. */
  final EventCounter duplicates;

  /** Publishes that their clients were not allowed. */
  private final EventCounter denied;

  /** Subscriptions that their clients were not allowed, or are not any more. */
  private final EventCounter subscriptionsDenied;

  /** Messages of persistent sessions that their clients may not have any more. */
  private final EventCounter deliveriesDenied;

  /** Questions to access control that failed, or had no answer in time. */
  final EventCounter accessFailures;

  /** From CONNECT to CONNACK. */
  final Latency connect;

  /** From CONNECT to what access control has decided. */
  final Latency authentication;

  /** From publishes to their acknowledgement. */
  final Latency acknowledge;

  /** From publishes to the clients of transient sessions. */
  final Latency delivery;

  /** What tells of single messages; null: nobody does. */
  private volatile @Nullable Spans spans;

  private final Map<Bound, Counter> beyond = new EnumMap<>(Bound.class);
  private final AtomicLong earlyBytes = new AtomicLong();
  private final SourceBytes earlyBytesOfSources = new SourceBytes(MAX_EARLY_BYTES / 4);
  private final EventCounter slowClients;
  private final EventCounter failedWrites;

  /** Registers the meters. */
  public GatewayMetrics(MeterRegistry registry) {
    published = counter(registry, "publishes", "publishes of clients");
    delivered = counter(registry, "deliveries", "messages given to transient sessions");
    pushed = counter(registry, "pushes", "messages that shards pushed, for persistent sessions");
    shed = counter(registry, "shed", "messages of QoS 0 that were dropped under load");
    leftDropped =
        counter(
            registry,
            "left.dropped",
            "messages that vanished members of share groups left and no other took");
    duplicates =
        counter(registry, "duplicates", "messages of QoS 2 that came again and were not delivered");
    denied = counter(registry, "publishes.denied", "publishes that their clients were not allowed");
    subscriptionsDenied =
        counter(
            registry,
            "subscriptions.denied",
            "subscriptions that their clients were not allowed, or are not any more");
    deliveriesDenied =
        counter(
            registry,
            "deliveries.denied",
            "messages of persistent sessions that their clients may not have any more");
    accessFailures =
        counter(
            registry,
            "access.failures",
            "questions to access control that failed or had no answer in time: nobody was let in");
    connect = Latency.register(registry, "vmqtt.gateway.connect");
    authentication = Latency.register(registry, "vmqtt.gateway.authentication");
    acknowledge = Latency.register(registry, "vmqtt.gateway.publish.acknowledge");
    delivery = Latency.register(registry, "vmqtt.gateway.publish.delivery");
    for (Bound bound : Bound.values()) {
      beyond.put(
          bound,
          Counter.builder("vmqtt.gateway.beyond.bounds")
              .description(
                  "packets, topics, subscriptions and silences beyond a bound of a listener")
              .tag("bound", bound.label())
              .register(registry));
    }
    slowClients =
        counter(registry, "slow.clients", "clients disconnected because too much waited for them");
    failedWrites =
        counter(registry, "failed.writes", "packets that could not be written: connections ended");
    Gauge.builder("vmqtt.gateway.early.bytes", earlyBytes, AtomicLong::get)
        .description("what clients sent and waits for the answer to CONNECT, or for access control")
        .register(registry);
  }

  private static EventCounter counter(MeterRegistry registry, String name, String description) {
    return EventCounter.register(registry, "vmqtt.gateway." + name, description);
  }

  /** Something of a client came to nothing; what is counted otherwise is not counted here. */
  void missed(Missed what, int times) {
    switch (what) {
      case PUBLISH_DENIED -> denied.increment(times);
      case SUBSCRIPTION_DENIED -> subscriptionsDenied.increment(times);
      case DELIVERY_DENIED -> deliveriesDenied.increment(times);
      case RATE_IN, RATE_OUT, TOO_SLOW, FELL_BEHIND, TOO_LARGE, EXPIRED -> {}
    }
  }

  /** Has single messages told of, from now on. */
  public void traceBy(Spans told) {
    spans = told;
  }

  /** What tells of single messages; null: nobody does. */
  @Nullable Spans spans() {
    return spans;
  }

  /** What tells of those that a client gets; null: nobody does. */
  @Nullable DeliverySpans deliverySpans() {
    Spans all = spans;
    return all == null ? null : all.ofClient();
  }

  void beyond(Bound bound) {
    Counter counter = beyond.get(bound);
    if (counter != null) {
      counter.increment();
    }
  }

  /** Clients that were disconnected because too much waited for them. */
  public EventCounter slowClients() {
    return slowClients;
  }

  /** Packets that could not be written, which ended their connections. */
  public EventCounter failedWrites() {
    return failedWrites;
  }

  /** What clients sent and has to wait; the transport counts it. */
  public AtomicLong earlyBytes() {
    return earlyBytes;
  }

  /** What of them are CONNECTs of those who are not known yet: one source has a quarter. */
  public SourceBytes earlyBytesOfSources() {
    return earlyBytesOfSources;
  }
}
