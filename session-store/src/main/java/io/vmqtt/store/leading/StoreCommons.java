package io.vmqtt.store.leading;

/**
 * What the leaderships of a store have in common.
 *
 * @param gateways which gateways are given up
 */
public record StoreCommons(
    StoreClock clock, GatewayWatch gateways, LeadingOptions options, LeadingCounts counts) {}
