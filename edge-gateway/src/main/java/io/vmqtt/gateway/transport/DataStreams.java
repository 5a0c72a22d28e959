package io.vmqtt.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.vmqtt.gateway.codec.PacketGate;
import io.vmqtt.gateway.connection.AuthenticationData;
import io.vmqtt.gateway.connection.ClientOutput;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a client whose transport lets it have several: the first, which carries what is
 * about the connection (CONNECT, AUTH, PINGREQ, DISCONNECT), and may carry all else, and those that
 * it opens beside, for PUBLISH, SUBSCRIBE, UNSUBSCRIBE and what answers them. There is one
 * connection behind all of them, with its window, its packet identifiers and its order of answers;
 * what a stream does not take holds back what is for others, as it is one client. Confined to the
 * event loop.
 */
final class DataStreams implements ClientOutput {
  private final MqttHandler handler;
  private final ClientWriter first;
  private final Channel channel;
  private final ReadingSwitch reading;
  private final StreamChoice choice;
  private final Function<ChannelHandlerContext, ClientWriter> writers;
  private final List<DataStream> streams = new ArrayList<>(0);
  private final OwedAnswers owed = new OwedAnswers();
  private boolean connected;
  private boolean over;

  /**
   * None beside the first.
   *
   * @param channel of the first
   * @param reading from all of them
   * @param writers make what writes to another
   */
  DataStreams(
      MqttHandler handler,
      ClientWriter first,
      Channel channel,
      ReadingSwitch reading,
      StreamChoice choice,
      Function<ChannelHandlerContext, ClientWriter> writers) {
    this.handler = handler;
    this.first = first;
    this.channel = channel;
    this.reading = reading;
    this.choice = choice;
    this.writers = writers;
  }

  // --- what streams tell

  ClientWriter newWriter(ChannelHandlerContext context) {
    return writers.apply(context);
  }

  void add(DataStream stream) {
    streams.add(stream);
    if (connected && !over) {
      open(stream);
    }
  }

  private void open(DataStream stream) {
    PacketGate.continueOn(stream.channel(), channel);
    stream.writer().speakAs(first);
    reading.join(stream.channel());
  }

  /** Nothing new goes that way; what was written and has not left counts as before. */
  void ending(DataStream stream) {
    reading.leave(stream.channel());
    choice.left(stream);
  }

  /** What the client had answered on one may be lost. */
  void brokenOff() {
    handler.connection().unfinished(owed::add);
  }

  /** It is no more. */
  void remove(DataStream stream) {
    ending(stream);
    streams.remove(stream);
  }

  /** One has ended, and not everything that was written to it has left. */
  void lost(Channel stream) {
    if (stream.parent().isActive()) { // else all of them go
      handler.end(ReasonCode.UNSPECIFIED_ERROR);
    }
  }

  void read(DataStream from, Object packet) {
    handler.read(from, packet);
  }

  void readSome() {
    handler.readSome();
  }

  void writabilityChanged() {
    handler.writabilityChanged();
  }

  void failed(ChannelHandlerContext stream, Throwable cause) {
    handler.exceptionCaught(stream, cause);
  }

  /** As {@link StreamChoice#came}. */
  void came(@Nullable DataStream from, MqttMessage packet) {
    choice.came(from == null || from.isEnding() ? null : from, packet);
    switch (packet.fixedHeader().messageType()) {
      case PUBACK, PUBREC, PUBCOMP -> owed.answered(ClientPackets.packetId(packet));
      default -> {}
    }
  }

  // --- all of them

  /**
   * Cuts off those that have taken too long for their end, and the client for its answers.
   *
   * @param isHeard whether what the client says is listened to
   */
  void checkClock(long nowNanos, long timeoutNanos, boolean isHeard) {
    if (!isHeard) {
      owed.unheard(nowNanos);
    } else if (owed.isLate(nowNanos, timeoutNanos)) {
      handler.end(ReasonCode.UNSPECIFIED_ERROR);
    }
    List.copyOf(streams).forEach(stream -> stream.checkClock(nowNanos, timeoutNanos));
  }

  /** Counts again what waits for the client on the others. */
  void recount() {
    streams.forEach(stream -> stream.writer().recount());
  }

  /** What waits for the client on the others, and what it has half sent there. */
  long waitingBytes() {
    long bytes = 0;
    for (DataStream stream : streams) {
      bytes += stream.writer().waitingBytes();
    }
    return bytes;
  }

  /** What it has half sent on the others. */
  int halfSent() {
    int bytes = 0;
    for (DataStream stream : streams) {
      bytes += stream.heldBytes();
    }
    return bytes;
  }

  /** Whether one of the others has taken nothing of what waits since the last call. */
  boolean isStuck() {
    boolean isStuck = false;
    for (DataStream stream : streams) {
      isStuck |= stream.writer().isStuck(); // each has to look
    }
    return isStuck;
  }

  private ClientWriter writer(@Nullable DataStream stream) {
    return stream == null ? first : stream.writer();
  }

  // --- what the connection says

  @Override
  public boolean fits(ConnectAccepted accepted) {
    return first.fits(accepted);
  }

  @Override
  public void connAck(ConnectAccepted accepted) {
    first.connAck(accepted);
    channel.eventLoop().execute(this::openAll); // behind what the connection is about to do
  }

  private void openAll() {
    connected = true;
    if (!over) {
      List.copyOf(streams).forEach(this::open);
    }
  }

  /** The first stream has the last word, and the others no more to say. */
  private void endOthers() {
    if (!over) {
      over = true;
      for (DataStream stream : List.copyOf(streams)) {
        reading.leave(stream.channel());
        stream.fallQuiet();
      }
    }
  }

  @Override
  public boolean auth(ReasonCode reason, AuthenticationData data, long maximumPacketBytes) {
    return first.auth(reason, data, maximumPacketBytes);
  }

  @Override
  public void refuseConnect(ProtocolVersion version, ReasonCode reason) {
    endOthers();
    first.refuseConnect(version, reason);
  }

  @Override
  public void publish(Outgoing message, int packetId, boolean dup, Delivery delivery) {
    writer(choice.message(message.topic())).publish(message, packetId, dup, delivery);
  }

  @Override
  public void pubAck(int packetId, ReasonCode reason) {
    writer(choice.lastAnswer(packetId)).pubAck(packetId, reason);
  }

  @Override
  public void pubRec(int packetId, ReasonCode reason) {
    writer(choice.pubRec(packetId, reason)).pubRec(packetId, reason);
  }

  @Override
  public void pubRel(int packetId, ReasonCode reason) {
    writer(choice.pubRel(packetId)).pubRel(packetId, reason);
  }

  @Override
  public void pubComp(int packetId, ReasonCode reason) {
    writer(choice.lastAnswer(packetId)).pubComp(packetId, reason);
  }

  @Override
  public void subAck(int packetId, List<ReasonCode> reasons) {
    writer(choice.subAck(packetId, reasons)).subAck(packetId, reasons);
  }

  @Override
  public void unsubAck(int packetId, List<ReasonCode> reasons) {
    writer(choice.unsubAck(packetId)).unsubAck(packetId, reasons);
  }

  @Override
  public void pingResp() {
    first.pingResp();
  }

  @Override
  public void disconnect(ReasonCode reason) {
    endOthers();
    first.disconnect(reason);
  }

  @Override
  public void close() {
    endOthers();
    first.close();
  }

  @Override
  public boolean isWritable() {
    if (!first.isWritable()) {
      return false;
    }
    for (DataStream stream : streams) {
      if (!stream.writer().isWritable()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean isToBeSpared() {
    if (first.isToBeSpared()) {
      return true;
    }
    for (DataStream stream : streams) {
      if (stream.writer().isToBeSpared()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void setReading(boolean on) {
    first.setReading(on);
  }
}
