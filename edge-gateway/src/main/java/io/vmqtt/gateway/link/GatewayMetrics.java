package io.vmqtt.gateway.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What a gateway counts, as {@code vmqtt.gateway.*}. */
public final class GatewayMetrics {
  /** Publishes of clients. */
  final Counter published;

  /** Messages to transient sessions. */
  final Counter delivered;

  /** Messages that shards pushed. */
  final Counter pushed;

  /** QoS 0 messages that were dropped under load. */
  final Counter shed;

  /** QoS 2 messages that came a second time and were not delivered again. */
  final Counter duplicates;

  private final AtomicInteger connections;
  private final AtomicLong earlyBytes;
  private final Counter slowClients;
  private final Counter failedWrites;

  /** Registers the meters. */
  public GatewayMetrics(MeterRegistry registry) {
    published = registry.counter("vmqtt.gateway.publishes");
    delivered = registry.counter("vmqtt.gateway.deliveries");
    pushed = registry.counter("vmqtt.gateway.pushes");
    shed = registry.counter("vmqtt.gateway.shed");
    duplicates = registry.counter("vmqtt.gateway.duplicates");
    AtomicInteger open = new AtomicInteger();
    registry.gauge("vmqtt.gateway.connections", open);
    connections = open;
    AtomicLong early = new AtomicLong();
    registry.gauge("vmqtt.gateway.early.bytes", early);
    earlyBytes = early;
    slowClients = registry.counter("vmqtt.gateway.slow.clients");
    failedWrites = registry.counter("vmqtt.gateway.failed.writes");
  }

  /** Clients that were disconnected because too much waited for them. */
  public Counter slowClients() {
    return slowClients;
  }

  /** Packets that could not be written, which ended their connections. */
  public Counter failedWrites() {
    return failedWrites;
  }

  /** Open connections; the transport counts them. */
  public AtomicInteger connections() {
    return connections;
  }

  /** What came behind CONNECT and waits for its answer; the transport counts it. */
  public AtomicLong earlyBytes() {
    return earlyBytes;
  }
}
