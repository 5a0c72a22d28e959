package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.operators.Operator;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.model.Namespace;
import io.vmqtt.registry.status.ClusterStatus;
import io.vmqtt.registry.status.ClusterStatusReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/cluster}, {@code nodes} and {@code me}. */
@Controller("/api/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ClusterController {
  private final ClusterStatusReader reader;

  ClusterController(ClusterStatusReader reader) {
    this.reader = reader;
  }

  /**
   * Who asks.
   *
   * @param namespace the one that he sees; null: the whole cluster
   */
  @JsonInclude
  record Me(String name, String role, @Nullable String namespace) {}

  /** Tells who asks: name, role and namespace. */
  @Get("/me")
  @RequiresRole(OperatorRole.VIEWER)
  Me me(HttpRequest<?> request) {
    Operator operator = Asking.of(request);
    Namespace namespace = operator.namespace();
    return new Me(
        operator.name(), operator.role().label(), namespace == null ? null : namespace.name());
  }

  /** Tells of the whole cluster in one answer, as {@code /cluster/status} has it. */
  @Get("/cluster")
  @RequiresRole(OperatorRole.VIEWER)
  ClusterStatus cluster(HttpRequest<?> request) throws InterruptedException {
    Asking.requireWhole(request);
    return reader.read();
  }

  /** All processes, by role and id. */
  @JsonInclude
  record NodeList(List<ClusterStatus.NodeEntry> items) {}

  /** Lists all processes, those that are ill among them. */
  @Get("/nodes")
  @RequiresRole(OperatorRole.VIEWER)
  NodeList nodes(HttpRequest<?> request) throws InterruptedException {
    return new NodeList(cluster(request).nodes());
  }

  /** Tells of one process. */
  @Get("/nodes/{id}")
  @RequiresRole(OperatorRole.VIEWER)
  @MayRefuse(404)
  ClusterStatus.NodeEntry node(HttpRequest<?> request, @PathVariable String id)
      throws InterruptedException {
    return cluster(request).nodes().stream()
        .filter(node -> node.id().equals(id))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no node has the id '" + id + "'"));
  }
}
