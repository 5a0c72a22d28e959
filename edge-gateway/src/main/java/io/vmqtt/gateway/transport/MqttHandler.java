package io.vmqtt.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.util.ReferenceCountUtil;
import io.vmqtt.gateway.codec.PacketGate;
import io.vmqtt.gateway.codec.PacketReader;
import io.vmqtt.gateway.connection.Bound;
import io.vmqtt.gateway.connection.Caller;
import io.vmqtt.gateway.connection.ClientOutput;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.connection.Entrance;
import io.vmqtt.gateway.connection.ProtocolLevel;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.connection.ProtocolViolation;
import io.vmqtt.gateway.link.GatewayMetrics;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.gateway.trace.Trace;
import io.vmqtt.model.ReasonCode;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's channel: feeds decoded packets to its {@link Connection} and ends it when either
 * side does. The one place where what the client did wrong is caught. Confined to the event loop.
 */
public final class MqttHandler extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(MqttHandler.class);

  /** What may come while packets wait, beside one packet of the largest size. */
  private static final long EARLY_BYTES = 1 << 20;

  private static final long MAX_EARLY_BYTES_OF_ALL = GatewayMetrics.MAX_EARLY_BYTES;

  /** So that those who are connected, and wait for their turn, leave room for those who come. */
  private static final long MAX_EARLY_BYTES_OF_CONNECTED = MAX_EARLY_BYTES_OF_ALL / 2;

  private final EventLoopConnections siblings;
  private final Entrance entrance;
  private final TransportHead head;
  private final RandomGenerator random;
  private @Nullable ClientState state;

  private long restsUntil; // by the seconds of its siblings; 0: it does not

  /** Runs when the connection is over; null while the channel is open. */
  private @Nullable Runnable over;

  /**
   * A handler for one channel.
   *
   * @param entrance where its client comes in
   * @param head what is before it in the pipeline
   */
  public MqttHandler(
      EventLoopConnections siblings,
      Entrance entrance,
      TransportHead head,
      RandomGenerator random) {
    this.siblings = siblings;
    this.entrance = entrance;
    this.head = head;
    this.random = random;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    Lane lane = siblings.lane();
    ReadingSwitch reading = new ReadingSwitch(context.channel(), this::readsAgain);
    Function<ChannelHandlerContext, ClientWriter> writers =
        on ->
            new ClientWriter(
                on, lane, entrance.limits(), head, reading, this::endOfRun, this::stirred);
    ClientWriter writer = writers.apply(context);
    Channel channel = context.channel();
    DataStreams streams = head.hasSeveral() ? streams(writer, channel, reading, writers) : null;
    ClientOutput output = streams == null ? writer : streams;
    Connection connection =
        new Connection(entrance, () -> head.caller(channel), output, lane, random);
    @Nullable SocketAddress peer = siblings.log().isOn() ? head.caller(channel).address() : null;
    state =
        new ClientState(
            lane.metrics(),
            connection,
            writer,
            reading,
            channel,
            context.pipeline().get(PacketGate.class),
            streams,
            peer,
            siblings.nanoTime());
    siblings.add(this);
  }

  private DataStreams streams(
      ClientWriter writer,
      Channel channel,
      ReadingSwitch reading,
      Function<ChannelHandlerContext, ClientWriter> writers) {
    int most = entrance.limits().topics().maxSubscriptions();
    StreamChoice choice = new StreamChoice(most, random.nextLong());
    return new DataStreams(this, writer, channel, reading, choice, writers);
  }

  /** What handles a further stream of the same client; null: there is none any more. */
  public @Nullable ChannelHandler furtherStream() {
    ClientState current = state;
    return current == null || current.inactive || current.streams == null
        ? null
        : new DataStream(current.streams);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ClientState current = state;
    if (current != null) {
      current.inactive = true;
      stirred();
      current.writer.fallSilent();
      current.connection.connectionLost();
      leaveIfOver(current);
      Runnable then = over;
      if (then != null && current.connection.isWaiting()) {
        current.connection.whenReady(then);
      } else if (then != null) {
        then.run();
      }
    }
  }

  /**
   * Has {@code then} run when the channel is inactive and nothing that its client has sent waits
   * any more. To be called once, when the channel is closed.
   */
  public void whenOver(Runnable then) {
    if (state == null) {
      then.run(); // it never was active
    } else {
      over = then;
    }
  }

  /** A client that is gone may have left packets that wait: they have to be handled first. */
  private void leaveIfOver(ClientState current) {
    current.keptConnect.letGoIfKnown();
    if (current.inactive && !current.connection.isWaiting()) {
      siblings.remove(this);
      tell(current);
    }
  }

  /** The client, if it is connected. */
  @Nullable ConnectedClient client() {
    ClientState current = state;
    return current == null || !current.connection.isConnected()
        ? null
        : new ConnectedClient(
            current.channel,
            current.connection,
            current.level,
            current.clock.connectedFor(siblings.nanoTime()),
            waitingBytes());
  }

  /** For the log: that the client is there, and later that it is not. */
  private void tell(ClientState current) {
    if (!current.arrivalTold && current.connection.isConnected()) {
      current.arrivalTold = true;
      siblings.connected(current.connection, current.peer);
      ClientEvents.connected(siblings.lane().system(), current.connection);
    } else if (!current.endTold && current.connection.isClosed()) {
      current.endTold = true;
      siblings.log().ended(current.connection, current.peer);
      if (current.arrivalTold) {
        ClientEvents.disconnected(siblings.lane().system(), current.connection);
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    writabilityChanged();
  }

  /** A stream may take more again. */
  void writabilityChanged() {
    ClientState current = state;
    if (current != null && isWritable(current)) {
      current.connection.writable();
    }
  }

  private static boolean isWritable(ClientState current) {
    return current.streams == null ? current.writer.isWritable() : current.streams.isWritable();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object packet) {
    read(null, packet);
  }

  /**
   * A packet.
   *
   * @param from null: the first stream
   */
  void read(@Nullable DataStream from, Object packet) {
    ClientState current = state;
    if (current == null || !(packet instanceof MqttMessage message)) {
      ReferenceCountUtil.release(packet);
      return;
    }
    if (current.connection.isWaiting() && ClientPackets.mayWait(current.connection, message)) {
      handleWhenReady(current, from, message);
    } else {
      handle(current, from, message);
    }
  }

  /** Whatever was read is a sign of life, be it a part of a large packet on a slow line. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    readSome();
    context.fireChannelReadComplete();
  }

  /** Something was read of one of its streams. */
  void readSome() {
    ClientState current = state;
    if (current != null) {
      current.clock.heard(siblings.nanoTime());
      stirred();
      siblings.lane().watchMemory();
    }
  }

  /** Reading has stopped, but what had been read, or was there when the client left, comes on. */
  private void handleWhenReady(
      ClientState current, @Nullable DataStream from, MqttMessage message) {
    long bytes = PacketMemory.of(message);
    AtomicLong ofAll = siblings.lane().metrics().earlyBytes();
    long mostOfAll =
        current.connection.isConnected() ? MAX_EARLY_BYTES_OF_CONNECTED : MAX_EARLY_BYTES_OF_ALL;
    if (current.earlyBytes + bytes > EARLY_BYTES + entrance.limits().maxPacketBytes()
        || ofAll.get() + bytes > mostOfAll) {
      ReferenceCountUtil.release(message);
      current.connection.end(ReasonCode.QUOTA_EXCEEDED);
      return;
    }
    current.earlyBytes += bytes;
    ofAll.addAndGet(bytes);
    current.connection.whenReady(
        () -> {
          current.earlyBytes -= bytes;
          ofAll.addAndGet(-bytes);
          handle(current, from, message);
        });
  }

  private void handle(ClientState current, @Nullable DataStream from, MqttMessage message) {
    try {
      if (current.connection.isClosed()) {
        return;
      }
      if (message.decoderResult().isFailure()) {
        throw ClientPackets.violation(message.decoderResult().cause());
      }
      if (current.streams != null) {
        current.streams.came(from, message);
      }
      dispatch(current, message);
    } catch (ProtocolViolation violation) {
      if (log.isDebugEnabled()) {
        log.debug(
            "client '{}' is disconnected: {}",
            current.connection.clientId(),
            violation.getMessage());
      }
      tellOfUnread(current, message, violation.reason());
      end(current, violation.reason());
    } finally {
      current.keptConnect.letGoIfKnown();
      ReferenceCountUtil.release(message);
    }
  }

  /** Ends the connection. */
  void end(ReasonCode reason) {
    ClientState current = state;
    if (current != null) {
      current.connection.end(reason);
    }
  }

  /** There as long as streams are. */
  Connection connection() {
    return Objects.requireNonNull(state).connection;
  }

  /** Access control cannot be asked about it. */
  private void tellOfUnread(ClientState current, MqttMessage message, ReasonCode reason) {
    if (current.connection.awaitsConnect()) {
      Caller caller = head.caller(current.channel);
      entrance
          .access()
          .refusedUnasked(UnreadConnect.claimed(entrance.namespace(), caller, message), reason);
    }
  }

  /** MQTT 5 has a word for everything that can be wrong with a CONNECT, too. */
  private void end(ClientState current, ReasonCode reason) {
    if (reason == ReasonCode.PACKET_TOO_LARGE) {
      siblings.lane().beyond(Bound.PACKET_SIZE);
    }
    if (current.writer.speaksVersion5() && !current.connection.isConnected()) {
      current.writer.refuseConnect(ProtocolVersion.V5, reason);
    }
    current.connection.end(reason);
  }

  private void dispatch(ClientState current, MqttMessage message) {
    switch (message) {
      case MqttConnectMessage connect -> connect(current, connect);
      case MqttPublishMessage publish -> publish(current, publish);
      default -> ClientPackets.handle(current.connection, message);
    }
  }

  private void connect(ClientState current, MqttConnectMessage message) {
    ProtocolLevel level =
        ProtocolLevel.of(message.variableHeader().version())
            .filter(entrance.levels()::contains)
            .orElseThrow(() -> ClientPackets.foreign(message));
    current.writer.setLevel(level);
    for (Trace trace : siblings.lane().traces().active()) {
      trace(current, trace, message);
    }
    current.connection.connect(PacketReader.connect(message));
    keepConnect(current, message);
    current.level = level;
    current.clock.connecting(siblings.nanoTime());
  }

  /** A trace has begun: if it is about this client, what passes is written down. */
  void trace(Trace trace) {
    ClientState current = state;
    if (current != null && !current.inactive && current.connection.isConnected()) {
      trace(current, trace, null);
    }
  }

  private void trace(ClientState current, Trace trace, @Nullable MqttConnectMessage connect) {
    current.trace(
        trace,
        siblings.lane(),
        entrance.namespace(),
        head.caller(current.channel).address(),
        this,
        connect);
  }

  private void keepConnect(ClientState current, MqttConnectMessage message) {
    if (!current.keptConnect.keep(message, head.caller(current.channel).address())) {
      current.connection.end(ReasonCode.QUOTA_EXCEEDED);
    }
  }

  private void publish(ClientState current, MqttPublishMessage message) {
    Connection connection = current.connection;
    connection.publish(
        PacketReader.message(message, connection.publisher(), siblings.currentTimeMillis()),
        Math.max(message.variableHeader().packetId(), 0),
        PacketReader.topicAlias(message),
        message.fixedHeader().isDup());
    Lane lane = siblings.lane();
    if (lane.isFull() && !current.reading.isStoppedFor(ReadingSwitch.CLUSTER_BUSY)) {
      current.reading.set(ReadingSwitch.CLUSTER_BUSY, true);
      lane.whenRelieved(() -> current.reading.set(ReadingSwitch.CLUSTER_BUSY, false));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    ClientState current = state;
    if (current != null && cause instanceof DecoderException) {
      end(current, ClientPackets.violation(cause.getCause()).reason());
      return;
    }
    if (!(cause instanceof IOException)) {
      log.error("a connection failed", cause);
    }
    var _ = context.close();
  }

  /** Answers have left: publishes that had been stopped may go on. */
  private void endOfRun() {
    ClientState current = state;
    if (current == null) {
      return;
    }
    current.connection.speedUp();
    tell(current);
  }

  /** The client has gone, all its streams with it: what it had sent before counts. */
  public void readRest() {
    ClientState current = state;
    if (current != null) {
      current.reading.readRest();
    }
  }

  /** Whoever was not read from could not be heard. */
  private void readsAgain() {
    ClientState current = state;
    if (current != null) {
      current.clock.heard(siblings.nanoTime());
    }
  }

  /** Nobody looks at it until then, unless it is stirred. */
  void rest(long until) {
    restsUntil = until;
  }

  /** Rest until that second is over, unless it rests again, for longer. */
  void restIsOver(long second) {
    if (restsUntil <= second) {
      stirred();
    }
  }

  /** Something has come, or goes, or waits: it is looked at every second. */
  void stirred() {
    if (restsUntil > 0) {
      restsUntil = 0;
      siblings.awaken(this);
    }
  }

  /** Counts again what waits in the client's socket. */
  void recount() {
    ClientState current = state;
    if (current != null) {
      recount(current);
    }
  }

  private static void recount(ClientState current) {
    current.writer.recount();
    if (current.streams != null) {
      current.streams.recount();
    }
  }

  /** What waits for the client, in its queue and in its socket, and what it has half sent. */
  long waitingBytes() {
    ClientState current = state;
    return current == null
        ? 0
        : current.writer.waitingBytes()
            + (current.streams == null ? 0 : current.streams.waitingBytes())
            + current.connection.waitingBytes()
            + halfSent(current);
  }

  private int halfSent(ClientState current) {
    return (current.gate == null ? 0 : current.gate.heldBytes())
        + (current.streams == null ? 0 : current.streams.halfSent())
        + head.heldBytes(current.channel);
  }

  /**
   * Whether the client has for a while taken nothing of what waits, or sent no more of a packet.
   */
  boolean isStuck() {
    ClientState current = state;
    return current != null && current.clock.isStuck();
  }

  /** Ends a connection because of what waits for it, which is thrown away at once. */
  void tooSlow() {
    ClientState current = state;
    if (current != null) {
      if (!current.connection.isClosed()) {
        siblings.lane().countSlowClient();
      }
      boolean mayHear = isWritable(current);
      current.connection.end(ReasonCode.QUOTA_EXCEEDED);
      if (!mayHear || halfSent(current) > 0) {
        current.writer.cutOff();
      }
    }
  }

  /**
   * Lets go a client that is too quiet, or takes too long to connect, or to read its end.
   *
   * @return how long there is nothing to look at unless it is {@linkplain #stirred stirred}, in
   *     nanoseconds; 0 or less: not even for a second
   */
  long checkClock(long nowNanos, long connectTimeoutNanos) {
    ClientState current = state;
    if (current == null) {
      return 0;
    }
    Connection connection = current.connection;
    leaveIfOver(current);
    tell(current);
    recount(current);
    boolean isStuck = current.writer.isStuck();
    if (current.streams != null) {
      isStuck |= current.streams.isStuck(); // each has to look
      boolean isHeard = current.reading.isOn() && !connection.isWaiting();
      current.streams.checkClock(nowNanos, connectTimeoutNanos, isHeard);
    }
    current.clock.look(isStuck, halfSent(current) > 0);
    connection.writable();
    if (connection.isClosed()) {
      if (current.clock.endsFor(connectTimeoutNanos, nowNanos)) {
        current.writer.cutOff();
      }
    } else if (connection.isConnected()) {
      connection.look(nowNanos, connectTimeoutNanos);
      if (!current.reading.isOn()) {
        current.clock.heard(nowNanos); // whoever is not read from cannot be heard
      }
      long left = current.clock.silenceLeftNanos(connection.agreed().keepAliveSeconds(), nowNanos);
      if (left < 0) {
        siblings.lane().beyond(Bound.KEEP_ALIVE);
        connection.end(ReasonCode.KEEP_ALIVE_TIMEOUT);
      }
      return isAtRest(current)
          ? Math.min(left, TimeUnit.MILLISECONDS.toNanos(connection.restMillis()))
          : 0;
    } else if (current.clock.connectsFor(connectTimeoutNanos, nowNanos)) {
      connection.connectTimedOut();
    }
    return 0;
  }

  /** Whether nothing is half done between it and its client. */
  private boolean isAtRest(ClientState current) {
    return current.streams == null
        && !current.inactive
        && current.reading.isOn()
        && current.arrivalTold
        && !current.keptConnect.isKept()
        && current.writer.isIdle()
        && current.writer.waitingBytes() == 0
        && halfSent(current) == 0;
  }

  /** What clients may do has changed. */
  void accessChanged() {
    ClientState current = state;
    if (current != null) {
      stirred();
      current.connection.accessChanged();
    }
  }

  /** Others are banned than before. */
  void bansChanged() {
    ClientState current = state;
    if (current != null) {
      stirred();
      current.connection.bansChanged();
    }
  }

  /** Listeners have gone: whoever came by one of them has to go, too. */
  void listenersGone() {
    ClientState current = state;
    if (current != null && entrance.gone().getAsBoolean()) {
      current.connection.end(ReasonCode.ADMINISTRATIVE_ACTION);
    }
  }

  void shutDown() {
    ClientState current = state;
    if (current != null) {
      current.connection.end(ReasonCode.SERVER_SHUTTING_DOWN);
    }
  }
}
