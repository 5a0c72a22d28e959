package io.vmqtt.gateway.quic;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Has whoever comes prove that he is where he says: the answer to a first packet is a token and
 * nothing else (RFC 9000, 8.1.2), smaller than the packet, and of which nothing is kept here. Who
 * brings it back is asked for at the door, and only then there is a connection. Confined to the
 * event loop of its socket.
 *
 * <p>A token is when it was made (8 bytes, nanoseconds), a code over that, the address, the port
 * and the identifier that the client had chosen (16 bytes), and the identifier itself.
 */
final class AddressTokens implements QuicTokenHandler {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int CODE_BYTES = 16;
  private static final int HEAD_BYTES = Long.BYTES + CODE_BYTES;

  /** A client answers at once, and again where its answer was lost. */
  private static final Duration LIFE = Duration.ofSeconds(10);

  private final Mac mac;
  private final Predicate<ByteBuf> isOwn;
  private final LongSupplier nanoClock;
  private final Predicate<InetSocketAddress> mayEnter;
  private final Runnable countAsked;

  /**
   * Tokens that are good where the key is the same.
   *
   * @param key bytes that nobody else knows
   * @param isOwn whether this socket has given that identifier: a connection with another one would
   *     be where nobody finds it
   * @param mayEnter whether whoever has shown that he is there may; it counts those who may not
   * @param countAsked counts the addresses that were asked
   */
  AddressTokens(
      byte[] key,
      Predicate<ByteBuf> isOwn,
      LongSupplier nanoClock,
      Predicate<InetSocketAddress> mayEnter,
      Runnable countAsked) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
    this.isOwn = isOwn;
    this.nanoClock = nanoClock;
    this.mayEnter = mayEnter;
    this.countAsked = countAsked;
  }

  @Override
  public boolean writeToken(ByteBuf out, ByteBuf chosenId, InetSocketAddress address) {
    countAsked.run();
    long now = nanoClock.getAsLong();
    byte[] id = bytes(chosenId);
    out.writeLong(now).writeBytes(code(now, id, address)).writeBytes(id);
    return true;
  }

  @Override
  public TokenValidationResult validateToken(
      ByteBuf token, InetSocketAddress address, ByteBuf givenId) {
    return isOwn.test(givenId)
        ? QuicTokenHandler.super.validateToken(token, address, givenId)
        : TokenValidationResult.invalidToken();
  }

  @Override
  public int validateToken(ByteBuf token, InetSocketAddress address) {
    if (token.readableBytes() < HEAD_BYTES) {
      return -1;
    }
    ByteBuf rest = token.slice();
    long made = rest.readLong();
    byte[] code = bytes(rest.readSlice(CODE_BYTES));
    boolean isGood =
        MessageDigest.isEqual(code, code(made, bytes(rest), address))
            && nanoClock.getAsLong() - made <= LIFE.toNanos();
    return isGood && mayEnter.test(address) ? HEAD_BYTES : -1;
  }

  private byte[] code(long made, byte[] id, InetSocketAddress address) {
    mac.update(ByteBuffer.allocate(Long.BYTES).putLong(made).flip());
    mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(address.getPort()).flip());
    mac.update((byte) id.length);
    mac.update(id);
    return Arrays.copyOf(mac.doFinal(address.getAddress().getAddress()), CODE_BYTES);
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.getBytes(buffer.readerIndex(), bytes);
    return bytes;
  }

  @Override
  public int maxTokenLength() {
    return HEAD_BYTES + Quic.MAX_CONN_ID_LEN;
  }
}
