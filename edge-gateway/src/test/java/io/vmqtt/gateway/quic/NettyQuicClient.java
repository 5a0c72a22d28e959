package io.vmqtt.gateway.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.vmqtt.testkit.tls.TestAuthority;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of QUIC of Netty (quiche), whose reading a test can stop. */
public final class NettyQuicClient implements AutoCloseable {
  /** An error code of its own. */
  private static final int ERROR = 7;

  private static final long WINDOW_BYTES = 64 << 10;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final QuicChannel connection;
  private final QuicStreamChannel stream;

  /** Connects, and opens the stream. */
  public NettyQuicClient(int port, TestAuthority believed) throws Exception {
    Channel socket =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .handler(
                new QuicClientCodecBuilder()
                    .sslEngineProvider(
                        channel ->
                            QuicSslContextBuilder.forClient()
                                .trustManager(believed.trust())
                                .applicationProtocols("mqtt")
                                .build()
                                .newEngine(channel.alloc(), "localhost", port))
                    .initialMaxData(WINDOW_BYTES)
                    .initialMaxStreamDataBidirectionalLocal(WINDOW_BYTES)
                    .build())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    connection =
        QuicChannel.newBootstrap(socket)
            .streamHandler(new ChannelInboundHandlerAdapter())
            .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .connect()
            .get(10, TimeUnit.SECONDS);
    stream = connection.createStream(QuicStreamType.BIDIRECTIONAL, new Reader()).get();
  }

  private final class Reader extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      received.add(ByteBufUtil.hexDump(bytes));
      bytes.release();
    }
  }

  /** How many streams it may open beside. */
  public long credit() {
    return connection.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL);
  }

  /** How many bytes it may send before any of them is read. */
  public long window() {
    return Objects.requireNonNull(connection.peerTransportParameters()).initialMaxData();
  }

  /** How long the other side lets a connection be on which nothing comes. */
  public Duration idleTimeout() {
    return Duration.ofMillis(
        Objects.requireNonNull(connection.peerTransportParameters()).maxIdleTimeout());
  }

  /** Sends packets. */
  public void send(String hex) {
    var _ =
        stream.writeAndFlush(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", ""))));
  }

  /** Sends packets, and closes the connection right behind. */
  public void sendAndLeave(String hex) {
    connection
        .eventLoop()
        .execute(
            () -> {
              send(hex);
              var _ = connection.close(true, 0, Unpooled.EMPTY_BUFFER);
            });
  }

  /** What comes next, in hexadecimal digits. */
  public String receive() throws InterruptedException {
    String next = received.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came");
    }
    return next;
  }

  /** It reads no more, but its QUIC is there as ever. */
  public void stopReading() {
    stream.config().setAutoRead(false);
  }

  /** Opens a further stream, and sends packets on it; what comes there comes as on the first. */
  public QuicStreamChannel further(String hex) throws Exception {
    QuicStreamChannel further =
        connection.createStream(QuicStreamType.BIDIRECTIONAL, new Reader()).get();
    var _ =
        further.writeAndFlush(
            Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", ""))));
    return further;
  }

  /** Says on a stream that it has said all, and in the same packet that it hears no more. */
  public void endAndHearNoMore(QuicStreamChannel further) {
    connection
        .eventLoop()
        .execute(
            () -> {
              var _ = further.shutdownOutput();
              var _ = further.shutdownInput(ERROR);
            });
  }

  public boolean isConnected() {
    return connection.isActive();
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
