package io.vmqtt.gateway.listener;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.util.AttributeKey;
import io.vmqtt.cluster.operation.ListenerInfo;
import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.codec.PacketGate;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.connection.Entrance;
import io.vmqtt.gateway.policy.DeliveryPolicies;
import io.vmqtt.gateway.quic.QuicHead;
import io.vmqtt.gateway.quic.QuicSockets;
import io.vmqtt.gateway.quota.NamespaceUses;
import io.vmqtt.gateway.transport.EventLoopConnections;
import io.vmqtt.gateway.transport.MqttHandler;
import io.vmqtt.gateway.transport.TransportHead;
import io.vmqtt.model.ReasonCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One address that is listened on. What else holds there can change meanwhile. */
final class Listener {
  private static final int BACKLOG = 4096;
  private static final int LOW_WATER_BYTES = 128 << 10;
  private static final int HIGH_WATER_BYTES = 512 << 10;

  /** Of connections of QUIC on whose stream MQTT is spoken. */
  private static final AttributeKey<Boolean> HAS_STREAM =
      AttributeKey.valueOf(Listener.class, "has stream");

  private final Doorkeeper doorkeeper;
  private final AtomicReference<Access> access;
  private final NamespaceUses uses;
  private final Listeners all;
  private final ListenerMetrics metrics;
  private volatile Way way;
  private volatile boolean gone;
  private volatile @Nullable Channel channel;
  private volatile @Nullable QuicSockets quic;

  /** How clients come in: those who do now, and not those who have. */
  private record Way(ListenerConfig config, TransportHead head, Entrance entrance) {}

  Listener(
      ListenerConfig config,
      TransportHead head,
      Doorkeeper doorkeeper,
      Access access,
      NamespaceUses uses,
      Listeners all,
      ListenerMetrics metrics) {
    this.doorkeeper = doorkeeper;
    this.access = new AtomicReference<>(access);
    this.uses = uses;
    this.all = all;
    this.metrics = metrics;
    this.way = way(config, head);
  }

  private Way way(ListenerConfig config, TransportHead head) {
    return new Way(
        config,
        head,
        new Entrance(
            config.namespace(),
            config.limits(),
            new WayAccess(access, () -> isPresent(head)),
            DeliveryPolicies.STANDARD,
            uses,
            config.levels(),
            () -> gone));
  }

  /** Something else holds for whoever comes from now on, and whoever proves again who he is. */
  void change(ListenerConfig config, TransportHead head, Access by) {
    doorkeeper.rates(config.rates());
    way = way(config, head);
    access.set(by); // last: nobody who came in another way is judged by it
  }

  /** Whether clients come in this way still. */
  private boolean isPresent(TransportHead head) {
    return way.head().equals(head);
  }

  ListenerConfig config() {
    return way.config();
  }

  TransportHead head() {
    return way.head();
  }

  /** Stands at the door of every way. */
  Doorkeeper doorkeeper() {
    return doorkeeper;
  }

  ListenerMetrics metrics() {
    return metrics;
  }

  /** The port that it listens on; 0 while it does not. */
  int port() {
    QuicSockets sockets = quic;
    if (sockets != null) {
      return sockets.port();
    }
    Channel open = channel;
    return open == null ? 0 : ((InetSocketAddress) open.localAddress()).getPort();
  }

  /**
   * Listens.
   *
   * @throws IOException if the port is in use or the address is not this machine's
   */
  void open(EventLoops loops) throws IOException {
    gone = false;
    ListenerConfig config = config();
    InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
    try {
      if (config.transport().overQuic()) {
        quic = QuicSockets.open(loops.udp(), address, () -> (QuicHead) head(), this::meet);
      } else {
        channel = onTcp(loops, address);
      }
    } catch (IOException e) {
      throw new IOException(
          "cannot listen for MQTT on "
              + config.host()
              + ':'
              + config.port()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private Channel onTcp(EventLoops loops, InetSocketAddress address) throws IOException {
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
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(reason(bound), bound.cause());
    }
    return bound.channel();
  }

  private static String reason(ChannelFuture failed) {
    Throwable cause = failed.cause();
    return cause == null ? "unknown" : String.valueOf(cause.getMessage());
  }

  /** No new clients; those that are there stay. */
  void close() {
    Channel open = channel;
    if (open != null) {
      open.close().awaitUninterruptibly();
      channel = null;
    }
    QuicSockets sockets = quic;
    if (sockets != null) {
      sockets.refuse();
    }
  }

  /**
   * Lets go of sockets that connections need, so that others can have the ports: those have a
   * moment to end by themselves, once they have been told, and it is one moment for all of these.
   */
  static void free(Collection<Listener> those) {
    List<Listener> overQuic = those.stream().filter(one -> one.quic != null).toList();
    QuicSockets.close(overQuic.stream().map(one -> one.quic).filter(Objects::nonNull).toList());
    overQuic.forEach(one -> one.quic = null);
  }

  /** The same for good: their ports are free then, also where connections have no other way. */
  static void leave(Collection<Listener> those) {
    List<Listener> overQuic = those.stream().filter(one -> one.quic != null).toList();
    overQuic.forEach(Listener::end);
    overQuic.stream().findFirst().ifPresent(one -> one.all.tellGone());
    free(overQuic);
  }

  /** For a connection of QUIC: what begins on its stream; null: it may not be. */
  private @Nullable Consumer<Channel> meet(Channel connection) {
    Way now = way;
    return mayCome(now, connection) ? client -> begin(now, client) : null;
  }

  /** One more connection: whether it may be. Else it is closed. */
  private boolean mayCome(Way by, Channel connection) {
    int maxConnections = by.config().maxConnections();
    int here = metrics.connections().incrementAndGet();
    boolean comesIn = all.mayCome();
    connection.closeFuture().addListener(_ -> closed(connection));
    if (!comesIn || (maxConnections > 0 && here > maxConnections)) {
      metrics.refused();
      by.entrance().access().refusedUnasked(stranger(by, connection), ReasonCode.QUOTA_EXCEEDED);
      var _ = connection.close();
      return false;
    }
    return true;
  }

  /** Nothing is known of it but where it comes from. */
  private static Identity stranger(Way by, Channel connection) {
    SocketAddress from =
        connection instanceof QuicChannel overQuic
            ? overQuic.remoteSocketAddress()
            : connection.remoteAddress();
    return new Identity(by.config().namespace(), "", null, from, null);
  }

  /** It counts until what its client had sent is handled: that takes as much as before. */
  private void closed(Channel connection) {
    if (connection.hasAttr(HAS_STREAM)) {
      return; // it counts until that of its stream is handled
    }
    MqttHandler handler = connection.pipeline().get(MqttHandler.class);
    if (handler == null) {
      left();
    } else {
      handler.whenOver(this::left);
    }
  }

  private void left() {
    metrics.connections().decrementAndGet();
    all.left();
  }

  /** What is between a client's bytes and MQTT, and then MQTT. */
  private void begin(Way by, Channel client) {
    EventLoopConnections ofLoop = all.of(client.eventLoop());
    by.head()
        .install(
            client.pipeline(),
            ofLoop.lane().memory(),
            () -> speakMqtt(by, client.pipeline(), ofLoop));
  }

  private void speakMqtt(Way by, ChannelPipeline pipeline, EventLoopConnections ofLoop) {
    if (gone || !isPresent(by.head())) {
      var _ = pipeline.channel().close();
      return;
    }
    int maxPacketBytes = by.config().limits().maxPacketBytes();
    Channel first = by.head().first(pipeline.channel());
    if (first != null) {
      MqttHandler ofClient = first.pipeline().get(MqttHandler.class);
      ChannelHandler further = ofClient == null ? null : ofClient.furtherStream();
      if (further == null) {
        var _ = pipeline.channel().close();
      } else {
        pipeline
            .addLast(PacketGate.decoders(maxPacketBytes, ofLoop.lane().memory()))
            .addLast(further);
      }
      return;
    }
    MqttHandler handler = new MqttHandler(ofLoop, by.entrance(), by.head(), all.random());
    pipeline.addLast(PacketGate.decoders(maxPacketBytes, ofLoop.lane().memory())).addLast(handler);
    if (by.config().transport().overQuic()) {
      pipeline.channel().parent().attr(HAS_STREAM).set(true);
      pipeline.channel().closeFuture().addListener(_ -> handler.whenOver(this::left));
    }
  }

  /** Those that are there have to go, when they are told so; so has whoever is on the way. */
  void end() {
    gone = true;
  }

  /**
   * What there is to know of it. From any thread.
   *
   * @param notAfter until when its certificate is good; null: it has none
   * @param mayCome whether the gateway takes one more connection
   */
  ListenerInfo info(@Nullable Instant notAfter, boolean mayCome) {
    ListenerConfig config = config();
    int connections = metrics.connections().get();
    int most = config.maxConnections();
    return new ListenerInfo(
        config.name(),
        config.host(),
        port(),
        config.transport().word(),
        config.namespace().name(),
        connections,
        most,
        mayCome && !gone && port() != 0 && (most == 0 || connections < most),
        notAfter == null ? null : notAfter.toString());
  }

  /** Sets up the channel of each client. */
  private final class Pipeline extends ChannelInitializer<Channel> {

    @Override
    protected void initChannel(Channel client) {
      Way now = way;
      if (mayCome(now, client)) {
        begin(now, client);
      }
    }
  }
}
