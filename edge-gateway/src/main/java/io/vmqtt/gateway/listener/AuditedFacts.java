package io.vmqtt.gateway.listener;

import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.facts.AuthoredKind;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.facts.FromFile;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.gateway.audit.AuditEvent;
import io.vmqtt.gateway.audit.Change;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells which access rules, bans and quotas of namespaces this gateway goes by: those that it finds
 * when it starts, and each change.
 */
final class AuditedFacts implements AutoCloseable {
  private final List<Registration> watches;

  AuditedFacts(ClusterFacts facts, Consumer<Change> audit) {
    watches =
        List.of(
            watch(
                facts,
                AccessFact.ACCESS,
                (change, said) -> change.with("count", count(said)),
                audit),
            watch(facts, BansFact.BANS, new BansTold(), audit),
            watch(
                facts,
                NamespacesFact.NAMESPACES,
                (change, said) -> change.with("count", said.all().size()),
                audit));
  }

  private static int count(AccessSettings said) {
    TopicRules rules = said.rules();
    return rules == null ? 0 : rules.rules().size();
  }

  private static <T extends FromFile<T>> Registration watch(
      ClusterFacts facts,
      AuthoredKind<T> kind,
      BiFunction<Change, T, Change> details,
      Consumer<Change> audit) {
    return facts
        .of(kind)
        .watch(
            said -> {
              if (said.version() > 0) { // else nobody has said anything yet
                audit.accept(
                    details.apply(
                        Change.of(kind.key(), said.origin()).with("version", said.version()),
                        said));
              }
            });
  }

  /**
   * Which bans are new, and which are no more: not those that a gateway finds when it starts.
   * Called by one thread at a time, that of the fact.
   */
  private static final class BansTold implements BiFunction<Change, Bans, Change> {
    private @Nullable Set<Ban> before;

    @Override
    public Change apply(Change change, Bans bans) {
      Set<Ban> now = new HashSet<>(bans.all());
      Set<Ban> known = before;
      before = now;
      Change told = change.with("count", bans.all().size());
      if (known == null) {
        return told;
      }
      told = named(told, "added", bans.all().stream().filter(ban -> !known.contains(ban)).toList());
      return named(told, "lifted", known.stream().filter(ban -> !now.contains(ban)).toList());
    }

    private static Change named(Change change, String name, List<Ban> which) {
      if (which.isEmpty()) {
        return change;
      }
      Change told =
          change.with(name, which.stream().limit(Change.MOST_NAMED).map(BansTold::fields).toList());
      int more = which.size() - Change.MOST_NAMED;
      return more > 0 ? told.with(name + "_more", more) : told;
    }

    private static Map<String, String> fields(Ban ban) {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put(ban.who().label(), AuditEvent.cut(ban.who().text()));
      if (ban.namespace() != null) {
        fields.put("namespace", ban.namespace().name());
      }
      fields.put("by", AuditEvent.cut(ban.by()));
      fields.put("reason", AuditEvent.cut(ban.reason()));
      if (ban.until() != null) {
        fields.put("until", ban.until().toString());
      }
      return fields;
    }
  }

  @Override
  public void close() {
    watches.forEach(Registration::close);
  }
}
