package io.vmqtt.store.session;

/**
 * A will whose time has come and that no router has confirmed yet.
 *
 * @param number the shard's number of it
 * @param publication what to publish
 * @param expiresAtMillis when the message expires; 0: never
 */
public record PendingWill(long number, Publication publication, long expiresAtMillis) {}
