package io.vmqtt.gateway.trace;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.util.concurrent.Future;
import io.vmqtt.cluster.operation.ClientTraffic;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts for some seconds what passes on one channel, because somebody wants to know, and goes by
 * itself: clients that nobody asks about have no counters. Confined to the event loop.
 */
public final class TrafficHandler extends ChannelDuplexHandler {
  private static final int LENGTH_BITS = 7;

  private final int seconds;
  private final boolean hasProperties;
  private final CompletableFuture<ClientTraffic> counted = new CompletableFuture<>();
  private final WrittenPackets written = new WrittenPackets();
  private @Nullable Future<?> end;
  private long beganNanos;
  private long messagesIn;
  private long messagesOut;
  private long bytesIn;
  private long bytesOut;

  private TrafficHandler(int seconds, boolean hasProperties) {
    this.seconds = seconds;
    this.hasProperties = hasProperties;
  }

  /**
   * Puts one right before the last handler, which is the client's; several may be there.
   *
   * @param hasProperties whether the client speaks MQTT 5
   * @return complete after {@code seconds}, or with the end of the channel
   */
  public static CompletableFuture<ClientTraffic> add(
      ChannelPipeline pipeline, int seconds, boolean hasProperties) {
    TrafficHandler handler = new TrafficHandler(seconds, hasProperties);
    pipeline.addBefore(pipeline.lastContext().name(), null, handler);
    return handler.counted;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    beganNanos = System.nanoTime();
    end = context.executor().schedule(() -> leave(context), seconds, TimeUnit.SECONDS);
  }

  private void leave(ChannelHandlerContext context) {
    if (!context.isRemoved()) {
      context.pipeline().remove(this);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (end != null) {
      end.cancel(false);
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    counted.complete(
        new ClientTraffic(Math.max(1, millis), messagesIn, messagesOut, bytesIn, bytesOut));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object packet) throws Exception {
    if (packet instanceof MqttMessage message && !message.decoderResult().isFailure()) {
      bytesIn += bytes(message.fixedHeader());
      messagesIn += isMessage(message.fixedHeader().messageType());
    }
    super.channelRead(context, packet);
  }

  private static int bytes(MqttFixedHeader header) {
    int bytes = 1 + header.remainingLength();
    int length = header.remainingLength();
    do {
      bytes++;
      length >>>= LENGTH_BITS;
    } while (length > 0);
    return bytes;
  }

  private static int isMessage(MqttMessageType type) {
    return type == MqttMessageType.PUBLISH ? 1 : 0;
  }

  @Override
  public void write(ChannelHandlerContext context, Object packets, ChannelPromise promise)
      throws Exception {
    if (packets instanceof ByteBuf buffer) {
      bytesOut += buffer.readableBytes();
      written.read(buffer, hasProperties, (type, topic, facts) -> messagesOut += isMessage(type));
    }
    super.write(context, packets, promise);
  }
}
