package io.vmqtt.registry.placement;

import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.facts.Fact;
import io.vmqtt.cluster.placement.ShardMap;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Says which of its stores is to lead a shard: the map names it first, and the store that leads
 * hands over as soon as all that hold it are there, and that one is well and has the whole log. So
 * it stays after restarts, and nobody is without a leader meanwhile. Safe from any thread.
 */
public final class PreferredLeaders implements AutoCloseable {
  private final Fact<ShardMap> shardMap;
  private final Registration watch;
  private volatile @Nullable ShardMap known;

  /** Of one cluster. */
  public PreferredLeaders(Fact<ShardMap> shardMap) {
    this.shardMap = shardMap;
    this.watch = shardMap.watch(this::learn);
  }

  /** What it has said itself it may hear later than what it says next. */
  private synchronized void learn(ShardMap map) {
    ShardMap before = known;
    if (before == null || !map.isOfClusterOf(before) || map.isLaterThan(before)) {
      known = map;
    }
  }

  /** What is in force, as far as it is known here; null: the shards are not placed yet. */
  public @Nullable ShardMap map() {
    return known;
  }

  /**
   * Has a store lead a shard.
   *
   * @return the map in which it is the first; null: the map is another by now, and this one did
   *     nothing
   * @throws IllegalArgumentException see {@link ShardMap#prefer}
   * @throws IOException if it is not known whether the map was replaced
   */
  public @Nullable ShardMap prefer(ShardMap seen, int shard, String store) throws IOException {
    ShardMap next = seen.prefer(shard, store);
    if (seen.replicas().get(shard).getFirst().equals(store)) {
      return seen;
    }
    if (!shardMap.replace(seen, next)) {
      return null;
    }
    learn(next);
    return next;
  }

  @Override
  public void close() {
    watch.close();
  }
}
