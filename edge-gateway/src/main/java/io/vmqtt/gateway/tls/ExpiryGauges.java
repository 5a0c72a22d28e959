package io.vmqtt.gateway.tls;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.tls.LiveCertificates;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * How long the certificate of each listener is good. One that has others for a while, as some are
 * about to take the place of those that it has, is measured by the newest. Safe from any thread.
 */
final class ExpiryGauges {
  private final MeterRegistry registry;
  private final Map<String, OfListener> byListener = new HashMap<>();

  /** There is one as long as there are certificates. */
  private record OfListener(Gauge gauge, List<LiveCertificates<?>> all) {}

  /** Of no listener yet. */
  ExpiryGauges(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A listener has these from now on. */
  synchronized void add(String listener, LiveCertificates<?> certificates) {
    byListener.computeIfAbsent(listener, this::gauge).all.add(certificates);
  }

  private OfListener gauge(String listener) {
    List<LiveCertificates<?>> all = new CopyOnWriteArrayList<>();
    return new OfListener(
        Gauge.builder("vmqtt.gateway.tls.certificate.seconds", all, ExpiryGauges::secondsLeft)
            .description("seconds until the certificate of a listener expires")
            .tag("listener", listener)
            .register(registry),
        all);
  }

  private static double secondsLeft(List<LiveCertificates<?>> all) {
    return all.isEmpty() ? Double.NaN : all.getLast().secondsLeft();
  }

  /** Until when that of a listener is good; null: it has none. */
  synchronized @Nullable Instant notAfter(String listener) {
    OfListener present = byListener.get(listener);
    return present == null || present.all.isEmpty() ? null : present.all.getLast().notAfter();
  }

  /** It has them no more. */
  synchronized void remove(String listener, LiveCertificates<?> certificates) {
    OfListener present = byListener.get(listener);
    if (present != null && present.all.remove(certificates) && present.all.isEmpty()) {
      byListener.remove(listener);
      registry.remove(present.gauge);
    }
  }
}
