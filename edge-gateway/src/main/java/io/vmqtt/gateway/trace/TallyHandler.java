package io.vmqtt.gateway.trace;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.vmqtt.cluster.operation.TopList;
import io.vmqtt.gateway.access.Identity;

/**
 * Counts what passes on one channel while somebody wants to know; goes by itself when that is over.
 * Confined to the event loop.
 */
public final class TallyHandler extends ChannelDuplexHandler {
  private static final String NAME = "tally";

  private final Tally tally;
  private final TopList.Name client;

  private TallyHandler(Tally tally, TopList.Name client) {
    this.tally = tally;
    this.client = client;
  }

  /** Puts one right before the last handler, which is the client's. */
  public static void add(ChannelPipeline pipeline, Tally tally, Identity who) {
    remove(pipeline);
    pipeline.addBefore(
        pipeline.lastContext().name(),
        NAME,
        new TallyHandler(tally, new TopList.Name(who.namespace().name(), who.clientId())));
  }

  /** Takes it away again, where there is one. */
  public static void remove(ChannelPipeline pipeline) {
    if (pipeline.get(NAME) != null) {
      pipeline.remove(NAME);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object packet) throws Exception {
    if (packet instanceof MqttMessage message && !message.decoderResult().isFailure()) {
      String topic = PacketFacts.topic(message);
      if (topic != null) {
        tally.published(new TopList.Name(client.namespace(), topic), client);
      }
    }
    super.channelRead(context, packet);
    if (tally.isOver() && !context.isRemoved()) {
      context.pipeline().remove(this);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object packets, ChannelPromise promise)
      throws Exception {
    if (packets instanceof ByteBuf buffer) {
      tally.sent(client, buffer.readableBytes());
    }
    super.write(context, packets, promise);
  }
}
