package io.vmqtt.gateway.listener;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.codec.PacketGate;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.connection.Entrance;
import io.vmqtt.gateway.policy.DeliveryPolicies;
import io.vmqtt.gateway.quota.NamespaceUses;
import io.vmqtt.gateway.transport.EventLoopConnections;
import io.vmqtt.gateway.transport.MqttHandler;
import io.vmqtt.gateway.transport.TransportHead;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One address that is listened on. */
final class Listener {
  private static final int BACKLOG = 4096;
  private static final int LOW_WATER_BYTES = 128 << 10;
  private static final int HIGH_WATER_BYTES = 512 << 10;

  private final ListenerConfig config;
  private final TransportHead head;
  private final Entrance entrance;
  private final Listeners all;
  private final ListenerMetrics metrics;
  private @Nullable Channel channel;

  Listener(
      ListenerConfig config,
      TransportHead head,
      Access access,
      NamespaceUses uses,
      Listeners all,
      ListenerMetrics metrics) {
    this.config = config;
    this.head = head;
    this.entrance =
        new Entrance(
            config.namespace(),
            config.limits(),
            access,
            DeliveryPolicies.STANDARD,
            uses,
            config.levels());
    this.all = all;
    this.metrics = metrics;
  }

  String name() {
    return config.name();
  }

  /** The port that it listens on; 0 while it does not. */
  int port() {
    Channel open = channel;
    return open == null ? 0 : ((InetSocketAddress) open.localAddress()).getPort();
  }

  /**
   * Listens.
   *
   * @throws IOException if the port is in use or the address is not this machine's
   */
  void open(EventLoops loops) throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.channelType())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
            .handler(new AcceptFailures(metrics::acceptFailed))
            .childHandler(new Pipeline());
    InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          (config.isDefault() ? "" : "listener " + config.name() + ": ")
              + "cannot listen for MQTT on "
              + config.host()
              + ':'
              + config.port()
              + ": "
              + reason(bound),
          bound.cause());
    }
    channel = bound.channel();
  }

  private static String reason(ChannelFuture failed) {
    Throwable cause = failed.cause();
    return cause == null ? "unknown" : String.valueOf(cause.getMessage());
  }

  /** No new clients. */
  void close() {
    if (channel != null) {
      channel.close().awaitUninterruptibly();
    }
  }

  /** Sets up the channel of each client. */
  private final class Pipeline extends ChannelInitializer<Channel> {

    @Override
    protected void initChannel(Channel client) {
      int here = metrics.connections().incrementAndGet();
      boolean comesIn = all.mayCome();
      client
          .closeFuture()
          .addListener(
              closed -> {
                metrics.connections().decrementAndGet();
                all.left();
              });
      if (!comesIn || (config.maxConnections() > 0 && here > config.maxConnections())) {
        metrics.refused();
        var _ = client.close();
        return;
      }
      EventLoopConnections ofLoop = all.of(client.eventLoop());
      head.install(
          client.pipeline(), ofLoop.lane().memory(), () -> speakMqtt(client.pipeline(), ofLoop));
    }

    private void speakMqtt(ChannelPipeline pipeline, EventLoopConnections ofLoop) {
      pipeline
          .addLast(PacketGate.decoders(config.limits().maxPacketBytes(), ofLoop.lane().memory()))
          .addLast(new MqttHandler(ofLoop, entrance, head, all.random()));
    }
  }
}
