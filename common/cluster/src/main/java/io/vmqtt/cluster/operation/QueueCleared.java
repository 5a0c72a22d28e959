package io.vmqtt.cluster.operation;

/**
 * What became of a queue, as far as it was cleared; that is committed.
 *
 * @param leads whether the store leads the shard of the client; else the rest says nothing
 * @param exists whether there is such a session
 * @param cleared how many messages are gone; 0: there are no more of them
 * @param session its number, for the next piece: the client may have another by then
 * @param through what was asked for, so that none is given up which came later
 */
public record QueueCleared(boolean leads, boolean exists, int cleared, long session, long through) {
  /** Another store leads. */
  public static final QueueCleared ELSEWHERE = new QueueCleared(false, false, 0, 0, 0);

  /** There is no such session. */
  public static final QueueCleared NO_SESSION = new QueueCleared(true, false, 0, 0, 0);
}
