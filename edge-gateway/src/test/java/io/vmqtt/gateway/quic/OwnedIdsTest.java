package io.vmqtt.gateway.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class OwnedIdsTest {
  private static final byte[] KEY = {1, 2, 3};
  private final OwnedIds own = new OwnedIds(3, KEY);
  private final OwnedIds sibling = new OwnedIds(4, KEY);
  private final OwnedIds stranger = new OwnedIds(3, new byte[] {4});

  private static ByteBuf id(OwnedIds ids) {
    return Unpooled.wrappedBuffer(ids.newId(OwnedIds.BYTES));
  }

  private static ByteBuf packet(ByteBuf id) {
    return Unpooled.buffer().writeByte(0x40).writeBytes(id).writeByte(7);
  }

  @Test
  void newId_saysWhoseItIs_toThoseOfTheSameKey() {
    ByteBuf id = id(own);

    assertEquals(OwnedIds.BYTES, id.readableBytes());
    assertTrue(own.isOwn(id));
    assertFalse(sibling.isOwn(id));
    assertFalse(stranger.isOwn(id));
    assertEquals(3, OwnedIds.owner(packet(id.slice())));
    assertTrue(sibling.isGiven(packet(id.slice())));
    assertFalse(stranger.isGiven(packet(id.slice())));
    assertNotEquals(id, id(own));
  }

  @Test
  void isGiven_changedInOneBit_isNot() {
    ByteBuf packet = packet(id(own));
    for (int i = 1; i <= OwnedIds.BYTES; i++) {
      ByteBuf changed = packet.copy();
      changed.setByte(i, changed.getByte(i) ^ 1);
      assertFalse(sibling.isGiven(changed), "byte " + i);
    }
    assertTrue(sibling.isGiven(packet));
  }

  @Test
  void isOwn_shorterOrLonger_isNot() {
    ByteBuf id = id(own);
    assertFalse(own.isOwn(id.slice(0, OwnedIds.BYTES - 1)));
    assertFalse(own.isOwn(Unpooled.copiedBuffer(id, Unpooled.buffer().writeByte(1))));
    assertEquals(-1, OwnedIds.owner(packet(id.slice(0, OwnedIds.BYTES - 2))));
  }
}
