package io.vmqtt.gateway.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.vmqtt.gateway.connection.Caller;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.gateway.transport.TransportHead;
import java.net.SocketAddress;
import java.util.function.Predicate;

/**
 * Turns connections away by where they come from, before anything else is done for them: it lies on
 * what finds that out, and below TLS.
 */
final class Door implements TransportHead {
  private final TransportHead below;
  private final Predicate<SocketAddress> mayEnter;

  /**
   * @param mayEnter says whether whoever comes from there may, and counts
   */
  Door(TransportHead below, Predicate<SocketAddress> mayEnter) {
    this.below = below;
    this.mayEnter = mayEnter;
  }

  @Override
  public void install(ChannelPipeline pipeline, LoopMemory memory, Runnable whatFollows) {
    below.install(pipeline, memory, () -> enter(pipeline.channel(), whatFollows));
  }

  private void enter(Channel channel, Runnable whatFollows) {
    SocketAddress from = below.caller(channel).address();
    if (from == null || mayEnter.test(from)) {
      whatFollows.run();
    } else {
      var _ = channel.close();
    }
  }

  @Override
  public Caller caller(Channel channel) {
    return below.caller(channel);
  }

  @Override
  public int heldBytes(Channel channel) {
    return below.heldBytes(channel);
  }

  @Override
  public boolean copies() {
    return below.copies();
  }

  @Override
  public ChannelFuture end(ChannelHandlerContext context) {
    return below.end(context);
  }

  @Override
  public void retire() {
    below.retire();
  }

  @Override
  public void letGo() {
    below.letGo();
  }
}
