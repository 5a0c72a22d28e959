package io.vmqtt.gateway.trace;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttMessageType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what this gateway writes to one client, as far as people want to know it. A packet begins
 * where a buffer does, or where another ends; all of it but the payload is in one buffer. Confined
 * to the event loop.
 */
final class WrittenPackets {
  private static final int VARIABLE_BITS = 7;
  private static final int MORE = 0x80;

  /** Of a payload that was written in other buffers. */
  private long restOfPacket;

  /** Is told of packets. */
  interface Reader {
    /**
     * One packet.
     *
     * @param topic of PUBLISH; else empty
     */
    void read(MqttMessageType type, String topic, Map<String, Object> facts);
  }

  /**
   * Tells of all packets that begin in a buffer, which stays as it is.
   *
   * @param hasProperties whether they are of MQTT 5
   */
  void read(ByteBuf written, boolean hasProperties, Reader reader) {
    int at = written.readerIndex();
    int end = written.writerIndex();
    while (at < end) {
      if (restOfPacket > 0) {
        long here = Math.min(restOfPacket, end - at);
        restOfPacket -= here;
        at += (int) here;
      } else {
        at = packet(written, at, hasProperties, reader);
      }
    }
  }

  private int packet(ByteBuf in, int start, boolean hasProperties, Reader reader) {
    int first = in.getUnsignedByte(start);
    int at = start + 1;
    int length = 0;
    int shift = 0;
    int next;
    do {
      next = in.getUnsignedByte(at++);
      length |= (next & ~MORE) << shift;
      shift += VARIABLE_BITS;
    } while ((next & MORE) != 0);
    restOfPacket = length;
    MqttMessageType type = MqttMessageType.valueOf(first >> 4);
    Map<String, Object> facts = new HashMap<>();
    facts.put("bytes", at - start + length);
    String topic = "";
    switch (type) {
      case PUBLISH -> topic = publish(in, at, first, facts);
      case CONNACK -> {
        facts.put("sessionPresent", in.getByte(at) != 0);
        facts.put("reason", (int) in.getUnsignedByte(at + 1));
      }
      case PUBACK, PUBREC, PUBREL, PUBCOMP -> {
        facts.put("packetId", in.getUnsignedShort(at));
        facts.put("reason", length > 2 ? (int) in.getUnsignedByte(at + 2) : 0);
      }
      case SUBACK, UNSUBACK -> facts.put("packetId", in.getUnsignedShort(at));
      case DISCONNECT, AUTH -> facts.put("reason", length > 0 ? (int) in.getUnsignedByte(at) : 0);
      case PINGRESP, PINGREQ, CONNECT, SUBSCRIBE, UNSUBSCRIBE -> {}
    }
    if (type == MqttMessageType.SUBACK || type == MqttMessageType.UNSUBACK) {
      facts.put("reasons", reasons(in, at + 2, length - 2, hasProperties));
    }
    reader.read(type, topic, facts);
    return at;
  }

  private static String publish(ByteBuf in, int start, int first, Map<String, Object> facts) {
    int length = in.getUnsignedShort(start);
    int qos = (first >> 1) & 3;
    facts.put("qos", qos);
    facts.put("retain", (first & 1) != 0);
    facts.put("dup", (first & 8) != 0);
    if (qos > 0) {
      facts.put("packetId", in.getUnsignedShort(start + 2 + length));
    }
    return in.toString(start + 2, length, StandardCharsets.UTF_8);
  }

  /** This gateway gives these packets no properties: one byte says so. */
  private static List<Integer> reasons(ByteBuf in, int start, int length, boolean hasProperties) {
    List<Integer> reasons = new ArrayList<>();
    for (int i = hasProperties ? 1 : 0;
        i < length && reasons.size() < PacketFacts.MOST_OF_A_LIST;
        i++) {
      reasons.add((int) in.getUnsignedByte(start + i));
    }
    return reasons;
  }
}
