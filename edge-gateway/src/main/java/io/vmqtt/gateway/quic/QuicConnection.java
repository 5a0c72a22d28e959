package io.vmqtt.gateway.quic;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicPathEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import io.vmqtt.gateway.connection.Caller;
import io.vmqtt.gateway.tls.QuicTls;
import io.vmqtt.gateway.transport.MqttHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of QUIC: its handshake, the streams that carry MQTT, and the end of all. It has so
 * long for its handshake, and again so long until its client opens the first stream; from there on
 * MQTT has bounds of its own. The end of the first stream is that of the connection. Confined to
 * the event loop.
 */
final class QuicConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(QuicConnection.class);
  private static final int IN_ORDER = 0;

  /** The identifier of the first stream that a client opens (RFC 9000, 2.1). */
  private static final long FIRST = 0;

  static final int MOST_BROKEN_OFF = 1000;

  private static final AttributeKey<SocketAddress> CAME_FROM =
      AttributeKey.valueOf(QuicConnection.class, "came from");

  private final QuicTls tls;
  private final Predicate<SocketAddress> mayStay;
  private final QuicMetrics metrics;
  private final Consumer<Channel> speak;
  private boolean shakesHands;
  private @Nullable ScheduledFuture<?> patience;
  private @Nullable QuicStreamChannel stream;

  /** Further ones that have come before it; as many as a client can have. */
  private final List<QuicStreamChannel> early = new ArrayList<>(0);

  private int brokenOff;

  private final Whereabouts whereabouts = new Whereabouts();

  /**
   * One whose client may stay where it goes on from another address that may be.
   *
   * @param speak adds what is behind the network to its stream
   */
  QuicConnection(
      QuicTls tls, Predicate<SocketAddress> mayStay, QuicMetrics metrics, Consumer<Channel> speak) {
    this.tls = tls;
    this.mayStay = mayStay;
    this.metrics = metrics;
    this.speak = speak;
  }

  /** MQTT begins on the stream of a connection. */
  static void begin(QuicStreamChannel stream) {
    // The end of the first is the end; of others, that the client has no more to say there.
    stream.config().setAllowHalfClosure(stream.streamId() != FIRST);
    QuicConnection own = of(stream);
    if (own == null) {
      var _ = stream.close();
    } else {
      own.speak.accept(stream);
    }
  }

  /** Null: that of the connection has been taken down. */
  private static @Nullable QuicConnection of(QuicStreamChannel stream) {
    return stream.parent().pipeline().get(QuicConnection.class);
  }

  /** The first stream of the connection of a further one; null: it is the first. */
  static @Nullable Channel first(Channel stream) {
    QuicStreamChannel own = (QuicStreamChannel) stream;
    return own.streamId() == FIRST ? null : Objects.requireNonNull(of(own)).stream;
  }

  /**
   * The client has broken off what it was sending on a stream. The library keeps something of each
   * such stream as long as the connection lasts, so that it may not do so too often.
   */
  static void brokenOff(QuicStreamChannel stream) {
    QuicConnection own = of(stream);
    if (own != null && ++own.brokenOff > MOST_BROKEN_OFF) {
      end(stream.parent());
    }
  }

  /**
   * What is known of the client of a stream.
   *
   * <p>Its address is the one that it came from: it may move, and is the same client.
   */
  static Caller caller(Channel stream, QuicTls tls) {
    QuicChannel connection = ((QuicStreamChannel) stream).parent();
    return new Caller(
        connection.attr(CAME_FROM).get(),
        tls.certificate(Objects.requireNonNull(connection.sslEngine())));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    QuicChannel connection = (QuicChannel) context.channel();
    connection.attr(CAME_FROM).set(connection.remoteSocketAddress());
    if (connection.remoteSocketAddress() instanceof InetSocketAddress first) {
      whereabouts.moved(first);
      whereabouts.proved(first, destinations(context)); // by its token
    }
    if (tls.mayBegin()) {
      shakesHands = true;
      waitFor(context, () -> handshakeFailed(new SslHandshakeTimeoutException("it took too long")));
    } else {
      var _ = context.close();
    }
  }

  private void waitFor(ChannelHandlerContext context, Runnable whenTooLate) {
    stopWaiting();
    patience =
        context
            .executor()
            .schedule(
                () -> {
                  whenTooLate.run();
                  end(context.channel());
                },
                tls.timeoutMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void stopWaiting() {
    if (patience != null) {
      patience.cancel(false);
      patience = null;
    }
  }

  private void handshakeFailed(Throwable cause) {
    if (shakesHands) {
      shakesHands = false;
      tls.failed(cause);
    }
  }

  private static void end(Channel connection) {
    var _ = ((QuicChannel) connection).close(true, IN_ORDER, Unpooled.EMPTY_BUFFER);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    switch (event) {
      case SslHandshakeCompletionEvent over when over.isSuccess() -> handshakeSucceeded(context);
      case SslHandshakeCompletionEvent over -> handshakeFailed(over.cause());
      case QuicConnectionCloseEvent _ -> context.executor().execute(() -> clientLeft(context));
      case QuicPathEvent.PeerMigrated moved -> moved(context, moved.remote());
      case QuicPathEvent.Validated there ->
          whereabouts.proved(there.remote(), destinations(context));
      case QuicPathEvent.FailedValidation gone ->
          whereabouts.notThere(gone.remote(), destinations(context));
      case QuicPathEvent.Closed gone -> whereabouts.notThere(gone.remote(), destinations(context));
      default -> {}
    }
  }

  private void handshakeSucceeded(ChannelHandlerContext context) {
    if (!shakesHands) {
      return;
    }
    shakesHands = false;
    QuicChannel connection = (QuicChannel) context.channel();
    if (tls.isShownTooLate(Objects.requireNonNull(connection.sslEngine()))) {
      log.debug("{} has shown a certificate that has expired", connection.attr(CAME_FROM).get());
      tls.shownTooLate();
      end(connection);
    } else {
      tls.succeeded();
      waitFor(context, () -> {});
    }
  }

  private static Destinations destinations(ChannelHandlerContext context) {
    return Datagrams.destinations(context.channel());
  }

  /** Without this it would be here until QUIC knows that nothing comes any more. */
  private void clientLeft(ChannelHandlerContext context) {
    MqttHandler handler = stream == null ? null : stream.pipeline().get(MqttHandler.class);
    if (handler != null) {
      handler.readRest();
    }
    end(context.channel());
  }

  private void moved(ChannelHandlerContext context, InetSocketAddress remote) {
    metrics.moved();
    whereabouts.moved(remote);
    log.debug("{} goes on from {}", context.channel().attr(CAME_FROM).get(), remote);
    if (!mayStay.test(remote)) {
      end(context.channel());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    QuicStreamChannel opened = (QuicStreamChannel) message;
    if (opened.streamId() != FIRST) {
      further(context, opened);
      return;
    }
    stream = opened;
    stopWaiting();
    opened
        .closeFuture()
        .addListener(closed -> context.executor().execute(() -> end(context.channel())));
    context.fireChannelRead(opened);
    early.forEach(one -> further(context, one));
    early.clear();
  }

  private void further(ChannelHandlerContext context, QuicStreamChannel opened) {
    if (stream == null) {
      early.add(opened); // the network may have changed their order
    } else if (stream.isOpen()) {
      metrics.opened();
      context.fireChannelRead(opened);
    } else {
      var _ = opened.close(); // between the end of the first and that of the connection
    }
  }

  /** Also where the connection has gone. */
  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    stopWaiting();
    handshakeFailed(new ClosedChannelException());
    whereabouts.forgetAll(destinations(context));
  }

  /** What went wrong in a handshake has been told by the event. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("a connection of QUIC failed", cause);
  }
}
