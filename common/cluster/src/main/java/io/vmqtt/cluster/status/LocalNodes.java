package io.vmqtt.cluster.status;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.node.ThisProcess;
import io.vmqtt.cluster.node.Version;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The nodes that this process is: one, or where all roles are together one for each. */
@Singleton
public final class LocalNodes {
  private final ThisProcess process;
  private final List<LocalNode> nodes;

  LocalNodes(ThisProcess process, Collection<LocalNode> nodes) {
    this.process = process;
    this.nodes =
        nodes.stream()
            .filter(node -> node.role() != Role.STANDALONE)
            .sorted(Comparator.comparing(LocalNode::role))
            .toList();
  }

  /** Those that others can find, clients' side first. */
  public List<LocalNode> all() {
    return nodes;
  }

  /** What a node of this process says of itself. */
  NodeReport report(LocalNode local) {
    return new NodeReport(
        local.id(),
        local.role().serviceName(),
        Version.current(),
        process.startedAt().toString(),
        local instanceof NodeStatus status ? status.figures() : Map.of());
  }

  /** What those of them say of themselves that are nodes of this process. */
  public Map<Node, NodeReport> reports(Collection<Node> asked) {
    Map<Node, NodeReport> reports = new HashMap<>();
    for (Node node : asked) {
      for (LocalNode local : nodes) {
        if (local.role() == node.role() && local.id().equals(node.id())) {
          reports.put(node, report(local));
        }
      }
    }
    return reports;
  }
}
