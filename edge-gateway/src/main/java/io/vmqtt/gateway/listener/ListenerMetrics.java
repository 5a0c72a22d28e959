package io.vmqtt.gateway.listener;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What one listener counts, as {@code vmqtt.gateway.*} with its name as the tag. */
final class ListenerMetrics {
  private static final String TAG = "listener";

  private final AtomicInteger connections = new AtomicInteger();
  private final Counter refused;
  private final Counter acceptsFailed;
  private final Counter tooFast;
  private final Counter tooFastOfAddress;

  /** Registers the meters. */
  ListenerMetrics(MeterRegistry registry, String listener) {
    refused =
        Counter.builder("vmqtt.gateway.connections.refused")
            .description("connections closed at once: there were too many")
            .tag(TAG, listener)
            .register(registry);
    acceptsFailed =
        Counter.builder("vmqtt.gateway.accepts.failed")
            .description(
                "attempts to accept a connection that failed, as without descriptors to spare")
            .tag(TAG, listener)
            .register(registry);
    tooFast = tooFast(registry, listener, "listener");
    tooFastOfAddress = tooFast(registry, listener, "address");
    Gauge.builder("vmqtt.gateway.connections", connections, AtomicInteger::get)
        .description("open connections of clients")
        .tag(TAG, listener)
        .register(registry);
  }

  private static Counter tooFast(MeterRegistry registry, String listener, String of) {
    return Counter.builder("vmqtt.gateway.connections.too.fast")
        .description("connections closed at once: they came faster than the listener takes them")
        .tag(TAG, listener)
        .tag("of", of)
        .register(registry);
  }

  /** A connection was closed as it came: too many came in a second. */
  void tooFast() {
    tooFast.increment();
  }

  /** The same, of one address. */
  void tooFastOfAddress() {
    tooFastOfAddress.increment();
  }

  /** Open connections. */
  AtomicInteger connections() {
    return connections;
  }

  /** A connection was closed as it came. */
  void refused() {
    refused.increment();
  }

  /** A connection could not even be accepted. */
  void acceptFailed() {
    acceptsFailed.increment();
  }

  /** A listener is no more: neither is anything that was counted of it. */
  static void forget(MeterRegistry registry, String listener) {
    registry.getMeters().stream()
        .filter(meter -> listener.equals(meter.getId().getTag(TAG)))
        .forEach(registry::remove);
  }
}
