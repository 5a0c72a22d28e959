package io.vmqtt.testkit.raw;

import java.util.List;

/** Control packet types, in the order of their numbers. */
public enum PacketType {
  RESERVED,
  CONNECT,
  CONNACK,
  PUBLISH,
  PUBACK,
  PUBREC,
  PUBREL,
  PUBCOMP,
  SUBSCRIBE,
  SUBACK,
  UNSUBSCRIBE,
  UNSUBACK,
  PINGREQ,
  PINGRESP,
  DISCONNECT,
  AUTH;

  private static final List<PacketType> BY_NUMBER = List.of(values());

  /** The type that the upper half of a packet's first byte names. */
  static PacketType ofFirstByte(int firstByte) {
    return BY_NUMBER.get(firstByte >> 4);
  }
}
