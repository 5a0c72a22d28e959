package io.vmqtt.gateway.listener;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.vmqtt.gateway.quic.UdpSockets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of connections: one event loop per processor, for all listeners together. */
final class EventLoops {
  private static final Logger log = LoggerFactory.getLogger(EventLoops.class);
  private static final long QUIET_MILLIS = 100;
  private static final long STOP_TIMEOUT_MILLIS = 5_000;

  private final MultiThreadIoEventLoopGroup group;
  private final Class<? extends ServerChannel> channelType;
  private final UdpSockets udp;

  private record Sockets(
      String name,
      IoHandlerFactory handlers,
      Class<? extends ServerChannel> channelType,
      Class<? extends DatagramChannel> udpType) {

    static Sockets best() {
      String wanted = System.getProperty("vmqtt.transport", "");
      if (wanted.equals("io_uring") && IoUring.isAvailable()) {
        return new Sockets(
            "io_uring",
            IoUringIoHandler.newFactory(),
            IoUringServerSocketChannel.class,
            IoUringDatagramChannel.class);
      }
      if (!wanted.equals("nio") && Epoll.isAvailable()) {
        return new Sockets(
            "epoll",
            EpollIoHandler.newFactory(),
            EpollServerSocketChannel.class,
            EpollDatagramChannel.class);
      }
      return new Sockets(
          "nio", NioIoHandler.newFactory(), NioServerSocketChannel.class, NioDatagramChannel.class);
    }
  }

  /**
   * Starts them.
   *
   * @param wanted how many; 0: as many as there are processors
   */
  EventLoops(int wanted) {
    Sockets sockets = Sockets.best();
    int threads = wanted > 0 ? wanted : Runtime.getRuntime().availableProcessors();
    channelType = sockets.channelType;
    group =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("mqtt", true), sockets.handlers);
    udp = new UdpSockets(group, sockets.udpType, sockets.udpType != NioDatagramChannel.class);
    log.debug("MQTT over {}, {} event loops", sockets.name, threads);
  }

  MultiThreadIoEventLoopGroup group() {
    return group;
  }

  Class<? extends ServerChannel> channelType() {
    return channelType;
  }

  /** For QUIC. */
  UdpSockets udp() {
    return udp;
  }

  /** In the order of their lanes. */
  List<EventExecutor> all() {
    List<EventExecutor> all = new ArrayList<>();
    group.forEach(all::add);
    return all;
  }

  /** Stops them after a moment for what was written, and for the routers to hear of it. */
  void close() {
    group
        .shutdownGracefully(QUIET_MILLIS, STOP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly();
  }
}
