package io.vmqtt.gateway.link;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.gateway.quota.NamespaceUse;
import io.vmqtt.gateway.quota.NamespaceUses;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The meters {@code vmqtt.gateway.namespace.*}, with the name of the namespace as their tag. Of
 * those alone that are named: what clients make up must not make meters.
 */
final class NamespaceMeters implements NamespaceUses.Witness {
  private static final String PREFIX = "vmqtt.gateway.namespace.";
  private static final String NAMESPACE = "namespace";

  private final MeterRegistry registry;
  private final Map<Namespace, List<Meter>> meters = new HashMap<>();

  NamespaceMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void named(NamespaceUse use) {
    String name = use.namespace().name();
    List<Meter> own = new ArrayList<>();
    own.add(
        Gauge.builder(PREFIX + "connections", use, NamespaceUse::connections)
            .description("clients of a namespace that are connected here")
            .tag(NAMESPACE, name)
            .register(registry));
    own.add(
        counter(
            use,
            "publishes",
            "publishes of clients of a namespace",
            one -> one.messages(Quota.MESSAGES_IN)));
    own.add(
        counter(
            use,
            "deliveries",
            "messages sent to clients of a namespace",
            one -> one.messages(Quota.MESSAGES_OUT)));
    for (Quota quota : NamespaceUses.KEPT_HERE) {
      own.add(
          FunctionCounter.builder(PREFIX + "refused", use, one -> one.refusals(quota))
              .description("connections and messages beyond the quota of a namespace")
              .tag(NAMESPACE, name)
              .tag("quota", quota.label())
              .register(registry));
    }
    meters.put(use.namespace(), own);
  }

  private FunctionCounter counter(
      NamespaceUse use, String name, String description, ToDoubleFunction<NamespaceUse> value) {
    return FunctionCounter.builder(PREFIX + name, use, value)
        .description(description)
        .tag(NAMESPACE, use.namespace().name())
        .register(registry);
  }

  @Override
  public void forgotten(NamespaceUse use) {
    List<Meter> own = meters.remove(use.namespace());
    if (own != null) {
      own.forEach(registry::remove);
    }
  }
}
