package io.vmqtt.cluster.operation;

/**
 * Messages that wait for a client are to be given up, some of them at a time, as far as their
 * delivery has not begun.
 *
 * @param through those with sequences up to this one; 0: all that wait now
 */
public record QueueClearing(ClientName client, long through) {}
