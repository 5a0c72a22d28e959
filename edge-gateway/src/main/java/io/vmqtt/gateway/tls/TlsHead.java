package io.vmqtt.gateway.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.vmqtt.gateway.connection.Caller;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.gateway.transport.TransportHead;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS of a listener: what follows is there when the handshake is over, and not before. */
final class TlsHead implements TransportHead {
  private static final Logger log = LoggerFactory.getLogger(TlsHead.class);

  private final TransportHead below;
  private final ListenerTls tls;
  private final Handshakes handshakes;
  private final HandshakeMetrics metrics;
  private final long timeoutMillis;
  private final Runnable letGo;

  /**
   * A handshake may take so long, on what is below.
   *
   * @param letGo runs when it is not needed any more
   */
  TlsHead(
      TransportHead below,
      ListenerTls tls,
      Handshakes handshakes,
      HandshakeMetrics metrics,
      long timeoutMillis,
      Runnable letGo) {
    this.below = below;
    this.tls = tls;
    this.handshakes = handshakes;
    this.metrics = metrics;
    this.timeoutMillis = timeoutMillis;
    this.letGo = letGo;
  }

  @Override
  public void install(ChannelPipeline pipeline, LoopMemory memory, Runnable whatFollows) {
    below.install(pipeline, memory, () -> begin(pipeline, memory, whatFollows));
  }

  private void begin(ChannelPipeline pipeline, LoopMemory memory, Runnable whatFollows) {
    if (handshakes.mayBegin()) {
      pipeline.addLast(new Threshold(memory, whatFollows));
    } else {
      var _ = pipeline.channel().close();
    }
  }

  @Override
  public Caller caller(Channel channel) {
    Caller behind = below.caller(channel);
    TlsHandler handler = channel.pipeline().get(TlsHandler.class);
    return new Caller(
        behind.address(),
        handler == null ? null : tls.certificate(handler.engine()),
        behind.proxied());
  }

  private boolean isShownTooLate(ChannelPipeline pipeline) {
    TlsHandler handler = pipeline.get(TlsHandler.class);
    return handler != null && tls.isShownTooLate(handler.engine());
  }

  @Override
  public int heldBytes(Channel channel) {
    TlsHandler handler = channel.pipeline().get(TlsHandler.class);
    return below.heldBytes(channel) + (handler == null ? 0 : handler.heldBytes());
  }

  @Override
  public boolean copies() {
    return true;
  }

  /** Whoever hears no close_notify has to take the end for an attack. */
  @Override
  public ChannelFuture end(ChannelHandlerContext context) {
    context.flush();
    TlsHandler handler = context.pipeline().get(TlsHandler.class);
    return handler == null ? context.newSucceededFuture() : handler.closeOutbound();
  }

  @Override
  public void retire() {
    tls.retire();
    below.retire();
  }

  @Override
  public void letGo() {
    letGo.run();
    below.letGo();
  }

  /** TLS, and behind it nobody until the handshake is over. */
  private final class Threshold extends ChannelInboundHandlerAdapter {
    private final LoopMemory memory;
    private final Runnable whatFollows;

    Threshold(LoopMemory memory, Runnable whatFollows) {
      this.memory = memory;
      this.whatFollows = whatFollows;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      TlsHandler handler = new TlsHandler(tls.newEngine(context.alloc()), memory);
      handler.setHandshakeTimeoutMillis(timeoutMillis);
      context.pipeline().addBefore(context.name(), null, handler);
    }

    /** Also where the channel has gone. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      handshakes.ended();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      // For whoever follows, it is not yet.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (!(event instanceof SslHandshakeCompletionEvent over)) {
        context.fireUserEventTriggered(event);
      } else if (over.isSuccess() && !isShownTooLate(context.pipeline())) {
        metrics.succeeded();
        whatFollows.run();
        context.fireChannelActive();
        context.pipeline().remove(this);
      } else if (over.isSuccess()) {
        log.debug("{} has shown a certificate that has expired", context.channel().remoteAddress());
        metrics.failed(HandshakeFailure.CLIENT_CERTIFICATE);
        var _ = context.close();
      } else {
        log.debug("a handshake with {} failed", context.channel().remoteAddress(), over.cause());
        metrics.failed(HandshakeFailure.of(over.cause()));
      }
    }

    /** What went wrong has been told by the event: the channel is closed by then. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      log.debug("a channel failed before its handshake was over", cause);
      var _ = context.close();
    }
  }
}
