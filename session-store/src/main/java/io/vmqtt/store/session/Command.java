package io.vmqtt.store.session;

import io.vmqtt.model.PublishKey;
import io.vmqtt.model.TopicFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a shard can be told to do. All of them are idempotent: a sender may send them again. */
public sealed interface Command {

  /** A command of a connection that must own its session. */
  sealed interface Owned extends Command {
    /** The session. */
    long session();

    /** The attachment under which the sender believes to own it. */
    long epoch();
  }

  /**
   * Makes a connection the owner of a client's session.
   *
   * @param key a copy that comes late does nothing
   */
  record Attach(
      String clientId,
      long gateway,
      long connection,
      boolean cleanStart,
      long expirySeconds,
      int receiveMaximum,
      @Nullable Will will,
      @Nullable PublishKey key)
      implements Command {}

  /**
   * Ends an attachment.
   *
   * @param normal true: the will is deleted
   * @param newExpirySeconds null: unchanged
   * @param sentThrough highest delivery written to the client
   */
  record Detach(
      long session, long epoch, boolean normal, @Nullable Long newExpirySeconds, long sentThrough)
      implements Owned {}

  /**
   * Adds or replaces subscriptions.
   *
   * @param maxSubscriptions how many the session may have then; 0: any number
   */
  record Subscribe(
      long session, long epoch, List<SubscriptionTerms> subscriptions, int maxSubscriptions)
      implements Owned {

    /** Without a limit. */
    public Subscribe(long session, long epoch, List<SubscriptionTerms> subscriptions) {
      this(session, epoch, subscriptions, 0);
    }
  }

  /** Removes subscriptions. */
  record Unsubscribe(long session, long epoch, List<TopicFilter> filters) implements Owned {}

  /**
   * Changes nothing: tells what is subscribed.
   *
   * @param afterFilter only filters after this one; empty: from the start
   */
  record ReadSubscriptions(long session, long epoch, String afterFilter) implements Owned {}

  /** Deliveries that ended. */
  record Acknowledge(long session, long epoch, List<Long> sequences) implements Owned {}

  /** Deliveries of QoS 2 that the client has. */
  record Receive(long session, long epoch, List<Long> sequences) implements Owned {}

  /** A QoS 2 publish of the client has arrived. */
  record BeginInbound(long session, long epoch, int packetId) implements Owned {}

  /** PUBREL of a QoS 2 publish has arrived. */
  record EndInbound(long session, long epoch, int packetId) implements Owned {}

  /** Puts messages into the session's queue, whatever it subscribes to. */
  record Enqueue(
      long session,
      long epoch,
      List<Publication> messages,
      int identifier,
      @Nullable PublishKey key)
      implements Owned {}

  /**
   * A message for the shard.
   *
   * @param key present where a copy that comes late must change nothing
   * @param deliver match the subscriptions
   * @param keep store it as (or, empty, delete) the topic's retained message
   * @param shares groups that the shard serves with one member each
   */
  record Publish(
      Publication publication,
      @Nullable PublishKey key,
      boolean deliver,
      boolean keep,
      List<RouteKey> shares)
      implements Command {

    /** The key for keeping it; null: it has none. */
    public @Nullable PublishKey retainingKey() {
      return key == null ? null : key.ofRetaining();
    }
  }

  /** A gateway died: some of its attachments end, abnormally; to be repeated until none is left. */
  record GatewayGone(long gateway) implements Command {}

  /** Whatever is due by now happens, as far as it fits; to be repeated until nothing is due. */
  record Due() implements Command {}

  /** A router has taken a publish of the shard's own. */
  record PublishTaken(long number) implements Command {}

  /** Messages that an ended session left are with others, or there is nobody to have them. */
  record LeftSettled(long session, List<Long> sequences) implements Command {}

  /**
   * A message in the queue of a session is for others of the share group by way of which it came:
   * its client may not have it.
   */
  record HandOn(long session, long epoch, long sequence, Publication publication, RouteKey share)
      implements Command {}

  /** Nothing: somebody waits for what is before it. */
  record Pass() implements Command {}

  /** A publish that cannot be taken: answered in its turn. */
  record Refuse(int reasonCode) implements Command {}

  /**
   * Deliveries whose message expired before they began.
   *
   * @param epoch of the attachment that did not begin them; a later one may have
   */
  record Expire(long session, long epoch, List<Long> sequences) implements Command {}

  /**
   * Messages that wait for a client are given up, as far as their delivery has not begun: some of
   * them; to be repeated until none is left.
   *
   * @param through those with sequences up to this one
   */
  record ClearQueue(long session, long through) implements Command {}

  /**
   * A message that an operator has for one session: if that has subscribed to the topic, other than
   * as a member of a share group. Nobody else gets it.
   */
  record Deliver(long session, Publication publication) implements Command {}

  /** Sessions may outlive their connections for so long at most, whatever they were granted. */
  record LimitExpiry(long seconds, List<Long> sessions) implements Command {}

  /** A delivery whose own packet id is in use needs another. */
  record AllotPacketId(long session, long sequence) implements Command {}
}
