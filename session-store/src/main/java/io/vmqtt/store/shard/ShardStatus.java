package io.vmqtt.store.shard;

import java.util.List;
import java.util.Map;

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
 * @param toPublish how many messages it has to publish by itself
 */
public record ShardStatus(
    int shard,
    boolean leader,
    long term,
    long appliedIndex,
    int sessions,
    int attached,
    long queued,
    long toPublish) {

  /**
   * The same for people and JSON.
   *
   * @param members the ids of the stores that have a vote in it
   */
  public Map<String, Object> figures(List<String> members) {
    return Map.of(
        "shard", shard,
        "role", leader ? "leader" : "replica",
        "term", term,
        "appliedIndex", appliedIndex,
        "sessions", sessions,
        "attached", attached,
        "queued", queued,
        "members", members);
  }
}
