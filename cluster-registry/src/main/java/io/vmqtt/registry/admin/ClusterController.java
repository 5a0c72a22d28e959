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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/cluster}, {@code nodes}, {@code shards} and {@code me}. */
@Controller("/api/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ClusterController {
  private static final String SHARD = "shard";
  private static final String ROLE = "role";
  private static final String LEADER = "leader";

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

  /** All shards, by number. */
  @JsonInclude
  record ShardList(long epoch, List<ShardEntry> items) {}

  /**
   * One shard.
   *
   * @param leader the id of the store that leads it; null: nobody who answers
   * @param replicas the preferred leader first
   */
  @JsonInclude
  record ShardEntry(int shard, @Nullable String leader, List<ReplicaEntry> replicas) {}

  /**
   * One replica.
   *
   * @param figures what its store says of it; null: nothing
   */
  @JsonInclude
  record ReplicaEntry(String store, @Nullable Map<?, ?> figures) {}

  /** The shards, and how their replicas are doing. */
  @Get("/shards")
  @RequiresRole(OperatorRole.VIEWER)
  ShardList shards(HttpRequest<?> request) throws InterruptedException {
    ClusterStatus status = cluster(request);
    ClusterStatus.ShardMapStatus map = status.shardMap();
    if (map == null) {
      throw Problem.unavailable("the shards are not placed yet");
    }
    List<ShardEntry> shards = new ArrayList<>();
    for (int shard = 0; shard < map.shardCount(); shard++) {
      List<ReplicaEntry> replicas = new ArrayList<>();
      String leader = null;
      for (String store : map.replicas().get(shard)) {
        Map<?, ?> figures = figures(status, store, shard);
        replicas.add(new ReplicaEntry(store, figures));
        leader = figures != null && LEADER.equals(figures.get(ROLE)) ? store : leader;
      }
      shards.add(new ShardEntry(shard, leader, replicas));
    }
    return new ShardList(map.epoch(), shards);
  }

  private static @Nullable Map<?, ?> figures(ClusterStatus status, String store, int shard) {
    for (ClusterStatus.NodeEntry node : status.nodes()) {
      Map<String, Object> figures = node.figures();
      if (node.id().equals(store)
          && figures != null
          && figures.get("shards") instanceof List<?> all) {
        for (Object one : all) {
          if (one instanceof Map<?, ?> ofShard
              && ofShard.get(SHARD) instanceof Number number
              && number.intValue() == shard) {
            return ofShard;
          }
        }
      }
    }
    return null;
  }
}
