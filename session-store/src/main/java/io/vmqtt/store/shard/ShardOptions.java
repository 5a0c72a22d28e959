package io.vmqtt.store.shard;

import java.util.function.BooleanSupplier;

/**
 * Bounds of what a shard takes in.
 *
 * @param entries those of its log entries
 * @param diskIsFull whether publishes are refused for want of room
 */
public record ShardOptions(EntryBounds entries, BooleanSupplier diskIsFull) {}
