package io.vmqtt.cluster.identity;

import io.vmqtt.cluster.discovery.Role;
import java.util.Set;

/** Who may open links to whom. */
public final class Callers {
  /** Replicas talk to replicas. */
  public static final Set<Role> OF_RAFT = Set.of(Role.SESSION_STORE);

  private Callers() {}

  /** Those that open links to processes of a role. */
  public static Set<Role> of(Role called) {
    return switch (called) {
      case ROUTING_SERVICE -> Set.of(Role.EDGE_GATEWAY);
      case SESSION_STORE -> Set.of(Role.ROUTING_SERVICE);
      case EDGE_GATEWAY, CLUSTER_REGISTRY, STANDALONE -> Set.of();
    };
  }
}
