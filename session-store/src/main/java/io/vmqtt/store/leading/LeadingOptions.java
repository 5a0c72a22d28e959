package io.vmqtt.store.leading;

import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.wire.SessionExpiry;
import java.util.function.BooleanSupplier;

/**
 * Bounds and times of a shard's leader.
 *
 * @param limits bounds of queues
 * @param expiry how long sessions may outlive their connections
 * @param routerLeaseMillis how long a router that has no link may serve with the routes that it has
 * @param diskIsLow whether routers are to refuse messages for want of room
 */
public record LeadingOptions(
    QueueLimits limits, SessionExpiry expiry, long routerLeaseMillis, BooleanSupplier diskIsLow) {}
