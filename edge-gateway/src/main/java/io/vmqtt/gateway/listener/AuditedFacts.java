package io.vmqtt.gateway.listener;

import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.facts.Authored;
import io.vmqtt.cluster.facts.AuthoredKind;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.gateway.audit.FactChange;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Tells which access rules, bans and quotas of namespaces this gateway goes by: those that it finds
 * when it starts, and each change.
 */
final class AuditedFacts implements AutoCloseable {
  private final List<Registration> watches;

  AuditedFacts(ClusterFacts facts, Consumer<FactChange> audit) {
    watches =
        List.of(
            watch(
                facts,
                AccessFact.ACCESS,
                said -> {
                  TopicRules rules = said.rules();
                  return rules == null ? 0 : rules.rules().size();
                },
                audit),
            watch(facts, BansFact.BANS, said -> said.all().size(), audit),
            watch(facts, NamespacesFact.NAMESPACES, said -> said.all().size(), audit));
  }

  private static <T extends Authored<T>> Registration watch(
      ClusterFacts facts,
      AuthoredKind<T> kind,
      ToIntFunction<T> count,
      Consumer<FactChange> audit) {
    return facts
        .of(kind)
        .watch(
            said -> {
              if (said.version() > 0) { // else nobody has said anything yet
                audit.accept(new FactChange(kind.key(), said.version(), count.applyAsInt(said)));
              }
            });
  }

  @Override
  public void close() {
    watches.forEach(Registration::close);
  }
}
