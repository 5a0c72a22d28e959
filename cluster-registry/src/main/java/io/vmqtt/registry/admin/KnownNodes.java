package io.vmqtt.registry.admin;

import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quotas;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The healthy nodes of the cluster, and where its shards are, as discovery says. */
public final class KnownNodes implements AutoCloseable {
  private final Map<Role, Set<Node>> byRole = new ConcurrentHashMap<>();
  private final List<Registration> watches = new ArrayList<>();
  private volatile @Nullable ShardMap shards;
  private volatile Namespaces namespaces = Namespaces.NONE;

  /** Knows none yet. */
  public KnownNodes(Discovery discovery, ClusterFacts facts) {
    for (Role role : Role.OF_CLUSTER) {
      watches.add(discovery.watch(role, nodes -> byRole.put(role, Set.copyOf(nodes))));
    }
    watches.add(facts.of(ShardMapFact.SHARD_MAP).watch(map -> shards = map));
    watches.add(facts.of(NamespacesFact.NAMESPACES).watch(all -> namespaces = all));
  }

  /**
   * Those of a role, in the order of their ids.
   *
   * @throws Problem if there is none: that is no cluster in which nobody is connected
   */
  List<Node> of(Role role) {
    Set<Node> known = byRole.getOrDefault(role, Set.of());
    if (known.isEmpty()) {
      throw Problem.unavailable("no " + role.serviceName() + " is healthy");
    }
    return known.stream().sorted(Comparator.comparing(Node::id)).toList();
  }

  /** Any of a role, one that can do its work before others. */
  Node any(Role role) {
    List<Node> all = of(role);
    return all.stream()
        .filter(node -> "true".equals(node.meta().get(Node.READY)))
        .findFirst()
        .orElse(all.getFirst());
  }

  /** How much a namespace may have. */
  Quotas quotas(Namespace namespace) {
    return namespaces.quotas(namespace);
  }

  /** All that are healthy, by role and id. */
  List<Node> all() {
    return Role.OF_CLUSTER.stream()
        .flatMap(
            role ->
                byRole.getOrDefault(role, Set.of()).stream().sorted(Comparator.comparing(Node::id)))
        .toList();
  }

  /**
   * One of them.
   *
   * @throws Problem if none has that id
   */
  Node named(String id) {
    return all().stream()
        .filter(node -> node.id().equals(id))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no healthy node has the id '" + id + "'"));
  }

  /** The healthy gateways, or nobody. */
  Set<Node> gatewaysIfAny() {
    return ifAny(Role.EDGE_GATEWAY);
  }

  /** The healthy nodes of a role, or nobody. */
  Set<Node> ifAny(Role role) {
    return byRole.getOrDefault(role, Set.of());
  }

  /**
   * Where the shards are.
   *
   * @throws Problem while nobody knows
   */
  ShardMap shards() {
    ShardMap known = shards;
    if (known == null) {
      throw Problem.unavailable("the shards are not placed yet");
    }
    return known;
  }

  /** The healthy stores that have a replica of a shard. */
  List<Node> replicasOf(int shard) {
    List<String> ids = shards().replicas().get(shard);
    return of(Role.SESSION_STORE).stream().filter(store -> ids.contains(store.id())).toList();
  }

  @Override
  public void close() {
    watches.forEach(Registration::close);
  }
}
