package io.vmqtt.gateway.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressTokensTest {
  private static final int REFUSED = -1;
  private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, 8};

  private static final ByteBuf GIVEN_ID = Unpooled.wrappedBuffer(new byte[] {9, 9});

  private final List<InetSocketAddress> asked = new ArrayList<>();
  private boolean mayEnter = true;
  private int written;
  private long nanos = 5;
  private final AddressTokens tokens = tokens(new byte[32]);

  private AddressTokens tokens(byte[] key) {
    return new AddressTokens(
        key,
        given -> given.equals(GIVEN_ID),
        () -> nanos,
        from -> {
          asked.add(from);
          return mayEnter;
        },
        () -> written++);
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }

  private ByteBuf token(InetSocketAddress address) {
    ByteBuf token = Unpooled.buffer();
    assertTrue(tokens.writeToken(token, Unpooled.wrappedBuffer(ID), address));
    assertTrue(token.readableBytes() <= tokens.maxTokenLength());
    return token;
  }

  @Test
  void validateToken_broughtBackFromItsAddress_leadsToTheIdentifier() {
    for (InetSocketAddress from : List.of(at("192.0.2.1", 4711), at("2001:db8::1", 4711))) {
      ByteBuf token = token(from);

      int offset = tokens.validateToken(token, from);

      assertEquals(Unpooled.wrappedBuffer(ID), token.slice(offset, token.readableBytes() - offset));
    }
    assertEquals(2, written);
    assertEquals(List.of(at("192.0.2.1", 4711), at("2001:db8::1", 4711)), asked);
  }

  @Test
  void validateToken_ofElsewhereOrForged_isRefusedWithoutAskingAtTheDoor() {
    InetSocketAddress from = at("192.0.2.1", 4711);
    ByteBuf token = token(from);

    assertEquals(REFUSED, tokens.validateToken(token, at("192.0.2.2", 4711)));
    assertEquals(REFUSED, tokens.validateToken(token, at("192.0.2.1", 4712)));
    assertEquals(REFUSED, tokens(new byte[] {1}).validateToken(token, from));
    assertEquals(REFUSED, tokens.validateToken(Unpooled.EMPTY_BUFFER, from));
    for (int i = 0; i < token.readableBytes(); i++) {
      ByteBuf changed = token.copy();
      changed.setByte(i, changed.getByte(i) ^ 1);
      assertEquals(REFUSED, tokens.validateToken(changed, from), "byte " + i);
      assertEquals(REFUSED, tokens.validateToken(token.slice(0, i), from), i + " bytes");
    }
    assertEquals(List.of(), asked);
  }

  @Test
  void validateToken_tooLate_isRefused() {
    InetSocketAddress from = at("192.0.2.1", 4711);
    ByteBuf token = token(from);

    nanos += Duration.ofSeconds(10).toNanos();
    assertEquals(24, tokens.validateToken(token, from));
    nanos++;
    assertEquals(REFUSED, tokens.validateToken(token, from));
  }

  @Test
  void validateToken_goodButMayNotEnter_isRefused() {
    InetSocketAddress from = at("192.0.2.1", 4711);
    mayEnter = false;

    assertEquals(REFUSED, tokens.validateToken(token(from), from));
    assertEquals(List.of(from), asked);
  }

  /** Its connection would be where none of its packets is brought to. */
  @Test
  void validateToken_withAnIdentifierOfItsOwnChoice_isRefused() {
    InetSocketAddress from = at("192.0.2.1", 4711);
    ByteBuf token = token(from);

    ByteBuf chosen = Unpooled.wrappedBuffer(new byte[] {9, 8});
    assertFalse(tokens.validateToken(token, from, chosen).isValid());
    assertEquals(List.of(), asked);
    assertTrue(tokens.validateToken(token, from, GIVEN_ID).isValid());
  }
}
