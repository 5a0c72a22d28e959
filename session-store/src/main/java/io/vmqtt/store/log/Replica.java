package io.vmqtt.store.log;

/**
 * A replica of a shard.
 *
 * @param nodeId the store's id
 * @param address host and port of its Raft
 */
public record Replica(String nodeId, String address) {}
