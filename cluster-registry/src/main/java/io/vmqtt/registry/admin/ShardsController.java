package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.registry.placement.PreferredLeaders;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/shards/{shard}/leader}: who is to lead a shard. */
@Controller("/api/v1/shards")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ShardsController {
  private final PreferredLeaders leaders;

  ShardsController(PreferredLeaders leaders) {
    this.leaders = leaders;
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
   * <p>It does so after restarts, too. The one that leads hands over as soon as that store is well
   * and has all that was written, within seconds; until then it leads on, and no client notices.
   */
  @Put("/{shard}/leader")
  @MayRefuse({404, 409})
  @RequiresRole(OperatorRole.OPERATOR)
  Preferred prefer(HttpRequest<?> request, @PathVariable int shard, @Body Wanted wanted) {
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
}
