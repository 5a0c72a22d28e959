package io.vmqtt.testkit.raw;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** One packet that the broker sent, taken apart only as far as tests ask. */
public final class RawPacket {
  private static final int TOPIC_START = 2;

  private final int firstByte;
  private final byte[] body;

  RawPacket(int firstByte, byte[] body) {
    this.firstByte = firstByte;
    this.body = body;
  }

  public PacketType type() {
    return PacketType.ofFirstByte(firstByte);
  }

  /** Of a PUBLISH. */
  public int qos() {
    return (firstByte >> 1) & 3;
  }

  /** Of a PUBLISH: sent before. */
  public boolean isDuplicate() {
    return (firstByte & 8) != 0;
  }

  /** Of a PUBLISH. */
  public String topic() {
    return new String(body, TOPIC_START, twoBytes(0), UTF_8);
  }

  /** Of a PUBLISH at QoS 1 or 2, or of an acknowledgement. */
  public int packetId() {
    return type() == PacketType.PUBLISH ? twoBytes(TOPIC_START + twoBytes(0)) : twoBytes(0);
  }

  /** Of a PUBLISH in MQTT 5 that has properties shorter than 128 bytes. */
  public String payload() {
    int properties = TOPIC_START + twoBytes(0) + (qos() > 0 ? 2 : 0);
    int start = properties + 1 + body[properties];
    return new String(body, start, body.length - start, UTF_8);
  }

  /** Of a CONNACK: the client's session was there. */
  public boolean sessionPresent() {
    return body[0] == 1;
  }

  /**
   * Of a CONNACK or a DISCONNECT of MQTT 5, or the return code of a CONNACK of MQTT 3.1.1; the last
   * one of a SUBACK.
   */
  public int reasonCode() {
    return switch (type()) {
      case CONNACK -> body[1] & 0xFF;
      case DISCONNECT -> body.length == 0 ? 0 : body[0] & 0xFF;
      case SUBACK -> body[body.length - 1] & 0xFF;
      default -> throw new IllegalStateException("no reason code is read from " + this);
    };
  }

  private int twoBytes(int at) {
    return (body[at] & 0xFF) << 8 | (body[at + 1] & 0xFF);
  }

  @Override
  public String toString() {
    return type() + " " + Arrays.toString(Arrays.copyOf(body, Math.min(body.length, 32)));
  }
}
