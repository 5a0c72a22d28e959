package io.vmqtt.simulation.cluster;

import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.placement.ClusterFacts;
import io.vmqtt.cluster.placement.ShardMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The facts of a cluster whose shards stay where they are. */
record FixedFacts(ShardMap map, Executor thread) implements ClusterFacts {

  @Override
  public Registration watchShardMap(Consumer<ShardMap> listener) {
    thread.execute(() -> listener.accept(map));
    return () -> {};
  }

  @Override
  public ShardMap createShardMap(ShardMap proposed) {
    return map;
  }

  @Override
  public boolean replaceShardMap(ShardMap inForce, ShardMap next) {
    return false;
  }

  @Override
  public void close() {}
}
