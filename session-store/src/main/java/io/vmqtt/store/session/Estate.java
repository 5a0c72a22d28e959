package io.vmqtt.store.session;

/**
 * What a session left when it ended that others may have: the messages that reached it by way of
 * share groups, and that its client has not acknowledged. Changed by {@link ShardState} only.
 */
public final class Estate {
  private final long session;
  private final long begunThrough;
  private final Backlog left;

  Estate(long session, long begunThrough, Backlog left) {
    this.session = session;
    this.begunThrough = begunThrough;
    this.left = left;
  }

  /** The number of the session, which no other gets. */
  public long session() {
    return session;
  }

  /** Deliveries up to this sequence may have been sent to its client. */
  public long begunThrough() {
    return begunThrough;
  }

  /** What nobody has yet. */
  public Backlog left() {
    return left;
  }
}
