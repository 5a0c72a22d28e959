package io.vmqtt.gateway.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.vmqtt.gateway.config.WebSocketConfig;
import io.vmqtt.gateway.connection.Caller;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.gateway.transport.TransportHead;
import java.time.Duration;

/** WebSockets on what is below: TCP or TLS. MQTT follows when a client's request is answered. */
public final class WebSocketHead implements TransportHead {
  private static final int MAX_LINE_BYTES = 4 << 10;
  private static final int MAX_HEADERS_BYTES = 8 << 10;

  private final TransportHead below;
  private final WebSocketConfig config;
  private final Duration timeout;

  /** A client's request may take so long. */
  public WebSocketHead(TransportHead below, WebSocketConfig config, Duration timeout) {
    this.below = below;
    this.config = config;
    this.timeout = timeout;
  }

  @Override
  public void install(ChannelPipeline pipeline, LoopMemory memory, Runnable whatFollows) {
    below.install(
        pipeline,
        memory,
        () ->
            pipeline
                .addLast(
                    new HttpRequestDecoder(MAX_LINE_BYTES, MAX_HEADERS_BYTES, MAX_HEADERS_BYTES))
                .addLast(new Upgrade(config, timeout, memory, whatFollows)));
  }

  @Override
  public Caller caller(Channel channel) {
    return below.caller(channel);
  }

  @Override
  public int heldBytes(Channel channel) {
    FrameReader reader = channel.pipeline().get(FrameReader.class);
    return below.heldBytes(channel) + (reader == null ? 0 : reader.heldBytes());
  }

  /** What is packed is packed for each client. */
  @Override
  public boolean copies() {
    return config.deflates() || below.copies();
  }

  @Override
  public ChannelFuture end(ChannelHandlerContext context) {
    ChannelHandlerContext frames = context.pipeline().context(FrameWriter.class);
    if (frames == null) {
      return below.end(context);
    }
    FrameReader reader = context.pipeline().get(FrameReader.class);
    int reason = reader == null ? Frames.NORMAL : reader.reason();
    var _ = frames.write(Frames.close(frames.alloc(), reason), frames.voidPromise());
    return below.end(frames);
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
