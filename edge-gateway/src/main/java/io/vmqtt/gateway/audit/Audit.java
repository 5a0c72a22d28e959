package io.vmqtt.gateway.audit;

/** Who is told of decisions. Safe from any thread; holds up nobody. */
@FunctionalInterface
public interface Audit {
  void record(AuditEvent event);
}
