package io.vmqtt.gateway.quic;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Identifiers of connections that say whose they are: of which socket of a listener (2 bytes). What
 * is behind is random (10 bytes), and a code over both (8 bytes): nobody who has seen none can make
 * one up. Confined to the event loop of the socket.
 */
final class OwnedIds implements QuicConnectionIdGenerator {
  /** Of all of them: the most that QUIC allows. */
  static final int BYTES = 20;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int CODE_BYTES = 8;
  private static final int NAMED_BYTES = BYTES - CODE_BYTES;
  private static final QuicConnectionIdGenerator RANDOM =
      QuicConnectionIdGenerator.randomGenerator();

  private final int owner;
  private final Mac mac;

  /**
   * Those of the socket of that number.
   *
   * @param key of all sockets of the listener; nobody else knows it
   */
  OwnedIds(int owner, byte[] key) {
    this.owner = owner;
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /**
   * Of which socket a packet with a short header says that it is; -1: it is too short to.
   *
   * @param packet as it came (RFC 9000, 17.3): one byte, and then the identifier
   */
  static int owner(ByteBuf packet) {
    return packet.readableBytes() > BYTES ? packet.getUnsignedShort(packet.readerIndex() + 1) : -1;
  }

  /** Whether the identifier of a packet with a short header was given by a socket of this port. */
  boolean isGiven(ByteBuf packet) {
    return packet.readableBytes() > BYTES && isGood(packet, packet.readerIndex() + 1);
  }

  /** Whether that is an identifier that this socket has given. */
  boolean isOwn(ByteBuf id) {
    return id.readableBytes() == BYTES
        && id.getUnsignedShort(id.readerIndex()) == owner
        && isGood(id, id.readerIndex());
  }

  private boolean isGood(ByteBuf bytes, int start) {
    byte[] named = new byte[NAMED_BYTES];
    byte[] code = new byte[CODE_BYTES];
    bytes.getBytes(start, named).getBytes(start + NAMED_BYTES, code);
    return MessageDigest.isEqual(code, code(named));
  }

  private byte[] code(byte[] named) {
    return Arrays.copyOf(mac.doFinal(named), CODE_BYTES);
  }

  @Override
  public ByteBuffer newId(int length) {
    if (length != BYTES) {
      throw new IllegalArgumentException("an identifier of " + length + " bytes");
    }
    byte[] named = new byte[NAMED_BYTES];
    ByteBuffer.wrap(named).putShort((short) owner).put(RANDOM.newId(NAMED_BYTES - Short.BYTES));
    return ByteBuffer.allocate(BYTES).put(named).put(code(named)).flip();
  }

  @Override
  public ByteBuffer newId(ByteBuffer input, int length) {
    return newId(length);
  }

  @Override
  public int maxConnectionIdLength() {
    return BYTES;
  }

  @Override
  public boolean isIdempotent() {
    return false;
  }
}
