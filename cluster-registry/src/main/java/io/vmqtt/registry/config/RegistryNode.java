package io.vmqtt.registry.config;

import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.status.NodeStatus;
import io.vmqtt.registry.membership.Candidacy;
import java.util.Map;

/** What a registry is to the others, and what it says of itself. */
record RegistryNode(Candidacy candidacy, Answers answers) implements LocalNode, NodeStatus {

  @Override
  public String id() {
    return candidacy.self();
  }

  @Override
  public Role role() {
    return Role.CLUSTER_REGISTRY;
  }

  /** None: nobody links to a registry. */
  @Override
  public int grpcPort() {
    return 0;
  }

  @Override
  public Map<String, Object> figures() {
    return Map.of("leading", candidacy.isLeading());
  }
}
