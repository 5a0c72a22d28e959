package io.vmqtt.gateway.listener;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.gateway.audit.Audit;
import io.vmqtt.gateway.audit.AuditEvent;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts every decision, by what was decided and why; then somebody else is told of it. */
final class CountedAudit implements Audit {
  private final MeterRegistry registry;
  private final Audit then;
  private final Map<AuditEvent.Kind, Map<Enum<?>, Counter>> counters =
      new EnumMap<>(AuditEvent.Kind.class);

  CountedAudit(MeterRegistry registry, Audit then) {
    this.registry = registry;
    this.then = then;
    for (AuditEvent.Kind kind : AuditEvent.Kind.values()) {
      counters.put(kind, new ConcurrentHashMap<>());
    }
  }

  @Override
  public void record(AuditEvent event, Supplier<@Nullable String> rule) {
    counters
        .getOrDefault(event.kind(), Map.of())
        .computeIfAbsent(event.why(), why -> counter(event.kind(), why))
        .increment();
    then.record(event, rule);
  }

  private Counter counter(AuditEvent.Kind kind, Enum<?> why) {
    return Counter.builder("vmqtt.gateway.access.decisions")
        .description(
            "who was let in and who was not: every CONNECT, also those that ended before, or that"
                + " nobody had to be asked about; who proved it again; and what was refused")
        .tag("event", kind.name().toLowerCase(Locale.ROOT))
        .tag("reason", why.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }
}
