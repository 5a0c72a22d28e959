package io.vmqtt.cluster.placement;

import java.util.HashSet;
import java.util.List;

/**
 * Which stores hold which shard. Immutable; a later map of the same cluster has a higher epoch and
 * the same number of shards.
 *
 * @param epoch counts the versions of the map, from 1
 * @param replicationFactor how many stores hold each shard, at most
 * @param replicas per shard, by its number: the ids of the stores that hold it, the preferred
 *     leader first; never empty
 */
public record ShardMap(long epoch, int replicationFactor, List<List<String>> replicas) {

  public ShardMap {
    if (epoch < 1) {
      throw new IllegalArgumentException("the epoch of a shard map starts at 1, not " + epoch);
    }
    if (replicationFactor < 1) {
      throw new IllegalArgumentException("impossible replication factor " + replicationFactor);
    }
    if (replicas.isEmpty()) {
      throw new IllegalArgumentException("a shard map needs a shard");
    }
    replicas = replicas.stream().map(List::copyOf).toList();
    for (int shard = 0; shard < replicas.size(); shard++) {
      requireReplicas(shard, replicas.get(shard), replicationFactor);
    }
  }

  private static void requireReplicas(int shard, List<String> stores, int replicationFactor) {
    if (stores.isEmpty() || stores.size() > replicationFactor) {
      throw new IllegalArgumentException(
          "shard " + shard + " has " + stores.size() + " replicas, not 1 to " + replicationFactor);
    }
    if (new HashSet<>(stores).size() != stores.size()) {
      throw new IllegalArgumentException("shard " + shard + " names a store twice: " + stores);
    }
  }

  /** How many shards the cluster has: fixed when it was created. */
  public int shardCount() {
    return replicas.size();
  }
}
