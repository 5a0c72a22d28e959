package io.vmqtt.router.link;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.metrics.EventCounter;

/** What a router counts, as {@code vmqtt.router.*}. */
final class RouterMetrics {
  final EventCounter published;
  final EventCounter copies;
  final EventCounter shed;
  final EventCounter refused;
  final EventCounter forgotten;
  final EventCounter requests;
  final EventCounter deliveries;

  RouterMetrics(MeterRegistry registry) {
    published = counter(registry, "publishes", "publishes to route");
    copies = counter(registry, "copies", "copies sent to gateways and shards");
    shed = counter(registry, "shed", "copies of QoS 0 dropped: a link was congested or down");
    refused =
        counter(
            registry,
            "refused",
            "publishes refused: too much waits, for one destination or altogether");
    forgotten =
        counter(
            registry,
            "hands.forgotten",
            "messages in the hands of members of share groups that nobody else would get");
    requests = counter(registry, "requests", "requests of gateways to shards");
    deliveries = counter(registry, "deliveries", "pushes of shards passed on to gateways");
  }

  private static EventCounter counter(MeterRegistry registry, String name, String description) {
    return EventCounter.register(registry, "vmqtt.router." + name, description);
  }
}
