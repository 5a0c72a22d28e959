package io.vmqtt.gateway.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vmqtt.gateway.codec.Property.Place;
import io.vmqtt.gateway.connection.ProtocolViolation;
import io.vmqtt.model.ReasonCode;
import java.nio.charset.StandardCharsets;

/**
 * Reads through one whole packet of a client, and refuses what MQTT forbids and the codec lets
 * pass: fields that go beyond the packet, text that is not UTF-8, properties that are there twice
 * or belong elsewhere, reserved bits. Copies nothing and changes no index.
 *
 * <p>Sections named here are those of MQTT 5.0; 3.1.1 asks for the same where it has the field.
 */
final class PacketCheck {
  /** Of a client identifier of MQTT 3.1; there is at least one. */
  private static final int MAX_CHARACTERS_31 = 23;

  private static final int WILL_FLAG = 0x04;
  private static final int WILL_QOS = 0x18;
  private static final int WILL_RETAIN = 0x20;
  private static final int PASSWORD_FLAG = 0x40;
  private static final int USER_NAME_FLAG = 0x80;

  private static final long AUTHENTICATION_DATA = Property.AUTHENTICATION_DATA.bit();
  private static final long AUTHENTICATION_METHOD = Property.AUTHENTICATION_METHOD.bit();
  private static final long AUTHENTICATION = AUTHENTICATION_METHOD | AUTHENTICATION_DATA;

  private final ByteBuf in;
  private final int first;
  private final boolean v5;
  private final int end;
  private int at;

  /**
   * A packet.
   *
   * @param first its first byte
   * @param at where it goes on behind its length
   * @param end where it ends
   */
  PacketCheck(ByteBuf in, int first, int at, int end, boolean v5) {
    this.in = in;
    this.first = first;
    this.at = at;
    this.end = end;
    this.v5 = v5;
  }

  /**
   * Returns if the packet may go on to the codec.
   *
   * @throws ProtocolViolation otherwise
   */
  void check() {
    switch (first >> 4) {
      case 1 -> connect();
      case 3 -> publish();
      case 4 -> reply(0, ReasonCodes.PUBLISH_ANSWER, Place.PUBACK);
      case 5 -> reply(0, ReasonCodes.PUBLISH_ANSWER, Place.PUBREC);
      case 6 -> reply(2, ReasonCodes.RELEASE, Place.PUBREL);
      case 7 -> reply(0, ReasonCodes.RELEASE, Place.PUBCOMP);
      case 8 -> subscribe();
      case 10 -> unsubscribe();
      case 12 -> {
        flags(0);
        end();
      }
      case 14 -> disconnect();
      case 15 -> auth();
      case 0 -> throw malformed("packet type 0");
      default -> throw notOfClients();
    }
  }

  private ProtocolViolation notOfClients() {
    return new ProtocolViolation(
        ReasonCode.PROTOCOL_ERROR, "a client does not send packets of type " + (first >> 4));
  }

  private void connect() {
    flags(0);
    skip(textLength()); // the protocol's name: the codec knows which there are
    int level = u8();
    if (level < PacketGate.LEVEL_31 || level > PacketGate.LEVEL_5) {
      throw new ProtocolViolation(
          ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, "protocol level " + level);
    }
    int flags = u8();
    boolean will = (flags & WILL_FLAG) != 0;
    if ((flags & 1) != 0
        || (!will && (flags & (WILL_QOS | WILL_RETAIN)) != 0)
        || (flags & WILL_QOS) == WILL_QOS) {
      throw malformed("connect flags " + flags + " [MQTT-3.1.2-3, -11 to -13]");
    }
    if (!v5 && (flags & PASSWORD_FLAG) != 0 && (flags & USER_NAME_FLAG) == 0) {
      throw malformed("password without user name [MQTT-3.1.2-22 of 3.1.1]");
    }
    skip(2);
    long properties = properties(Place.CONNECT);
    if ((properties & AUTHENTICATION) == AUTHENTICATION_DATA) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "authentication data without a method [3.1.2.11.10]");
    }
    clientId(level);
    if (will) {
      properties(Place.WILL);
      text();
      skip(u16());
    }
    if ((flags & USER_NAME_FLAG) != 0) {
      text();
    }
    if ((flags & PASSWORD_FLAG) != 0) {
      skip(u16());
    }
    end();
  }

  private void clientId(int level) {
    int length = textLength();
    if (level == PacketGate.LEVEL_31) {
      int characters = in.toString(at, length, StandardCharsets.UTF_8).length();
      if (characters < 1 || characters > MAX_CHARACTERS_31) {
        throw new ProtocolViolation(
            ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
            "a client identifier of " + characters + " characters [3.1 of MQTT 3.1]");
      }
    }
    skip(length);
  }

  private void publish() {
    int qos = first >> 1 & 3;
    if (qos == 3 || (qos == 0 && (first & 0x08) != 0)) {
      throw malformed("flags of PUBLISH [MQTT-3.3.1-2, -4]");
    }
    int length = textLength();
    if (in.indexOf(at, at + length, (byte) '+') >= 0
        || in.indexOf(at, at + length, (byte) '#') >= 0) {
      throw new ProtocolViolation(
          ReasonCode.TOPIC_NAME_INVALID, "wildcard in a topic name [MQTT-3.3.2-2]");
    }
    skip(length);
    if (qos > 0) {
      skip(2);
    }
    properties(Place.PUBLISH);
  }

  private void reply(int flags, ReasonCodes allowed, Place place) {
    flags(flags);
    skip(2);
    if (v5 && at < end) {
      reasonCode(allowed);
      if (at < end) {
        properties(place);
      }
    }
    end();
  }

  private void subscribe() {
    flags(2);
    skip(2);
    properties(Place.SUBSCRIBE);
    someFilters();
    while (at < end) {
      text();
      int options = u8();
      if ((options & (v5 ? 0xC0 : 0xFC)) != 0) {
        throw malformed("reserved subscription options [MQTT-3.8.3-5]");
      }
      if ((options & 0x03) == 3 || (options & 0x30) == 0x30) {
        throw new ProtocolViolation(
            ReasonCode.PROTOCOL_ERROR, "QoS 3, or retain handling 3 [3.8.3.1]");
      }
    }
  }

  private void unsubscribe() {
    flags(2);
    skip(2);
    properties(Place.UNSUBSCRIBE);
    someFilters();
    while (at < end) {
      text();
    }
  }

  private void someFilters() {
    if (at == end) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "no topic filter [MQTT-3.8.3-2, 3.10.3-2]");
    }
  }

  private void disconnect() {
    flags(0);
    if (v5 && at < end) {
      reasonCode(ReasonCodes.DISCONNECT);
      if (at < end) {
        properties(Place.DISCONNECT);
      }
    }
    end();
  }

  private void auth() {
    flags(0); // [MQTT-3.15.1-1]
    if (!v5 || at == end) {
      throw notOfClients(); // nothing behind the length is success, which a server says
    }
    reasonCode(ReasonCodes.AUTH);
    if (at == end || (properties(Place.AUTH) & AUTHENTICATION_METHOD) == 0) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "AUTH without a method [3.15.2.2.2]");
    }
    end();
  }

  private void reasonCode(ReasonCodes allowed) {
    int code = u8();
    if (!allowed.allow(code)) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR,
          "reason code " + code + " does not belong into packet type " + (first >> 4));
    }
  }

  /** [2.2.2]; older clients have none. Returns which there are, by {@link Property#bit}. */
  private long properties(Place place) {
    if (!v5) {
      return 0;
    }
    int length = variableLength();
    int propertiesEnd = at + length;
    if (propertiesEnd > end) {
      throw malformed("properties go beyond the packet");
    }
    long seen = 0;
    while (at < propertiesEnd) {
      int id = variableLength();
      Property property = Property.of(id);
      if (property == null || !property.belongsTo(place)) {
        throw malformed("property " + id + " does not belong here");
      }
      if ((seen & property.bit()) != 0 && !property.repeatsIn(place)) {
        throw new ProtocolViolation(
            ReasonCode.PROTOCOL_ERROR, "property " + id + " is there twice");
      }
      seen |= property.bit();
      value(property);
    }
    if (at != propertiesEnd) {
      throw malformed("a property goes beyond the properties");
    }
    return seen;
  }

  private void value(Property property) {
    switch (property.type()) {
      case FLAG -> {
        if (u8() > 1) {
          throw new ProtocolViolation(
              ReasonCode.PROTOCOL_ERROR, "property " + property.id() + " is neither 0 nor 1");
        }
      }
      case TWO_BYTES -> skip(2);
      case FOUR_BYTES -> skip(4);
      case VARIABLE -> variableLength();
      case TEXT -> text();
      case BINARY -> skip(u16());
      case PAIR -> {
        text();
        text();
      }
    }
  }

  private void flags(int expected) {
    if ((first & 0x0F) != expected) {
      throw malformed("flags of packet type " + (first >> 4) + " [MQTT-2.1.3-1]");
    }
  }

  private void end() {
    if (at != end) {
      throw malformed("bytes behind the end");
    }
  }

  private void text() {
    skip(textLength());
  }

  /** Moves on to a text, whose length it returns; [1.5.4]. */
  private int textLength() {
    int length = u16();
    if (at + length > end) {
      throw malformed("text goes beyond the packet");
    }
    if (in.indexOf(at, at + length, (byte) 0) >= 0
        || !ByteBufUtil.isText(in, at, length, StandardCharsets.UTF_8)) {
      throw malformed("text is not UTF-8 [MQTT-1.5.4-1, -2]");
    }
    return length;
  }

  private int variableLength() {
    int value = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      int digit = u8();
      value |= (digit & 0x7F) << shift;
      if (digit < 0x80) {
        return value;
      }
    }
    throw malformed("variable byte integer of more than four bytes [MQTT-1.5.5-1]");
  }

  private int u8() {
    skip(1);
    return in.getUnsignedByte(at - 1);
  }

  private int u16() {
    skip(2);
    return in.getUnsignedShort(at - 2);
  }

  private void skip(int bytes) {
    if (end - at < bytes) {
      throw malformed("the packet ends too early");
    }
    at += bytes;
  }

  private static ProtocolViolation malformed(String what) {
    return new ProtocolViolation(ReasonCode.MALFORMED_PACKET, what);
  }
}
