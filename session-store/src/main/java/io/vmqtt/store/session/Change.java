package io.vmqtt.store.session;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.PublishKey;
import org.jspecify.annotations.Nullable;

/** One step of a shard's state. Nothing but changes mutates it, in memory and on disk. */
public sealed interface Change {

  /** A session begins or goes on with this header. */
  record SessionSaved(SessionHeader header) implements Change {}

  /** A session goes on as it is, and ends earlier. */
  record ExpiryLimited(SessionHeader header) implements Change {}

  /** A session ends with all it has. */
  record SessionRemoved(long session) implements Change {}

  /**
   * A session ends, and leaves what reached it by way of share groups to their other members: an
   * {@link Estate}.
   *
   * @param begunThrough deliveries up to this sequence may have been sent
   */
  record SessionEnded(long session, long begunThrough) implements Change {}

  /** Of what a session left nothing remains. */
  record EstateSettled(long session) implements Change {}

  /**
   * A connection lost its session to another one and must be told.
   *
   * @param gateway process number
   * @param connection the gateway's number of it
   */
  record ConnectionReplaced(long gateway, long connection) implements Change {}

  /** A session has a subscription, instead of one with an equal filter. */
  record SubscriptionSaved(long session, SubscriptionTerms terms) implements Change {}

  /** A session no longer has a subscription. */
  record SubscriptionRemoved(long session, String filterText) implements Change {}

  /** A message that several sessions of the shard hold. */
  record BodyStored(long body, Publication publication) implements Change {}

  /**
   * A session has a message in its queue.
   *
   * @param sequence one more than that of the message before
   * @param body where the message is stored; 0: with the entry
   * @param share the share group in which it was the session's turn; null: none
   */
  record Queued(
      long session,
      long sequence,
      long body,
      Publication publication,
      Delivery delivery,
      @Nullable RouteKey share)
      implements Change {

    /** Of an ordinary subscription. */
    public Queued(
        long session, long sequence, long body, Publication publication, Delivery delivery) {
      this(session, sequence, body, publication, delivery, null);
    }
  }

  /** A message has left a session's queue, or its estate. */
  record Dequeued(long session, long sequence) implements Change {}

  /**
   * A full queue has lost a message whose delivery had not begun.
   *
   * @param sequence {@link #NEVER_QUEUED}: the message that had just come
   */
  record Dropped(long session, long sequence) implements Change {
    /** No sequence: those of a queue begin with 1. */
    static final long NEVER_QUEUED = 0;

    /** Whether it was in the queue. */
    public boolean wasQueued() {
      return sequence != NEVER_QUEUED;
    }
  }

  /** The client has a message of QoS 2; only its release is left to do. */
  record Received(long session, long sequence) implements Change {}

  /** A delivery has another packet id than that of its sequence. */
  record PacketIdAllotted(long session, long sequence, int packetId) implements Change {}

  /** A packet id of QoS 2 is in use. */
  record InboundOpened(long session, int packetId, long sequence) implements Change {}

  /** A packet id of QoS 2 is free again. */
  record InboundClosed(long session, int packetId) implements Change {}

  /**
   * A publish of a producer was taken.
   *
   * @param key its sequence and low water
   */
  record KeySeen(PublishKey key, long seenAtMillis) implements Change {}

  /** A publish of a producer will not be seen again. */
  record KeyForgotten(long producer, long sequence) implements Change {}

  /** A topic has a retained message; null: none. */
  record Retained(String topic, @Nullable Publication publication) implements Change {}

  /** The shard has something to publish: the time of a will has come, say. */
  record PublishArmed(PendingPublish publish) implements Change {}

  /** What the shard had to publish is with a router. */
  record PublishSettled(long number) implements Change {}

  /** A member of a share group had its turn. */
  record TurnTaken() implements Change {}
}
