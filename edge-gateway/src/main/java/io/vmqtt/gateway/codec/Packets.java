package io.vmqtt.gateway.codec;

import static io.vmqtt.gateway.codec.PropertyWriter.writeProperty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vmqtt.gateway.connection.AuthenticationData;
import io.vmqtt.gateway.connection.ClientOutput.ConnectAccepted;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.model.ConnectReturnCode;
import io.vmqtt.model.ReasonCode;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes every packet that a broker sends but PUBLISH. Source: MQTT 3.1.1 and 5.0, chapter 3. */
public final class Packets {
  public static final int PUBACK = 0x40;
  public static final int PUBREC = 0x50;
  public static final int PUBREL = 0x62;
  public static final int PUBCOMP = 0x70;
  public static final int SUBACK = 0x90;
  public static final int UNSUBACK = 0xB0;
  private static final int CONNACK = 0x20;
  private static final int PINGRESP = 0xD0;
  private static final int DISCONNECT = 0xE0;
  private static final int AUTH = 0xF0;

  private Packets() {}

  static int variableLengthBytes(int value) {
    return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
  }

  static void writeVariableLength(ByteBuf out, int value) {
    int left = value;
    while (left > 127) {
      out.writeByte((left & 0x7F) | 0x80);
      left >>>= 7;
    }
    out.writeByte(left);
  }

  public static void writeConnAck(ByteBuf out, ConnectAccepted accepted, Limits limits) {
    out.writeByte(CONNACK);
    int flags = accepted.sessionPresent() ? 1 : 0;
    if (accepted.version() == ProtocolVersion.V3) {
      out.writeByte(2).writeByte(flags).writeByte(0);
      return;
    }
    ByteBuf properties = out.alloc().heapBuffer(64);
    try {
      writeConnAckProperties(properties, accepted, limits, true);
      if (connAckBytes(properties) > accepted.maximumPacketBytes()) {
        writeConnAckProperties(properties.clear(), accepted, limits, false);
      }
      int length = properties.readableBytes();
      writeVariableLength(out, 2 + variableLengthBytes(length) + length);
      out.writeByte(flags).writeByte(0);
      writeVariableLength(out, length);
      out.writeBytes(properties);
    } finally {
      properties.release();
    }
  }

  /** Whether CONNACK is no larger than its client allows, once all is left out that can be. */
  public static boolean connAckFits(ConnectAccepted accepted, Limits limits) {
    if (accepted.maximumPacketBytes() == Long.MAX_VALUE) {
      return true;
    }
    ByteBuf properties = Unpooled.buffer(64);
    writeConnAckProperties(properties, accepted, limits, false);
    return connAckBytes(properties) <= accepted.maximumPacketBytes();
  }

  private static int connAckBytes(ByteBuf properties) {
    int length = properties.readableBytes();
    int remaining = 2 + variableLengthBytes(length) + length;
    return 1 + variableLengthBytes(remaining) + remaining;
  }

  /**
   * What a client has to know, and, with {@code all}, what it can do without: topic aliases, and
   * which packets are too large, which it is told when it sends one.
   */
  private static void writeConnAckProperties(
      ByteBuf properties, ConnectAccepted accepted, Limits limits, boolean all) {
    if (accepted.sessionExpirySeconds() != 0) {
      writeProperty(properties, Property.SESSION_EXPIRY_INTERVAL, accepted.sessionExpirySeconds());
    }
    writeProperty(properties, Property.RECEIVE_MAXIMUM, limits.receiveMaximum());
    if (all) {
      writeProperty(properties, Property.MAXIMUM_PACKET_SIZE, limits.maxPacketBytes());
    }
    if (all && limits.topicAliasMaximum() > 0) {
      writeProperty(properties, Property.TOPIC_ALIAS_MAXIMUM, limits.topicAliasMaximum());
    }
    String assigned = accepted.assignedClientId();
    if (assigned != null) {
      writeProperty(properties, Property.ASSIGNED_CLIENT_IDENTIFIER, assigned);
    }
    Integer keepAliveSeconds = accepted.serverKeepAliveSeconds();
    if (keepAliveSeconds != null) {
      writeProperty(properties, Property.SERVER_KEEP_ALIVE, keepAliveSeconds);
    }
    AuthenticationData authentication = accepted.authentication();
    if (authentication != null) {
      writeAuthentication(properties, authentication);
    }
  }

  private static void writeAuthentication(ByteBuf properties, AuthenticationData said) {
    writeProperty(properties, Property.AUTHENTICATION_METHOD, said.method());
    if (said.data().length > 0) {
      writeProperty(properties, Property.AUTHENTICATION_DATA, ByteBuffer.wrap(said.data()));
    }
  }

  /** AUTH, whole; without what could be left out. */
  public static ByteBuf auth(ReasonCode reason, AuthenticationData said) {
    ByteBuf properties = Unpooled.buffer();
    writeAuthentication(properties, said);
    int length = properties.readableBytes();
    ByteBuf out = Unpooled.buffer();
    out.writeByte(AUTH);
    writeVariableLength(out, 1 + variableLengthBytes(length) + length);
    out.writeByte(reason.value());
    writeVariableLength(out, length);
    return out.writeBytes(properties);
  }

  public static void writeConnectRefused(ByteBuf out, ProtocolVersion version, ReasonCode reason) {
    if (version == ProtocolVersion.V5) {
      out.writeByte(CONNACK).writeByte(3).writeByte(0).writeByte(reason.value()).writeByte(0);
    } else {
      ConnectReturnCode.of(reason)
          .ifPresent(
              code -> out.writeByte(CONNACK).writeByte(2).writeByte(0).writeByte(code.value()));
    }
  }

  /** PUBACK, PUBREC, PUBREL or PUBCOMP; success needs no reason code. */
  public static void writePublishReply(
      ByteBuf out, int type, ProtocolVersion version, int packetId, ReasonCode reason) {
    out.writeByte(type);
    if (version == ProtocolVersion.V3 || reason == ReasonCode.SUCCESS) {
      out.writeByte(2).writeShort(packetId);
    } else {
      out.writeByte(3).writeShort(packetId).writeByte(reason.value());
    }
  }

  /** SUBACK or UNSUBACK; the latter has no reason codes before MQTT 5. */
  public static void writeReasons(
      ByteBuf out, int type, ProtocolVersion version, int packetId, List<ReasonCode> reasons) {
    out.writeByte(type);
    boolean withReasons = version == ProtocolVersion.V5 || type == SUBACK;
    int properties = version == ProtocolVersion.V5 ? 1 : 0;
    writeVariableLength(out, 2 + properties + (withReasons ? reasons.size() : 0));
    out.writeShort(packetId);
    out.writeZero(properties);
    if (withReasons) {
      for (ReasonCode reason : reasons) {
        out.writeByte(reason.value());
      }
    }
  }

  public static void writePingResp(ByteBuf out) {
    out.writeByte(PINGRESP).writeByte(0);
  }

  /** DISCONNECT of MQTT 5. */
  public static void writeDisconnect(ByteBuf out, ReasonCode reason) {
    out.writeByte(DISCONNECT).writeByte(2).writeByte(reason.value()).writeByte(0);
  }
}
