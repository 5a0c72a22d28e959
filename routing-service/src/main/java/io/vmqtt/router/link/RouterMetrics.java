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
    published = counter(registry, "publishes", "publishes to route");
    copies = counter(registry, "copies", "copies sent to gateways and shards");
    shed = counter(registry, "shed", "copies of QoS 0 dropped: a link was congested or down");
    refused =
        counter(
            registry,
            "refused",
            "publishes refused: too much waits, for one destination or altogether");
    requests = counter(registry, "requests", "requests of gateways to shards");
    deliveries = counter(registry, "deliveries", "pushes of shards passed on to gateways");
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder("vmqtt.router." + name).description(description).register(registry);
  }
}
