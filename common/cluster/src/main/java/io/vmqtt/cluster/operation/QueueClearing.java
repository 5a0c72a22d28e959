package io.vmqtt.cluster.operation;

/**
 * Messages that wait for a client are to be given up, some of them at a time, as far as their
 * delivery has not begun.
 *
 * @param session the number of the session that is meant; 0: the one that there is
 * @param through those with sequences up to this one; 0: all that wait now
 */
public record QueueClearing(ClientName client, long session, long through) {
  /** All that wait for a client now. */
  public static QueueClearing of(ClientName client) {
    return new QueueClearing(client, 0, 0);
  }
}
