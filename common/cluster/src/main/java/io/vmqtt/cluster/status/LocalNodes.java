package io.vmqtt.cluster.status;

import io.micronaut.context.BeanProvider;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.inspection.JvmFacts;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.node.ThisProcess;
import io.vmqtt.cluster.node.Version;
import io.vmqtt.cluster.operation.Answers;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The nodes that this process is: one, or where all roles are together one for each. */
@Singleton
public final class LocalNodes {
  private static final String JVM = "jvm";

  private final ThisProcess process;
  private final LocalNode whole;
  private final List<LocalNode> nodes;
  private final BeanProvider<NodeAlarms> alarms;
  private final Answers ofProcess;

  /**
   * @param whole what the process is to those who see one thing
   */
  LocalNodes(
      ThisProcess process,
      LocalNode whole,
      Collection<LocalNode> nodes,
      BeanProvider<NodeAlarms> alarms,
      ProcessAnswers answers) {
    this.process = process;
    this.whole = whole;
    this.alarms = alarms;
    this.ofProcess = answers.with(this::reports);
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

  /**
   * What a node of this process says of itself. Where it is one of several, one of them has the
   * alarms: they are about the process.
   */
  NodeReport report(LocalNode local) {
    return new NodeReport(
        local.id(),
        local.role().serviceName(),
        Version.current(),
        process.startedAt().toString(),
        figures(local),
        local.id().equals(whole.id()) && alarms.isPresent() ? alarms.get().active() : List.of(),
        System.currentTimeMillis());
  }

  /** Those of a node, with those of the JVM. */
  static Map<String, Object> figures(LocalNode local) {
    Map<String, Object> figures = new LinkedHashMap<>();
    if (local instanceof NodeStatus status) {
      figures.putAll(status.figures());
    }
    figures.put(JVM, JvmFacts.figures());
    return figures;
  }

  private List<NodeReport> reports() {
    return nodes.stream().map(this::report).toList();
  }

  /** What a node of this process can be asked: as its role, and as any process. */
  Answers answers(LocalNode local) {
    return local.answers().and(ofProcess);
  }

  /** What a node of this process can be asked; nothing where it is another's. */
  public Answers answers(Node asked) {
    return nodes.stream()
        .filter(local -> local.role() == asked.role() && local.id().equals(asked.id()))
        .findFirst()
        .map(this::answers)
        .orElse(Answers.NONE);
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
