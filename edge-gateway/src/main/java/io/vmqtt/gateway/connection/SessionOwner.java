package io.vmqtt.gateway.connection;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.ReasonCode;
import org.jspecify.annotations.Nullable;

/** The connection that owns a session, as what comes for the session sees it. On its thread. */
public interface SessionOwner {

  /** What became of a message for a client. */
  enum Delivered {
    /** It is written, or waits. */
    GIVEN,
    /** The client does without it. */
    DROPPED,
    /** Too much waited for the client, and its connection has ended. */
    TOO_MUCH
  }

  /** The session has a new owner, or the cluster wants the connection closed. */
  void lost(ReasonCode reason);

  /** Whether the client would take a further message now. */
  boolean hasRoom();

  /**
   * A message for a session of this gateway.
   *
   * @param shared if a share group has given it to this member; else null
   */
  Delivered deliver(
      ClientOutput.Outgoing message, Delivery delivery, @Nullable SharedMessage shared);

  /** Whether it can take what other members of a share group have left. */
  boolean takesMore();

  /** A delivery of a durable session. */
  void deliver(DurableDelivery delivery);

  /** The highest sequence that came in such a delivery; for resuming. */
  long deliveredThrough();

  /**
   * A retained message after SUBSCRIBE; of a durable session, at QoS 0 only.
   *
   * @return false if the client has no room for it now
   */
  boolean deliverRetained(ClientOutput.Outgoing message, Delivery delivery);
}
