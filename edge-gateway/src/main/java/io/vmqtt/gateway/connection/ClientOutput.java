package io.vmqtt.gateway.connection;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.ReasonCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a connection sends to its client. What is written leaves together soon. */
public interface ClientOutput {

  /** Whether the CONNACK can be told to a client that takes packets of limited size only. */
  boolean fits(ConnectAccepted accepted);

  /** CONNACK that accepts. */
  void connAck(ConnectAccepted accepted);

  /**
   * AUTH (MQTT 5 only).
   *
   * @param maximumPacketBytes what the client takes in one packet
   * @return false: it takes less, and gets nothing
   */
  boolean auth(ReasonCode reason, AuthenticationData data, long maximumPacketBytes);

  /** CONNACK that refuses, then the end of the connection. */
  void refuseConnect(ProtocolVersion version, ReasonCode reason);

  /**
   * PUBLISH.
   *
   * @param packetId 0 at QoS 0
   */
  void publish(Outgoing message, int packetId, boolean dup, Delivery delivery);

  void pubAck(int packetId, ReasonCode reason);

  void pubRec(int packetId, ReasonCode reason);

  void pubRel(int packetId, ReasonCode reason);

  void pubComp(int packetId, ReasonCode reason);

  void subAck(int packetId, List<ReasonCode> reasons);

  void unsubAck(int packetId, List<ReasonCode> reasons);

  void pingResp();

  /** DISCONNECT (MQTT 5 only), then the end of the connection. */
  void disconnect(ReasonCode reason);

  /** The end of the connection without a word. */
  void close();

  /** Something waits for time to pass: the connection is to be looked at within a second. */
  default void lookSoon() {}

  /** False while the client takes so little that no more should be written. */
  boolean isWritable();

  /**
   * True while memory is tight and something waits for the client already: what may be dropped, or
   * be had again later, is not to be written.
   */
  boolean isToBeSpared();

  /** Reading goes on or stops. */
  void setReading(boolean reading);

  /**
   * A message on its way to clients; the encoding is kept with it, so that a fan-out encodes once.
   */
  interface Outgoing {
    /** The message itself. */
    Message message();

    /** Its topic, as clients know it. */
    String topic();

    /** Bytes of a PUBLISH packet of MQTT 5 with it. */
    int encodedBytes(Delivery delivery);

    /** About the bytes that it keeps in memory, for however many clients. */
    int keptBytes();

    /** Whether it is past its time, by the clock of the transport. */
    boolean isExpired();
  }

  /**
   * What CONNACK tells an accepted client.
   *
   * @param version how to say it
   * @param sessionPresent a session was continued
   * @param assignedClientId if the client sent none
   * @param sessionExpirySeconds in force
   * @param serverKeepAliveSeconds if it differs from what the client asked; else null
   * @param maximumPacketBytes what the client takes in one packet
   * @param authentication how it proved who it is; null: not by an authentication method
   */
  record ConnectAccepted(
      ProtocolVersion version,
      boolean sessionPresent,
      @Nullable String assignedClientId,
      long sessionExpirySeconds,
      @Nullable Integer serverKeepAliveSeconds,
      long maximumPacketBytes,
      @Nullable AuthenticationData authentication) {

    /** What one without an authentication method is told. */
    public ConnectAccepted(
        ProtocolVersion version,
        boolean sessionPresent,
        @Nullable String assignedClientId,
        long sessionExpirySeconds,
        @Nullable Integer serverKeepAliveSeconds,
        long maximumPacketBytes) {
      this(
          version,
          sessionPresent,
          assignedClientId,
          sessionExpirySeconds,
          serverKeepAliveSeconds,
          maximumPacketBytes,
          null);
    }

    /** The same for a client that is not told whether there was a session. */
    public ConnectAccepted withoutSessionPresent() {
      return new ConnectAccepted(
          version,
          false,
          assignedClientId,
          sessionExpirySeconds,
          serverKeepAliveSeconds,
          maximumPacketBytes,
          authentication);
    }
  }
}
