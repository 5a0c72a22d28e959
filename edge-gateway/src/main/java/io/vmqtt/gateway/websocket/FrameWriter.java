package io.vmqtt.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Puts what is written into binary frames, by a header before it: nothing is copied, unless it is
 * packed. Confined to the event loop.
 */
final class FrameWriter extends ChannelOutboundHandlerAdapter {
  private final FrameReader reader;
  private final boolean packs;

  /**
   * @param reader of the same connection
   * @param packs whether the client has agreed to unpack
   */
  FrameWriter(FrameReader reader, boolean packs) {
    this.reader = reader;
    this.packs = packs;
  }

  @Override
  public void read(ChannelHandlerContext context) {
    boolean isOn = context.channel().config().isAutoRead();
    if (isOn) {
      reader.readingGoesOn();
    }
    if (isOn || !reader.isHeldUp()) {
      context.read();
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    ByteBuf bytes = (ByteBuf) message;
    @Nullable ByteBuf packed = packs ? Deflation.packed(context.alloc(), bytes) : null;
    if (packed != null) {
      bytes.release();
      write(context, Frames.BINARY | Frames.PACKED, packed, promise);
    } else {
      write(context, Frames.BINARY, bytes, promise);
    }
  }

  private static void write(
      ChannelHandlerContext context, int opcode, ByteBuf payload, ChannelPromise promise) {
    int length = payload.readableBytes();
    if (length > 0) {
      var _ = context.write(Frames.header(context.alloc(), opcode, length), context.voidPromise());
    }
    var _ = context.write(payload, promise);
  }
}
