package io.vmqtt.store.shard;

/**
 * What a shard has of a namespace.
 *
 * @param sessions how many
 * @param queueBytes what the messages in their queues count for
 * @param retainedBytes what its retained messages count for
 */
public record NamespaceHoldings(int sessions, long queueBytes, long retainedBytes) {}
