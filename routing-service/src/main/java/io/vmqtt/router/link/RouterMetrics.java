package io.vmqtt.router.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What a router counts, as {@code vmqtt.router.*}. */
final class RouterMetrics {
  final Counter published;
  final Counter copies;
  final Counter shed;
  final Counter refused;
  final Counter requests;
  final Counter deliveries;

  RouterMetrics(MeterRegistry registry) {
    published = registry.counter("vmqtt.router.publishes");
    copies = registry.counter("vmqtt.router.copies");
    shed = registry.counter("vmqtt.router.shed");
    refused = registry.counter("vmqtt.router.refused");
    requests = registry.counter("vmqtt.router.requests");
    deliveries = registry.counter("vmqtt.router.deliveries");
  }
}
