package io.vmqtt.cluster.operation;

import java.util.List;

/** Retained messages of the shards that one store leads, each by itself. */
public record RetainedShards(List<OfShard> shards) {
  public RetainedShards {
    shards = List.copyOf(shards);
  }

  /**
   * Of one shard.
   *
   * @param through there may be others behind this topic; empty: there are none
   */
  public record OfShard(int shard, List<MessageInfo> messages, String through) {
    public OfShard {
      messages = List.copyOf(messages);
    }
  }
}
