package io.vmqtt.gateway.access;

/**
 * Rules of a client's own as whoever asks by them has made them ready, once for all clients that
 * have the same. Never changed; safe from any thread.
 */
public interface ReadyRules {}
