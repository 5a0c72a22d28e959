package io.vmqtt.gateway.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.vmqtt.cluster.machine.FileLimit;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.codec.PacketGate;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.connection.Entrance;
import io.vmqtt.gateway.link.Gateway;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.model.Namespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for MQTT clients: one event loop per processor, and one lane to the cluster for each. */
public final class MqttServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MqttServer.class);
  private static final int BACKLOG = 4096;
  private static final int LOW_WATER_BYTES = 128 << 10;
  private static final int HIGH_WATER_BYTES = 512 << 10;
  private static final long QUIET_MILLIS = 100;
  private static final long STOP_TIMEOUT_MILLIS = 5_000;

  private final GatewayConfig config;
  private final Entrance entrance;
  private final MultiThreadIoEventLoopGroup loops;
  private final Class<? extends ServerChannel> channelType;
  private final SecureRandom random = new SecureRandom();
  private final Map<EventExecutor, EventLoopConnections> connections = new HashMap<>();
  private @Nullable Channel listener;

  /** A server that has its event loops but does not listen yet. */
  public MqttServer(GatewayConfig config) {
    this.config = config;
    this.entrance = new Entrance(Namespace.NAMELESS, config.limits(), new OpenAccess());
    Transport transport = Transport.best();
    this.channelType = transport.channelType;
    int threads =
        config.eventLoops() > 0 ? config.eventLoops() : Runtime.getRuntime().availableProcessors();
    this.loops =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("mqtt", true), transport.handlers);
    log.debug("MQTT over {}, {} event loops", transport.name, threads);
  }

  private record Transport(
      String name, IoHandlerFactory handlers, Class<? extends ServerChannel> channelType) {

    static Transport best() {
      String wanted = System.getProperty("vmqtt.transport", "");
      if (wanted.equals("io_uring") && IoUring.isAvailable()) {
        return new Transport(
            "io_uring", IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class);
      }
      if (!wanted.equals("nio") && Epoll.isAvailable()) {
        return new Transport("epoll", EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
      }
      return new Transport("nio", NioIoHandler.newFactory(), NioServerSocketChannel.class);
    }
  }

  /** The event loops, for the lanes of the gateway. */
  public List<Executor> eventLoops() {
    List<Executor> all = new ArrayList<>();
    loops.forEach(all::add);
    return all;
  }

  /**
   * Listens.
   *
   * @return the port
   * @throws IOException if the port is in use or the address is not this machine's
   */
  public int listen(Gateway behind) throws IOException {
    ConnectionLog connectionLog = new ConnectionLog(config.logConnections());
    int index = 0;
    for (EventExecutor loop : loops) {
      Lane lane = behind.lanes().get(index++);
      EventLoopConnections ofLoop = new EventLoopConnections(lane, connectionLog);
      connections.put(loop, ofLoop);
      long timeoutNanos = config.connectTimeout().toNanos();
      var _ =
          loop.scheduleWithFixedDelay(
              () -> lane.execute(() -> ofLoop.checkClocks(timeoutNanos)), 1, 1, TimeUnit.SECONDS);
    }
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(channelType)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
            .handler(new AcceptFailures(behind.metrics()::acceptFailed))
            .childHandler(new Pipeline(behind));
    InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen for MQTT on " + config.host() + ':' + config.port() + ": " + reason(bound),
          bound.cause());
    }
    listener = bound.channel();
    log.info(
        "at most {} connections of clients; the limit of open files (ulimit -n) is {}",
        config.maxConnections(),
        FileLimit.current());
    return ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  private static String reason(ChannelFuture failed) {
    Throwable cause = failed.cause();
    return cause == null ? "unknown" : String.valueOf(cause.getMessage());
  }

  /** Sets up the channel of each client. */
  private final class Pipeline extends ChannelInitializer<Channel> {
    private final Gateway behind;

    Pipeline(Gateway behind) {
      this.behind = behind;
    }

    @Override
    protected void initChannel(Channel channel) {
      EventLoopConnections ofLoop = connections.get(channel.eventLoop());
      int open = behind.metrics().connections().incrementAndGet();
      channel.closeFuture().addListener(closed -> behind.metrics().connections().decrementAndGet());
      if (ofLoop == null || open > config.maxConnections()) {
        behind.metrics().connectionRefused();
        var _ = channel.close();
      } else {
        channel
            .pipeline()
            .addLast(PacketGate.decoders(config.limits().maxPacketBytes(), ofLoop.lane().memory()))
            .addLast(new MqttHandler(ofLoop, entrance, random));
      }
    }
  }

  /** Stops in order: no new clients, DISCONNECT to those of MQTT 5, then the end. */
  @Override
  public void close() {
    if (listener != null) {
      listener.close().awaitUninterruptibly();
    }
    connections.forEach(
        (loop, ofLoop) ->
            loop.submit(() -> ofLoop.lane().execute(ofLoop::shutDown)).awaitUninterruptibly());
    // A moment for what was written, and for the routers to hear of it.
    loops
        .shutdownGracefully(QUIET_MILLIS, STOP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly();
  }
}
