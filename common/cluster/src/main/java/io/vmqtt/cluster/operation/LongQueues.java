package io.vmqtt.cluster.operation;

import java.util.List;

/**
 * The sessions with the longest queues, of the shards that one store leads.
 *
 * @param queues messages by client id, the most first, {@link TopList#MOST} at most
 */
public record LongQueues(List<TopList.Item> queues) {}
