package io.vmqtt.store.leading;

import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.wire.SessionExpiry;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Bounds and times of a shard's leader.
 *
 * @param limits bounds of queues
 * @param expiry how long sessions may outlive their connections
 * @param routerLeaseMillis how long a router that has no link may serve with the routes that it has
 * @param diskIsLow whether routers are to refuse messages for want of room
 * @param quotas what namespaces may have of a shard; another one when that changes
 * @param wills whether wills may still be published
 */
public record LeadingOptions(
    QueueLimits limits,
    SessionExpiry expiry,
    long routerLeaseMillis,
    BooleanSupplier diskIsLow,
    Supplier<ShardQuotas> quotas,
    WillJudge wills) {

  /** Namespaces may have whatever they want, and clients any will. */
  public LeadingOptions(
      QueueLimits limits, SessionExpiry expiry, long routerLeaseMillis, BooleanSupplier diskIsLow) {
    this(
        limits,
        expiry,
        routerLeaseMillis,
        diskIsLow,
        () -> ShardQuotas.NONE,
        WillJudge.withoutRules());
  }
}
