package io.vmqtt.gateway.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.vmqtt.gateway.memory.LoopMemory;
import javax.net.ssl.SSLEngine;

/**
 * TLS of one channel, which counts in memory what it holds of a record that is not complete: a
 * client can send half of one and then nothing. Confined to the event loop.
 */
final class TlsHandler extends SslHandler {
  private final LoopMemory memory;
  private int heldBytes;

  TlsHandler(SSLEngine engine, LoopMemory memory) {
    super(engine);
    this.memory = memory;
  }

  /** Memory of a record that is not complete. */
  int heldBytes() {
    return heldBytes;
  }

  private void hold(int bytes) {
    memory.add(bytes - heldBytes);
    heldBytes = bytes;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    hold(actualReadableBytes() > 0 ? internalBuffer().capacity() : 0);
    super.channelReadComplete(context);
  }

  @Override
  public void handlerRemoved0(ChannelHandlerContext context) throws Exception {
    hold(0);
    super.handlerRemoved0(context);
  }
}
