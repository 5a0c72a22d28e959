package io.vmqtt.registry.placement;

import io.vmqtt.cluster.placement.ShardMap;
import java.util.Collection;

/**
 * How a new cluster is laid out; nothing of it matters once it exists.
 *
 * @param shards how many shards the cluster has for all its life
 * @param replicationFactor on how many stores each lies
 * @param initialStores how many stores must be healthy before shards are placed
 */
public record PlacementPlan(int shards, int replicationFactor, int initialStores) {
  public static final int MOST_SHARDS = 1_024;
  public static final int MOST_REPLICAS = 9;
  public static final int MOST_STORES = 1_000;

  public PlacementPlan {
    requireWithin("the number of shards", shards, MOST_SHARDS);
    requireWithin("the replication factor", replicationFactor, MOST_REPLICAS);
    requireWithin("the number of initial stores", initialStores, MOST_STORES);
  }

  private static void requireWithin(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(what + " must be 1 to " + most + ", not " + value);
    }
  }

  /** How many stores to wait for: also as many as a shard has replicas. */
  int stores() {
    return Math.max(initialStores, replicationFactor);
  }

  ShardMap place(Collection<Store> stores) {
    return Rendezvous.place(stores, shards, replicationFactor);
  }
}
