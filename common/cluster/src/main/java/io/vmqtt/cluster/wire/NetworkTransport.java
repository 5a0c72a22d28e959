package io.vmqtt.cluster.wire;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.identity.Callers;
import io.vmqtt.cluster.identity.Doorstep;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.identity.ProvenRoles;
import io.vmqtt.cluster.identity.Refusals;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event loops of a process's links, for both of their ends. One thread where processors are
 * few: what it reads, decides and writes without another's help needs nobody to be woken.
 */
public final class NetworkTransport implements Channels, AutoCloseable {
  /** One processor in so many serves links; the others are for what the process is there for. */
  private static final int PROCESSORS_PER_LOOP = 4;

  private static final int STOP_TIMEOUT_SECONDS = 2;

  /**
   * A connection whose packets nobody acknowledges for so long is given up, and so is an attempt to
   * connect: once the network is there again a new one is at once, while an old one waits for its
   * next repetition, which TCP puts off twice as long each time.
   */
  private static final int UNACKNOWLEDGED_MILLIS = 3_000;

  private static final int CONNECT_TIMEOUT_MILLIS = 1_500;

  private final MultiThreadIoEventLoopGroup loops;
  private final Class<? extends SocketChannel> channelType;
  private final ChannelFactory<ServerChannel> serverChannels;
  private final ChannelGroup servers = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final @Nullable ProcessIdentity identity;
  private final @Nullable LinkTls tls;
  private final Refusals refusals;
  private final MeterRegistry registry;

  /**
   * @param identity what the ends of links show each other; null: nothing, they are in clear text
   */
  public NetworkTransport(@Nullable ProcessIdentity identity, MeterRegistry registry) {
    this.identity = identity;
    this.registry = registry;
    this.tls = identity == null ? null : new LinkTls(identity);
    this.refusals = identity == null ? new Refusals() : identity.refusals();
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    channelType = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    serverChannels = epoll ? EpollServerSocketChannel::new : NioServerSocketChannel::new;
    int threads = Math.ceilDiv(Runtime.getRuntime().availableProcessors(), PROCESSORS_PER_LOOP);
    loops =
        new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("links", true), handlers);
  }

  @Override
  public ManagedChannel to(Node node) {
    NettyChannelBuilder channel =
        NettyChannelBuilder.forAddress(node.host(), node.grpcPort())
            .directExecutor()
            .intercept(new RefusedCalls(node, identity, refusals))
            .channelType(channelType)
            .eventLoopGroup(loops)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES);
    if (channelType == EpollSocketChannel.class) {
      channel.withOption(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MILLIS);
    }
    LinkTls encryption = tls;
    return encryption == null
        ? channel.usePlaintext().build()
        : channel.sslContext(encryption.to(node.role())).build();
  }

  private ChannelFactory<ServerChannel> watched() {
    ProcessIdentity shown = identity;
    Doorstep doorstep =
        new Doorstep(
            "link",
            "the caller",
            shown == null
                ? "one without TLS"
                : "a certificate of " + ProvenRoles.text(Callers.of(shown.role())),
            refusals,
            registry);
    return () -> {
      ServerChannel server = serverChannels.newChannel();
      server.pipeline().addLast(new CallersAtTheDoor(doorstep, "--cluster-certificate"));
      servers.add(server);
      return server;
    };
  }

  /** Has a server run on these loops: events come on them, whoever gets them must not block. */
  public NettyServerBuilder serve(NettyServerBuilder server) {
    LinkTls encryption = tls;
    if (encryption != null) {
      server.sslContext(encryption.ofCallers());
    }
    return server
        .directExecutor()
        .channelFactory(watched())
        .bossEventLoopGroup(loops)
        .workerEventLoopGroup(loops)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES);
  }

  /** One of the loops, which keeps the time of links. */
  public EventLoop loop() {
    return loops.next();
  }

  /** Whether there is but one loop. */
  public boolean isSingle() {
    return loops.executorCount() == 1;
  }

  /**
   * Nobody is listened for any more: a server that still did would wait for these loops for ever.
   */
  @Override
  public void close() {
    servers.close().awaitUninterruptibly(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    var _ = loops.shutdownGracefully(0, STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
