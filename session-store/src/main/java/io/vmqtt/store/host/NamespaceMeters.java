package io.vmqtt.store.host;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import io.vmqtt.store.leading.NamespaceRefusals;
import io.vmqtt.store.shard.NamespaceHoldings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The meters {@code vmqtt.store.namespace.*} of the shards that are led here, with the name of the
 * namespace as their tag; of those alone that somebody has said something about. By one thread.
 */
final class NamespaceMeters {
  private static final String PREFIX = "vmqtt.store.namespace.";
  private static final String NAMESPACE = "namespace";

  private final ShardHost host;
  private final MeterRegistry registry;
  private final Map<Namespace, List<Meter>> meters = new HashMap<>();

  NamespaceMeters(ShardHost host, MeterRegistry registry) {
    this.host = host;
    this.registry = registry;
  }

  /** Those are the ones from now on. */
  void named(Set<Namespace> namespaces) {
    for (Namespace gone : new HashSet<>(meters.keySet())) {
      if (!namespaces.contains(gone)) {
        meters.getOrDefault(gone, List.of()).forEach(registry::remove);
        meters.remove(gone);
      }
    }
    namespaces.forEach(namespace -> meters.computeIfAbsent(namespace, this::registered));
  }

  private List<Meter> registered(Namespace namespace) {
    List<Meter> own = new ArrayList<>();
    own.add(gauge(namespace, "sessions", "sessions of a namespace", NamespaceHoldings::sessions));
    own.add(
        gauge(
            namespace,
            "queue.bytes",
            "what waits in the queues of a namespace",
            NamespaceHoldings::queueBytes));
    own.add(
        gauge(
            namespace,
            "retained.bytes",
            "retained messages of a namespace",
            NamespaceHoldings::retainedBytes));
    NamespaceRefusals refusals = host.counts().leading().namespaces();
    for (Quota quota : NamespaceRefusals.KEPT_HERE) {
      own.add(
          FunctionCounter.builder(PREFIX + "refused", refusals, all -> all.of(namespace, quota))
              .description("sessions and messages beyond the quota of a namespace")
              .tag(NAMESPACE, namespace.name())
              .tag("quota", quota.label())
              .register(registry));
    }
    return own;
  }

  private Gauge gauge(
      Namespace namespace,
      String name,
      String description,
      ToDoubleFunction<NamespaceHoldings> value) {
    return Gauge.builder(PREFIX + name, host, all -> sum(all, namespace, value))
        .description(description)
        .tag(NAMESPACE, namespace.name())
        .register(registry);
  }

  private static double sum(
      ShardHost host, Namespace namespace, ToDoubleFunction<NamespaceHoldings> value) {
    return host.shards().stream()
        .map(shard -> shard.namespaces().get(namespace))
        .filter(holdings -> holdings != null)
        .mapToDouble(value)
        .sum();
  }
}
