package io.vmqtt.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.vmqtt.gateway.connection.Caller;
import io.vmqtt.gateway.memory.LoopMemory;
import org.jspecify.annotations.Nullable;

/**
 * What lies between the network and MQTT on the channels of a listener: the head of their
 * pipelines.
 */
public interface TransportHead {
  /** MQTT on TCP, as it is. */
  TransportHead TCP =
      new TransportHead() {
        @Override
        public void install(ChannelPipeline pipeline, LoopMemory memory, Runnable whatFollows) {
          whatFollows.run();
        }

        @Override
        public Caller caller(Channel channel) {
          return new Caller(channel.remoteAddress(), null);
        }

        @Override
        public int heldBytes(Channel channel) {
          return 0;
        }

        @Override
        public boolean copies() {
          return false;
        }

        @Override
        public ChannelFuture end(ChannelHandlerContext context) {
          return context.writeAndFlush(context.alloc().buffer(0, 0));
        }
      };

  /**
   * Adds what turns bytes of the network into bytes of MQTT and back, behind what is there.
   *
   * @param memory where it counts what it holds
   * @param whatFollows adds what speaks MQTT; it runs when bytes of MQTT can pass, at once or
   *     later, and the channel is active for what it has added from then on
   */
  void install(ChannelPipeline pipeline, LoopMemory memory, Runnable whatFollows);

  /** What is known of a client by the time that its CONNECT is here. */
  Caller caller(Channel channel);

  /** Memory of what has come, and cannot go on before more does. */
  int heldBytes(Channel channel);

  /** Bytes that wait for a client where its channel has no queue that could be asked. */
  default long waitingBytes(Channel channel) {
    return 0;
  }

  /** Bytes that have left from there so far. */
  default long takenBytes(Channel channel) {
    return 0;
  }

  /** Whether a client can have further channels beside the one that it begins with. */
  default boolean hasSeveral() {
    return false;
  }

  /** The channel that the client of a further one has begun with; null: it is that one. */
  default @Nullable Channel first(Channel channel) {
    return null;
  }

  /** Whether what waits in a socket is a copy of what was written, and not the same memory. */
  boolean copies();

  /**
   * Sends what was written, and behind it this transport's own word for the end, if it has one; no
   * more is written then.
   *
   * @param context of the handler that speaks MQTT
   * @return done when the socket has taken all of it
   */
  ChannelFuture end(ChannelHandlerContext context);

  /** Nobody new comes this way; some may be on the way. */
  default void retire() {}

  /** Lets go of what it needed: nobody comes this way any more, and nobody is on the way. */
  default void letGo() {}
}
