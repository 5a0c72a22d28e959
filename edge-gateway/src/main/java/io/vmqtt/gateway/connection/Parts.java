package io.vmqtt.gateway.connection;

import io.vmqtt.model.ReasonCode;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What handles packets of a client that has its session.
 *
 * @param again AUTH; null: the client has come without an authentication method
 */
record Parts(
    Session session,
    Inbound inbound,
    SubscriptionRequests subscriptions,
    Deliveries deliveries,
    @Nullable Reauthentication again) {

  static Parts of(
      Terms terms, Session session, @Nullable Reauthentication again, Consumer<ReasonCode> end) {
    return new Parts(
        session,
        new Inbound(terms, session, end),
        new SubscriptionRequests(terms, session),
        switch (session) {
          case Session.Transient _ -> new TransientDeliveries(terms);
          case Session.Durable durable -> new DurableDeliveries(terms, durable);
        },
        again);
  }

  /** AUTH. */
  void auth(ReasonCode reason, AuthenticationData said) {
    if (again == null) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "AUTH, and no method in CONNECT [MQTT-4.12.0-7]");
    }
    again.auth(reason, said);
  }

  /** The client may do other things than when its session was made, or than before. */
  void accessChanged() {
    subscriptions.endForbidden();
    if (deliveries instanceof DurableDeliveries durable) {
      durable.accessChanged();
    }
  }

  /** Time passes. */
  void look(long nowNanos, long patienceNanos) {
    inbound.look();
    if (again != null) {
      again.look(nowNanos, patienceNanos);
    }
  }

  /** Whether nothing here waits for time to pass. */
  boolean isAtRest() {
    return inbound.isAtRest() && deliveries.isAtRest() && (again == null || again.isAtRest());
  }

  /** Bytes that are kept for the client, or of it. */
  long waitingBytes() {
    return deliveries.waitingBytes() + (again == null ? 0 : again.waitingBytes());
  }

  /**
   * The connection is over.
   *
   * @param clean without the will
   * @param expirySeconds of the session, from now on; null: unchanged
   */
  void close(boolean clean, @Nullable Long expirySeconds) {
    inbound.close();
    subscriptions.close();
    if (again != null) {
      again.close();
    }
    session.detach(clean, expirySeconds, deliveries.sentThrough());
    deliveries.close(); // now that it is no member of any share group
  }
}
