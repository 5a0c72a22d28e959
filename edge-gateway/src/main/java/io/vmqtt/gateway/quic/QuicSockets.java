package io.vmqtt.gateway.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of UDP of one listener: one of each event loop where the system can spread among them
 * what comes, else one. A connection is on the loop of the socket that its first packet came to.
 */
public final class QuicSockets {
  private static final int KEY_BYTES = 32;
  private static final int DATAGRAM_BYTES = 2048;
  private static final int MAX_PAYLOAD_BYTES = 1472;
  private static final int SOCKET_BUFFER_BYTES = 4 << 20;

  /**
   * What a client may have sent that MQTT has not read yet; QUIC lets it be more where the client
   * and MQTT are fast.
   */
  private static final long WINDOW_BYTES = 128 << 10;

  /**
   * Longer than the silence that the longest keep alive of MQTT allows, so that it ends no client
   * that has one: it is for those that have none, and are gone.
   */
  private static final long MAX_IDLE_SECONDS = 65_535 * 3 / 2 + 2;

  /**
   * Between so many addresses a client may change before the first of them is given up, which takes
   * a moment.
   */
  static final int PATHS = 32;

  /** So many streams a client can have at once, the first among them. */
  private static final int MOST_STREAMS = 32;

  /** So long clients have, in the end, to take what was written, and to go. */
  private static final long FAREWELL_MILLIS = 1_000;

  private final Supplier<QuicHead> present;
  private final Function<Channel, @Nullable Consumer<Channel>> meet;
  private final byte[] key = new byte[KEY_BYTES];
  private final byte[] keyOfIds = new byte[KEY_BYTES];
  private final List<Channel> sockets = new ArrayList<>();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private volatile boolean refuses;

  private QuicSockets(
      Supplier<QuicHead> present, Function<Channel, @Nullable Consumer<Channel>> meet) {
    this.present = present;
    this.meet = meet;
    SecureRandom random = new SecureRandom();
    random.nextBytes(key);
    random.nextBytes(keyOfIds);
  }

  /**
   * Listens.
   *
   * @param present by what clients come in who come now
   * @param meet for each connection, what adds what is behind the network to its stream; null: it
   *     may not be
   * @throws IOException if the port is in use or the address is not this machine's
   */
  public static QuicSockets open(
      UdpSockets udp,
      InetSocketAddress address,
      Supplier<QuicHead> present,
      Function<Channel, @Nullable Consumer<Channel>> meet)
      throws IOException {
    QuicSockets sockets = new QuicSockets(present, meet);
    sockets.bind(udp, address);
    return sockets;
  }

  private void bind(UdpSockets udp, InetSocketAddress address) throws IOException {
    List<EventLoop> loops = loops(udp);
    if (loops.size() > 1) {
      requireFree(address);
    }
    List<Datagrams> inputs = new ArrayList<>();
    for (int i = 0; i < loops.size(); i++) {
      inputs.add(new Datagrams(new OwnedIds(i, keyOfIds), inputs, () -> present.get().metrics()));
    }
    InetSocketAddress at = address;
    for (int i = 0; i < loops.size(); i++) {
      Bootstrap bootstrap =
          new Bootstrap()
              .group(loops.get(i))
              .channel(udp.type())
              .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
              .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
              .option(
                  ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM_BYTES))
              .handler(socket(inputs.get(i), codec(inputs.get(i).ids())));
      if (loops.size() > 1) {
        bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
      }
      ChannelFuture bound = bootstrap.bind(at).awaitUninterruptibly();
      if (!bound.isSuccess()) {
        close(List.of(this));
        throw new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
      }
      sockets.add(bound.channel());
      at = (InetSocketAddress) bound.channel().localAddress();
    }
  }

  private static List<EventLoop> loops(UdpSockets udp) {
    List<EventLoop> loops = new ArrayList<>();
    for (EventExecutor loop : udp.loops()) {
      loops.add((EventLoop) loop);
    }
    return udp.spread() ? loops : List.of(udp.loops().next());
  }

  /** Sockets that share a port would share it with those of another process, too. */
  private static void requireFree(InetSocketAddress address) throws IOException {
    new DatagramSocket(address).close();
  }

  private static ChannelHandler socket(Datagrams input, ChannelHandler codec) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel socket) {
        socket.pipeline().addLast(input, codec);
      }
    };
  }

  private ChannelHandler codec(OwnedIds ids) {
    return new QuicServerCodecBuilder()
        .sslEngineProvider(connection -> present.get().newEngine(connection))
        .tokenHandler(
            new AddressTokens(
                key,
                ids::isOwn,
                System::nanoTime,
                from -> !refuses && present.get().mayEnter(from),
                () -> present.get().metrics().asked()))
        .localConnectionIdLength(OwnedIds.BYTES)
        .connectionIdAddressGenerator(ids)
        .maxIdleTimeout(MAX_IDLE_SECONDS, TimeUnit.SECONDS)
        .maxRecvUdpPayloadSize(MAX_PAYLOAD_BYTES)
        .initialMaxData(WINDOW_BYTES)
        .initialMaxStreamDataBidirectionalRemote(WINDOW_BYTES)
        .initialMaxStreamsBidirectional(MOST_STREAMS)
        .activeMigration(true)
        .activeConnectionIdLimit(PATHS)
        .handler(
            new ChannelInitializer<QuicChannel>() {
              @Override
              protected void initChannel(QuicChannel connection) {
                connections.add(connection);
                Consumer<Channel> speak = meet.apply(connection);
                if (speak != null) {
                  connection.pipeline().addLast(present.get().connection(speak));
                }
              }
            })
        .streamHandler(
            new ChannelInitializer<QuicStreamChannel>() {
              @Override
              protected void initChannel(QuicStreamChannel stream) {
                QuicConnection.begin(stream);
              }
            })
        .build();
  }

  /** The port that they listen on. */
  public int port() {
    return ((InetSocketAddress) sockets.getFirst().localAddress()).getPort();
  }

  /** No new clients. Those that are there stay. */
  public void refuse() {
    refuses = true;
  }

  /**
   * Closes all of these. Connections that do not end by themselves within a moment, which is one
   * for all, are ended.
   */
  public static void close(Collection<QuicSockets> all) {
    all.forEach(QuicSockets::refuse);
    long begun = System.nanoTime();
    for (QuicSockets one : all) {
      long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      one.connections.newCloseFuture().awaitUninterruptibly(Math.max(0, FAREWELL_MILLIS - waited));
    }
    all.forEach(QuicSockets::end);
  }

  private void end() {
    connections.close().awaitUninterruptibly();
    sockets.forEach(socket -> socket.close().awaitUninterruptibly());
  }
}
