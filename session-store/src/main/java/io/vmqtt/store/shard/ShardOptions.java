package io.vmqtt.store.shard;

import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.wire.SessionExpiry;
import java.util.function.BooleanSupplier;

/**
 * Bounds and times of a shard.
 *
 * @param limits bounds of queues
 * @param maxEntryCommands commands in one log entry
 * @param maxEntryBytes bytes of commands in one log entry; a larger command travels alone
 * @param maxCommandBytes a larger command is refused
 * @param maxEntriesInFlight log entries on their way at once
 * @param maxPendingCommands commands that wait for a log entry before links are held back
 * @param routerLeaseMillis how long a router that has no link may serve with the routes that it has
 * @param expiry how long sessions may outlive their connections
 * @param diskIsLow whether routers are to refuse messages for want of room
 * @param diskIsFull whether what still comes of them is refused here
 */
public record ShardOptions(
    QueueLimits limits,
    int maxEntryCommands,
    int maxEntryBytes,
    int maxCommandBytes,
    int maxEntriesInFlight,
    int maxPendingCommands,
    long routerLeaseMillis,
    SessionExpiry expiry,
    BooleanSupplier diskIsLow,
    BooleanSupplier diskIsFull) {}
