package io.vmqtt.gateway.connection;

import io.vmqtt.model.SubscriptionOptions;

/**
 * One topic filter of SUBSCRIBE, unchecked.
 *
 * @param filter as sent
 * @param options as sent
 */
public record RequestedSubscription(String filter, SubscriptionOptions options) {}
