package io.vmqtt.gateway.audit;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who is told of decisions. Safe from any thread; holds up nobody. */
@FunctionalInterface
public interface Audit {

  /**
   * Takes what was decided.
   *
   * @param rule that refused it, to be asked for on this thread, and only if somebody wants to know
   *     it: to find it costs
   */
  void record(AuditEvent event, Supplier<@Nullable String> rule);

  /** Takes what no rule was asked about. */
  default void record(AuditEvent event) {
    record(event, () -> null);
  }
}
