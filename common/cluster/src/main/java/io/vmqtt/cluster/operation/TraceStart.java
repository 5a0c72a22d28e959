package io.vmqtt.cluster.operation;

import org.jspecify.annotations.Nullable;

/**
 * Whether a node writes down what was asked for.
 *
 * @param refusal why it does not; null: it does
 */
public record TraceStart(@Nullable String refusal) {}
