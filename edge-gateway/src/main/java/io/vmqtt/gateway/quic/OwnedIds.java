package io.vmqtt.gateway.quic;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import java.nio.ByteBuffer;

/**
 * Identifiers of connections that say whose they are: of which socket of a listener. What is behind
 * is random.
 */
final class OwnedIds implements QuicConnectionIdGenerator {
  private static final QuicConnectionIdGenerator RANDOM =
      QuicConnectionIdGenerator.randomGenerator();

  private final int owner;

  /** Those of the socket of that number. */
  OwnedIds(int owner) {
    this.owner = owner;
  }

  /**
   * Of which socket a packet with a short header is; -1: it has no such identifier.
   *
   * @param packet as it came (RFC 9000, 17.3): one byte, and then the identifier
   */
  static int owner(ByteBuf packet) {
    return packet.readableBytes() > Short.BYTES
        ? packet.getUnsignedShort(packet.readerIndex() + 1)
        : -1;
  }

  @Override
  public ByteBuffer newId(int length) {
    return ByteBuffer.allocate(length)
        .putShort((short) owner)
        .put(RANDOM.newId(length - Short.BYTES))
        .flip();
  }

  @Override
  public ByteBuffer newId(ByteBuffer input, int length) {
    return newId(length);
  }

  @Override
  public int maxConnectionIdLength() {
    return RANDOM.maxConnectionIdLength();
  }

  @Override
  public boolean isIdempotent() {
    return false;
  }
}
