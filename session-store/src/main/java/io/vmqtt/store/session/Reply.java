package io.vmqtt.store.session;

import io.vmqtt.model.PublishKey;
import java.util.List;

/** What a command is answered with, once its changes are committed. */
public sealed interface Reply {

  /** Done, and nothing more to say. */
  Reply DONE = new Done();

  /** Done. */
  record Done() implements Reply {}

  /** Why nothing was changed. */
  enum Reason {
    /** The session has a newer owner, or none of this name exists. */
    NOT_OWNER,
    /** A bound was reached. */
    QUOTA_EXCEEDED,
    /** The request itself is wrong. */
    INVALID
  }

  /** Nothing was changed. */
  record Failure(Reason reason, String detail) implements Reply {}

  /**
   * The session is the connection's.
   *
   * @param expirySeconds how long it outlives the connection
   */
  record Attached(long session, long epoch, boolean sessionPresent, long expirySeconds)
      implements Reply {}

  /**
   * What became of subscriptions.
   *
   * @param existed per subscription: whether it existed before
   * @param noRoom places of those that were not made
   */
  record Subscribed(List<Boolean> existed, List<Integer> noRoom) implements Reply {}

  /** Per filter: whether it existed. */
  record Unsubscribed(List<Boolean> existed) implements Reply {}

  /**
   * Some subscriptions of a session, in the order of the texts of their filters.
   *
   * @param through the last filter, if there may be more; else empty
   */
  record SubscriptionsPage(List<SubscriptionTerms> subscriptions, String through)
      implements Reply {}

  /** Under which key to publish. */
  record InboundBegun(PublishKey key) implements Reply {}

  /**
   * Retained messages are in the queue of a session, unless they do not fit.
   *
   * @param lastSequence highest of the queue
   */
  record Enqueued(boolean full, long lastSequence) implements Reply {}

  /** A publish was not taken; the reason code is MQTT's. */
  record Refused(int reasonCode) implements Reply {}
}
