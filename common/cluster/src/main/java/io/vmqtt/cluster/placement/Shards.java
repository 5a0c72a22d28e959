package io.vmqtt.cluster.placement;

import com.google.common.hash.Hashing;

/** The shard that a client id or a topic belongs to. */
public final class Shards {
  private Shards() {}

  /**
   * The shard of {@code key}: a client id for sessions, a topic for its retained message. Fixed for
   * all time and for every process: durable state lies where this function put it.
   *
   * @param shardCount how many shards the cluster has
   * @return from 0 to {@code shardCount} - 1
   * @throws IllegalArgumentException if {@code shardCount} is not positive
   */
  public static int shardOf(String key, int shardCount) {
    return Hashing.consistentHash(KeyHash.of(key), shardCount);
  }
}
