package io.vmqtt.gateway.tls;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** The handshakes under way in a gateway, and how many there may be. By any thread. */
final class Handshakes {
  private final int most;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Counter refused;

  /** None yet, and never more than {@code most}. */
  Handshakes(int most, MeterRegistry registry) {
    this.most = most;
    Gauge.builder("vmqtt.gateway.tls.handshakes.under.way", underWay, AtomicInteger::get)
        .description("TLS handshakes under way")
        .register(registry);
    refused =
        Counter.builder("vmqtt.gateway.tls.handshakes.refused")
            .description("connections closed at once: too many TLS handshakes were under way")
            .register(registry);
  }

  /** One more: whether it may be. Only then {@link #ended} must follow. */
  boolean mayBegin() {
    if (underWay.incrementAndGet() <= most) {
      return true;
    }
    underWay.decrementAndGet();
    refused.increment();
    return false;
  }

  /** One less, whatever came of it. */
  void ended() {
    underWay.decrementAndGet();
  }
}
