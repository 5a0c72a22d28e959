package io.vmqtt.cluster.placement;

import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Watched;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** The facts of a cluster that is one process: they live and end with it. */
public final class EmbeddedClusterFacts implements ClusterFacts {
  private final ExecutorService notifier =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("cluster-facts").factory());
  private final Watched<ShardMap> shardMap = new Watched<>(notifier);

  @Override
  public Registration watchShardMap(Consumer<ShardMap> listener) {
    return shardMap.watch(listener);
  }

  @Override
  public synchronized ShardMap createShardMap(ShardMap proposed) {
    ShardMap inForce = shardMap.newest();
    if (inForce != null) {
      return inForce;
    }
    shardMap.set(proposed);
    return proposed;
  }

  @Override
  public synchronized boolean replaceShardMap(ShardMap inForce, ShardMap next) {
    boolean replaced = inForce.equals(shardMap.newest());
    if (replaced) {
      shardMap.set(next);
    }
    return replaced;
  }

  @Override
  public void close() {
    notifier.shutdownNow();
  }
}
