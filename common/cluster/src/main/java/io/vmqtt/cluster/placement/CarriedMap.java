package io.vmqtt.cluster.placement;

import org.jspecify.annotations.Nullable;

/**
 * What a store answers to {@code GET} {@link #PATH}: the shard map on its disk, which outlives any
 * memory of Consul.
 *
 * @param store the id of the store that answers
 * @param shardMap the latest map that it has heard of; null where it has never heard of one
 */
public record CarriedMap(String store, @Nullable ShardMap shardMap) {
  public static final String PATH = "/node/shard-map";
}
