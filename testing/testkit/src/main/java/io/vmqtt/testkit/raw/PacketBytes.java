package io.vmqtt.testkit.raw;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** Lays out one packet, byte by byte, right or wrong. */
public final class PacketBytes {
  private static final int CONTINUED = 0x80;

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  /** Bytes, each given as an unsigned number. */
  public PacketBytes bytes(int... unsigned) {
    for (int one : unsigned) {
      body.write(one);
    }
    return this;
  }

  /** Bytes as they are. */
  public PacketBytes raw(byte[] bytes) {
    body.writeBytes(bytes);
    return this;
  }

  /** What another one holds. */
  public PacketBytes all(PacketBytes other) {
    return raw(other.body.toByteArray());
  }

  /** A two-byte integer. */
  public PacketBytes twoBytes(int value) {
    return bytes(value >>> 8, value);
  }

  /** A four-byte integer. */
  public PacketBytes fourBytes(long value) {
    return twoBytes((int) (value >>> 16)).twoBytes((int) value);
  }

  /** A string with its length in front. */
  public PacketBytes string(String text) {
    byte[] encoded = text.getBytes(UTF_8);
    return twoBytes(encoded.length).raw(encoded);
  }

  /** Properties of MQTT 5: their length in front, then what {@code properties} holds. */
  public PacketBytes properties(PacketBytes properties) {
    byte[] encoded = properties.body.toByteArray();
    body.writeBytes(variable(encoded.length));
    return raw(encoded);
  }

  /** No properties. */
  public PacketBytes noProperties() {
    return bytes(0);
  }

  /** The packet: the fixed header's first byte, the length of what was laid out, and that. */
  public byte[] packet(int firstByte) {
    return packet(firstByte, body.size());
  }

  /** The packet with a length that may lie. */
  public byte[] packet(int firstByte, int remainingLength) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(firstByte);
    all.writeBytes(variable(remainingLength));
    all.writeBytes(body.toByteArray());
    return all.toByteArray();
  }

  private static byte[] variable(int value) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    int left = value;
    do {
      int low = left % CONTINUED;
      left /= CONTINUED;
      encoded.write(left > 0 ? low | CONTINUED : low);
    } while (left > 0);
    return encoded.toByteArray();
  }
}
