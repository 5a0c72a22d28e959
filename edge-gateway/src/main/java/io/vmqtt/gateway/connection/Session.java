package io.vmqtt.gateway.connection;

import io.vmqtt.model.Message;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.TopicFilter;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The session that a connection owns: on this gateway if it ends with the connection, else at its
 * shard. Answers come on the thread of the connection; a session on this gateway may give them from
 * within the call.
 */
public sealed interface Session permits Session.Transient, Session.Durable {

  /** One that lives on this gateway. */
  non-sealed interface Transient extends Session {}

  /** One that lives at a shard, which pushes deliveries and assigns their packet ids. */
  non-sealed interface Durable extends Session {

    /** A delivery has ended. */
    void acknowledge(long sequence);

    /**
     * A delivery has ended because the client may not have it. Others have it instead, if it came
     * by way of a share group.
     */
    void withhold(long sequence);

    /** The client has a QoS 2 delivery; {@code noted} when PUBREL may leave. */
    void receive(long sequence, Runnable noted);

    /**
     * A push did not come, or could not be taken; all from there on are to be pushed again.
     *
     * @return false if that was asked before, and is not answered yet
     */
    boolean missedDelivery();
  }

  /** What became of one subscription. */
  enum Subscribed {
    ADDED,
    REPLACED,
    /** The session has as many as it may have. */
    NO_ROOM,
    /** Its shard calls the request wrong. */
    REFUSED
  }

  /**
   * Subscribes; the answer comes when every live router knows.
   *
   * @param maxSubscriptions how many the session may have
   * @param subscribed per subscription, what became of it
   */
  void subscribe(
      List<Subscription> subscriptions,
      int maxSubscriptions,
      Consumer<List<Subscribed>> subscribed);

  /** What became of one filter of UNSUBSCRIBE. */
  enum Unsubscribed {
    REMOVED,
    /** There was none. */
    ABSENT,
    /** Its shard calls the request wrong. */
    REFUSED
  }

  /**
   * Unsubscribes.
   *
   * @param unsubscribed per filter, what became of it
   */
  void unsubscribe(List<TopicFilter> filters, Consumer<List<Unsubscribed>> unsubscribed);

  /** Is told what is subscribed. */
  interface Subscriptions {

    /**
     * Some of it.
     *
     * @param last whether that was all
     */
    void are(List<Subscription> some, boolean last);
  }

  /**
   * Tells what is subscribed, after all that was asked for before; in as many calls as it takes.
   */
  void subscriptions(Subscriptions told);

  /** Sends the retained messages of new subscriptions, after SUBACK, at the client's pace. */
  void sendRetained(List<Subscription> subscriptions);

  /** The client may take more than before. */
  void roomForMore();

  /** Notes the packet id of a QoS 2 publish; a repeated one gets the key of the first. */
  void beginInbound(int packetId, Consumer<PublishKey> begun);

  /**
   * Publishes at QoS 1 what is to be retained: late copies, of this connection or of one before,
   * must not replace what comes after.
   */
  void publishRetained(Message message, Cluster.PublishCallback callback);

  /** PUBREL: the packet id is free again. */
  void endInbound(int packetId, Runnable ended);

  /**
   * The connection is over. Nothing of it may be used afterwards.
   *
   * @param clean DISCONNECT without will
   * @param sessionExpirySeconds new value from DISCONNECT, or null
   * @param sentThrough highest delivery sequence that was written to the client
   */
  void detach(boolean clean, @Nullable Long sessionExpirySeconds, long sentThrough);
}
