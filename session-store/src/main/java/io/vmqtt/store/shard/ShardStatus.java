package io.vmqtt.store.shard;

/**
 * How a shard is doing here.
 *
 * @param shard its number
 * @param leader whether this store leads it
 * @param term Raft term of that leadership; 0: not leading
 * @param appliedIndex log index up to which its state is
 * @param sessions how many sessions it has
 * @param attached how many of them have a connection that messages are pushed to
 * @param queued how many messages their queues hold
 */
public record ShardStatus(
    int shard,
    boolean leader,
    long term,
    long appliedIndex,
    int sessions,
    int attached,
    long queued) {}
