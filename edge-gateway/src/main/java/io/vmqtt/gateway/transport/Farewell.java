package io.vmqtt.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;

/**
 * The end of a connection whose client may still be sending. If its socket were closed with bytes
 * unread, TCP would reset the connection, and what was written last, the reason, would be lost on
 * the way. So only this side's half is closed; what comes is thrown away, until the client closes
 * its half, too, or has sent too much. Whoever does neither is cut off in time by {@link
 * MqttHandler#checkClock}.
 */
final class Farewell extends ChannelInboundHandlerAdapter {
  /** More than a client that does not read yet can have under way. */
  private static final long MAX_BYTES = 16L << 20;

  private long bytes;

  /** Closes this side's half of the channel, to which everything has been written. */
  static void closeOutput(Channel channel) {
    if (channel instanceof DuplexChannel duplex && channel.isActive()) {
      var _ = duplex.shutdownOutput();
    } else {
      var _ = channel.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf part) {
      bytes += part.readableBytes();
    }
    ReferenceCountUtil.release(message);
    if (bytes > MAX_BYTES) {
      var _ = context.close();
    }
  }
}
