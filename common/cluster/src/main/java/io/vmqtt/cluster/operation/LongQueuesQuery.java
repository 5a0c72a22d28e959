package io.vmqtt.cluster.operation;

import org.jspecify.annotations.Nullable;

/**
 * Which sessions have the longest queues.
 *
 * @param namespace the one that is of interest; null: all
 */
public record LongQueuesQuery(@Nullable String namespace) {}
