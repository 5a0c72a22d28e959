package io.vmqtt.gateway.transport;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.vmqtt.gateway.codec.PacketReader;
import io.vmqtt.gateway.connection.AuthenticationData;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.connection.ProtocolViolation;
import io.vmqtt.model.ReasonCode;
import org.jspecify.annotations.Nullable;

/** Packets of a client as its connection knows them, but for CONNECT and PUBLISH. */
final class ClientPackets {
  private static final int FAILURE = 0x80;

  private ClientPackets() {}

  /** Has the connection handle one. */
  static void handle(Connection connection, MqttMessage message) {
    switch (message.fixedHeader().messageType()) {
      case PUBACK -> connection.pubAck(packetId(message));
      case PUBREC -> connection.pubRec(packetId(message), isFailure(message));
      case PUBREL -> connection.pubRel(packetId(message));
      case PUBCOMP -> connection.pubComp(packetId(message));
      case SUBSCRIBE -> {
        MqttSubscribeMessage subscribe = (MqttSubscribeMessage) message;
        connection.subscribe(
            subscribe.variableHeader().messageId(),
            PacketReader.subscriptions(subscribe),
            PacketReader.subscriptionIdentifier(subscribe));
      }
      case UNSUBSCRIBE -> {
        MqttUnsubscribeMessage unsubscribe = (MqttUnsubscribeMessage) message;
        connection.unsubscribe(
            unsubscribe.variableHeader().messageId(), unsubscribe.payload().topics());
      }
      case PINGREQ -> connection.pingReq();
      case DISCONNECT -> disconnect(connection, message);
      case AUTH -> auth(connection, message);
      case CONNECT, PUBLISH ->
          throw new IllegalArgumentException(message.fixedHeader().messageType().name());
      case CONNACK, SUBACK, UNSUBACK, PINGRESP ->
          throw new ProtocolViolation(
              ReasonCode.PROTOCOL_ERROR,
              "a client does not send " + message.fixedHeader().messageType());
    }
  }

  private static void auth(Connection connection, MqttMessage message) {
    var header = (MqttReasonCodeAndPropertiesVariableHeader) message.variableHeader();
    AuthenticationData said = PacketReader.authentication(header.properties());
    if (said == null) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "AUTH without a method [3.15.2.2.2]");
    }
    connection.auth(ReasonCode.of(header.reasonCode()), said);
  }

  private static void disconnect(Connection connection, MqttMessage message) {
    if (message.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header) {
      boolean normal =
          header.reasonCode() == MqttReasonCodeAndPropertiesVariableHeader.REASON_CODE_OK;
      connection.disconnect(
          normal ? ReasonCode.NORMAL_DISCONNECTION : ReasonCode.DISCONNECT_WITH_WILL_MESSAGE,
          PacketReader.sessionExpiry(header.properties()));
    } else {
      connection.disconnect(ReasonCode.NORMAL_DISCONNECTION, null);
    }
  }

  /** Of a packet that has one and is no PUBLISH. */
  static int packetId(MqttMessage message) {
    return ((MqttMessageIdVariableHeader) message.variableHeader()).messageId();
  }

  /** Whether it is PUBACK, PUBREC, PUBREL or PUBCOMP, and says that something went wrong. */
  static boolean isFailure(MqttMessage message) {
    return message.variableHeader() instanceof MqttPubReplyMessageVariableHeader header
        && (header.reasonCode() & FAILURE) != 0;
  }

  /** What the decoder has found to be wrong. */
  static ProtocolViolation violation(@Nullable Throwable cause) {
    ReasonCode reason =
        switch (cause) {
          case ProtocolViolation own -> own.reason();
          case TooLongFrameException _ -> ReasonCode.PACKET_TOO_LARGE;
          case MqttUnacceptableProtocolVersionException _ ->
              ReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
          case null, default -> ReasonCode.MALFORMED_PACKET;
        };
    return new ProtocolViolation(reason, String.valueOf(cause == null ? null : cause.getMessage()));
  }

  /** What must not come before CONNACK need not wait for it. */
  static boolean mayWait(Connection connection, MqttMessage message) {
    @Nullable MqttFixedHeader header = message.fixedHeader(); // null: it is invalid
    return !connection.isProving()
        || (header != null
            && (header.messageType() == MqttMessageType.AUTH
                || header.messageType() == MqttMessageType.DISCONNECT));
  }

  /** Of a version that its listener does not take. */
  static ProtocolViolation foreign(MqttConnectMessage message) {
    return new ProtocolViolation(
        ReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
        "the listener takes no clients of level " + message.variableHeader().version());
  }
}
