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
    Gauge.builder("vmqtt.gateway.connections", connections, AtomicInteger::get)
        .description("open connections of clients")
        .tag(TAG, listener)
        .register(registry);
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
}
