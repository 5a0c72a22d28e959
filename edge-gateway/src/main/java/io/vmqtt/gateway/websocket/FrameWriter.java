package io.vmqtt.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/** Puts what is written into binary frames, by a header before it: nothing is copied. */
@ChannelHandler.Sharable
final class FrameWriter extends ChannelOutboundHandlerAdapter {

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    int length = ((ByteBuf) message).readableBytes();
    if (length > 0) {
      var _ =
          context.write(
              Frames.header(context.alloc(), Frames.BINARY, length), context.voidPromise());
    }
    var _ = context.write(message, promise);
  }
}
