package io.vmqtt.cluster.operation;

import java.util.List;
import java.util.Objects;

/**
 * The sessions with the longest queues, of the shards that one store leads.
 *
 * @param queues messages by client id, the most first, {@link TopList#MOST} at most
 * @param dropped messages that sessions have lost because their queues were full, since they began,
 *     in the same way
 */
public record LongQueues(List<TopList.Item> queues, List<TopList.Item> dropped) {
  /** A store of an earlier version tells of queues alone. */
  public LongQueues {
    dropped = Objects.requireNonNullElse(dropped, List.of());
  }
}
