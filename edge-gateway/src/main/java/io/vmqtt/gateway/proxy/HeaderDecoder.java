package io.vmqtt.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;

/**
 * Netty's decoder, which keeps of a broken header the parts that it had taken out before, and with
 * them the buffer that they came in, and reads on behind it when the connection ends: here they are
 * let go, and nothing behind a broken header is read. Confined to the event loop.
 */
final class HeaderDecoder extends HAProxyMessageDecoder {
  private ByteBuf come = Unpooled.EMPTY_BUFFER;

  /** For headers with so much more in them than addresses. */
  HeaderDecoder(int maxExtraBytes) {
    super(maxExtraBytes);
    setCumulator(
        (allocator, before, more) -> {
          come = MERGE_CUMULATOR.cumulate(allocator, before, more);
          return come;
        });
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    try {
      super.channelRead(context, message);
    } catch (DecoderException e) {
      int own = actualReadableBytes() > 0 ? 1 : 0; // what is read through is not kept
      int left = come.refCnt() - own;
      if (left > 0) {
        var _ = come.release(left);
      }
      if (own > 0) {
        var _ = come.skipBytes(come.readableBytes());
      }
      throw e;
    }
  }
}
