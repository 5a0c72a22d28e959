package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.registry.placement.PreferredLeaders;
import io.vmqtt.registry.status.ClusterStatus;
import io.vmqtt.registry.status.ClusterStatusReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/shards}: who leads each, and who is to. */
@Controller("/api/v1/shards")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ShardsController {
  private static final String SHARD = "shard";
  private static final String ROLE = "role";
  private static final String LEADER = "leader";

  private final ClusterStatusReader reader;
  private final PreferredLeaders leaders;

  ShardsController(ClusterStatusReader reader, PreferredLeaders leaders) {
    this.reader = reader;
    this.leaders = leaders;
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
  @Get
  @RequiresRole(OperatorRole.VIEWER)
  ShardList shards(HttpRequest<?> request) throws InterruptedException {
    Asking.requireWhole(request);
    ClusterStatus status = reader.read();
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

  /**
   * Who is to lead.
   *
   * @param store the id of a store that holds the shard
   */
  record Wanted(@Nullable String store) {}

  /**
   * Who is to lead a shard from now on.
   *
   * @param epoch of the shard map that says so
   * @param replicas the stores that hold it, the one that is to lead first
   */
  @JsonInclude
  record Preferred(int shard, long epoch, List<String> replicas) {}

  /**
   * Has another of its stores lead a shard.
   *
   * <p>It does so after restarts, too. The one that leads hands over as soon as all stores of the
   * shard are there, and that one is well and has all that was written; until then it leads on, and
   * no client notices.
   */
  @Put("/{shard}/leader")
  @MayRefuse({404, 409})
  @RequiresRole(OperatorRole.OPERATOR)
  Preferred prefer(HttpRequest<?> request, @PathVariable int shard, @Body Wanted wanted)
      throws InterruptedException {
    Asking.requireWhole(request);
    String store = wanted.store();
    if (store == null) {
      throw Problem.badRequest("store: the id of a store is needed");
    }
    ShardMap seen = leaders.map();
    if (seen == null) {
      throw Problem.unavailable("the shards are not placed yet");
    }
    if (shard < 0 || shard >= seen.shardCount()) {
      throw Problem.notFound("there is no shard " + shard);
    }
    if (seen.epoch() == 1) {
      requireLeaders(shards(request));
    }
    try {
      ShardMap map = leaders.prefer(seen, shard, store);
      if (map == null) {
        throw Problem.conflict("the shard map has changed meanwhile; look at it first");
      }
      return new Preferred(shard, map.epoch(), map.replicas().get(shard));
    } catch (IllegalArgumentException e) {
      throw Problem.conflict(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw Problem.unavailable("it is not known whether the shard map was changed: " + e);
    }
  }

  /**
   * A map that is not the first tells a store that has not begun a shard that others have: so there
   * is none before all have been begun, of which a leader is the proof.
   */
  private static void requireLeaders(ShardList all) {
    for (ShardEntry one : all.items()) {
      if (one.leader() == null) {
        throw Problem.conflict(
            "shard " + one.shard() + " has no leader that is known; see to that first");
      }
    }
  }
}
