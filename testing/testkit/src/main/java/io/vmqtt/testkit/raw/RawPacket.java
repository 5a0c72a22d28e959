package io.vmqtt.testkit.raw;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** One packet that was sent, taken apart only as far as tests ask. */
public final class RawPacket {
  private static final int TOPIC_START = 2;
  private static final int MQTT_5 = 5;

  private final int firstByte;
  private final byte[] body;

  RawPacket(int firstByte, byte[] body) {
    this.firstByte = firstByte;
    this.body = body;
  }

  /** The next packet; empty where the stream ends, in the middle of a packet too. */
  public static Optional<RawPacket> read(DataInputStream in) throws IOException {
    int firstByte = in.read();
    if (firstByte < 0) {
      return Optional.empty();
    }
    try {
      byte[] body = new byte[readRemainingLength(in)];
      in.readFully(body);
      return Optional.of(new RawPacket(firstByte, body));
    } catch (EOFException e) {
      return Optional.empty();
    }
  }

  private static int readRemainingLength(DataInputStream in) throws IOException {
    int length = 0;
    int shift = 0;
    int next;
    do {
      next = in.readUnsignedByte();
      length |= (next & 0x7F) << shift;
      shift += 7;
    } while ((next & 0x80) != 0);
    return length;
  }

  /** As it was read. */
  public byte[] encoded() {
    return new PacketBytes().raw(body).packet(firstByte);
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
  public boolean isRetained() {
    return (firstByte & 1) != 0;
  }

  /** Of a PUBLISH in MQTT 5 that has properties shorter than 128 bytes: these, as bytes. */
  public byte[] properties() {
    int at = TOPIC_START + twoBytes(0) + (qos() > 0 ? 2 : 0);
    return Arrays.copyOfRange(body, at + 1, at + 1 + body[at]);
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
    return payload(MQTT_5);
  }

  /** Of a PUBLISH that has, if it is of MQTT 5, properties shorter than 128 bytes. */
  public String payload(int protocolLevel) {
    int start = afterProperties(TOPIC_START + twoBytes(0) + (qos() > 0 ? 2 : 0), protocolLevel);
    return new String(body, start, body.length - start, UTF_8);
  }

  /** Of a CONNECT: 4 for MQTT 3.1.1, 5 for MQTT 5. */
  public int protocolLevel() {
    return body[2 + twoBytes(0)];
  }

  /** Of a CONNECT that has, if it is of MQTT 5, properties shorter than 128 bytes. */
  public String clientId() {
    int start = afterProperties(2 + twoBytes(0) + 4, protocolLevel());
    return new String(body, start + 2, twoBytes(start), UTF_8);
  }

  private int afterProperties(int at, int protocolLevel) {
    return protocolLevel == MQTT_5 ? at + 1 + body[at] : at;
  }

  /** Of a CONNACK: the client's session was there. */
  public boolean sessionPresent() {
    return body[0] == 1;
  }

  /**
   * Of a CONNACK, a DISCONNECT, PUBACK, PUBREC, PUBREL or PUBCOMP of MQTT 5, 0 where it is left
   * out, or the return code of a CONNACK of MQTT 3.1.1; the last one of a SUBACK.
   */
  public int reasonCode() {
    return switch (type()) {
      case CONNACK -> body[1] & 0xFF;
      case DISCONNECT -> body.length == 0 ? 0 : body[0] & 0xFF;
      case PUBACK, PUBREC, PUBREL, PUBCOMP -> body.length > 2 ? body[2] & 0xFF : 0;
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
