package io.vmqtt.cluster.discovery;

import java.util.List;

/** What a process does in the cluster. */
public enum Role {
  /** Terminates MQTT and holds the connections. */
  EDGE_GATEWAY("edge-gateway"),
  /** Matches topics to destinations. */
  ROUTING_SERVICE("routing-service"),
  /** Holds replicas of shards. */
  SESSION_STORE("session-store"),
  /** The control plane: placement and status. */
  CLUSTER_REGISTRY("cluster-registry"),
  /** All of them in one process, which nobody has to find. */
  STANDALONE("standalone");

  /** Those whose processes make up a cluster, and find one another. */
  public static final List<Role> OF_CLUSTER =
      List.of(EDGE_GATEWAY, ROUTING_SERVICE, SESSION_STORE, CLUSTER_REGISTRY);

  private final String serviceName;

  Role(String serviceName) {
    this.serviceName = serviceName;
  }

  /** The name under which processes of this role are registered, such as {@code edge-gateway}. */
  public String serviceName() {
    return serviceName;
  }

  /**
   * The role of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Role named(String serviceName) {
    for (Role role : values()) {
      if (role.serviceName.equals(serviceName)) {
        return role;
      }
    }
    throw new IllegalArgumentException("there is no role " + serviceName);
  }
}
