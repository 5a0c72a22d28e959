package io.vmqtt.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.vmqtt.gateway.codec.EncodedPublish;
import io.vmqtt.gateway.codec.PacketGate;
import io.vmqtt.gateway.codec.Packets;
import io.vmqtt.gateway.codec.SocketCopy;
import io.vmqtt.gateway.connection.AuthenticationData;
import io.vmqtt.gateway.connection.ClientOutput;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.ProtocolLevel;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.ReasonCode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes packets to one client. What one run of the event loop has for it leaves in one write.
 * Confined to the event loop.
 */
final class ClientWriter implements ClientOutput, Runnable {
  private static final Logger log = LoggerFactory.getLogger(ClientWriter.class);
  private static final int FIRST_BUFFER_BYTES = 512;
  private static final int CHUNK_BYTES = 64 << 10;

  private final ChannelHandlerContext context;
  private final Lane lane;
  private final LoopMemory memory;
  private final Limits limits;
  private final TransportHead head;
  private final ReadingSwitch reading;
  private final Runnable endOfRun;
  private final Runnable stirred;
  private ProtocolVersion version = ProtocolVersion.V3;
  private boolean tellsSessionPresent = true;
  private @Nullable ByteBuf unsent;
  private boolean flushPending;
  private boolean closing;
  private boolean silent;

  /**
   * Of what waits in the socket: the payloads that it shares with others, which count there. None
   * where the head copies: what waits then is this client's alone.
   */
  private long sharedBytes;

  /** Of what waits in the socket: the rest, as last counted. */
  private long ownBytes;

  private @Nullable Object firstSeen;
  private long progressSeen;

  /**
   * A writer for the channel of {@code context}.
   *
   * @param head what is before it in the pipeline
   * @param endOfRun runs after everything that one run of the loop had for the client was written
   * @param stirred runs when there is something that time has to be watched for
   */
  ClientWriter(
      ChannelHandlerContext context,
      Lane lane,
      Limits limits,
      TransportHead head,
      ReadingSwitch reading,
      Runnable endOfRun,
      Runnable stirred) {
    this.context = context;
    this.endOfRun = endOfRun;
    this.stirred = stirred;
    this.lane = lane;
    this.memory = lane.memory();
    this.limits = limits;
    this.head = head;
    this.reading = reading;
  }

  /** What the client speaks from now on, and is spoken to. */
  void setLevel(ProtocolLevel spoken) {
    version = spoken.version();
    tellsSessionPresent = spoken.tellsSessionPresent();
  }

  /** It is the same client on another stream. */
  void speakAs(ClientWriter other) {
    version = other.version;
    tellsSessionPresent = other.tellsSessionPresent;
  }

  /**
   * Nothing more is written than what was.
   *
   * @return done when all of it has left
   */
  ChannelFuture finish() {
    writeOut();
    closing = true;
    return head.end(context);
  }

  /** The same, without a look at whether it leaves. */
  void fallQuiet() {
    if (!closing && !silent) {
      writeOut();
      closing = true;
      context.flush();
    }
  }

  @Override
  public boolean fits(ConnectAccepted accepted) {
    return Packets.connAckFits(accepted, limits);
  }

  @Override
  public void connAck(ConnectAccepted accepted) {
    Packets.writeConnAck(
        buffer(FIRST_BUFFER_BYTES),
        tellsSessionPresent ? accepted : accepted.withoutSessionPresent(),
        limits);
  }

  @Override
  public boolean auth(ReasonCode reason, AuthenticationData data, long maximumPacketBytes) {
    ByteBuf packet = Packets.auth(reason, data);
    boolean fits = packet.readableBytes() <= maximumPacketBytes;
    if (fits) {
      buffer(packet.readableBytes()).writeBytes(packet);
    }
    return fits;
  }

  @Override
  public void refuseConnect(ProtocolVersion spoken, ReasonCode reason) {
    if (!closing) {
      Packets.writeConnectRefused(buffer(8), spoken, reason);
      close();
    }
  }

  @Override
  public void publish(Outgoing message, int packetId, boolean dup, Delivery delivery) {
    if (closing || silent) {
      return;
    }
    EncodedPublish encoded = (EncodedPublish) message;
    try {
      ByteBuf out = buffer(encoded.writtenBytes());
      if (encoded.hasLargePayload()) {
        // The payload is there before its header is written: no packet may end in the middle.
        SocketCopy payload = encoded.payload(context.alloc(), memory);
        encoded.write(out, version, packetId, dup, delivery);
        writeOut();
        write(payload);
      } else {
        encoded.write(out, version, packetId, dup, delivery);
        if (out.readableBytes() >= CHUNK_BYTES) {
          writeOut();
        }
      }
    } catch (OutOfMemoryError e) { // of the memory for sockets: that of the heap ends the process
      failed(e);
    }
  }

  private void write(SocketCopy payload) {
    int shared = head.copies() ? 0 : payload.length();
    sharedBytes += shared;
    context
        .write(payload.forSocket())
        .addListener(
            written -> {
              payload.written();
              sharedBytes -= shared;
              if (!written.isSuccess() && context.channel().isOpen()) {
                failed(written.cause());
              }
            });
  }

  /** Something could not be written: the client must not go on as if it had everything. */
  private void failed(Throwable cause) {
    if (!closing) {
      closing = true;
      lane.metrics().failedWrites().increment();
      log.warn(
          "a client is disconnected, since nothing can be written to it: {}", cause.toString());
    }
    cutOff();
  }

  @Override
  public void pubAck(int packetId, ReasonCode reason) {
    Packets.writePublishReply(buffer(8), Packets.PUBACK, version, packetId, reason);
  }

  @Override
  public void pubRec(int packetId, ReasonCode reason) {
    Packets.writePublishReply(buffer(8), Packets.PUBREC, version, packetId, reason);
  }

  @Override
  public void pubRel(int packetId, ReasonCode reason) {
    Packets.writePublishReply(buffer(8), Packets.PUBREL, version, packetId, reason);
  }

  @Override
  public void pubComp(int packetId, ReasonCode reason) {
    Packets.writePublishReply(buffer(8), Packets.PUBCOMP, version, packetId, reason);
  }

  @Override
  public void subAck(int packetId, List<ReasonCode> reasons) {
    Packets.writeReasons(buffer(16 + reasons.size()), Packets.SUBACK, version, packetId, reasons);
  }

  @Override
  public void unsubAck(int packetId, List<ReasonCode> reasons) {
    Packets.writeReasons(buffer(16 + reasons.size()), Packets.UNSUBACK, version, packetId, reasons);
  }

  @Override
  public void pingResp() {
    Packets.writePingResp(buffer(2));
  }

  @Override
  public void disconnect(ReasonCode reason) {
    if (!closing) {
      Packets.writeDisconnect(buffer(4), reason);
      close();
    }
  }

  @Override
  public void close() {
    if (closing || silent) {
      return;
    }
    closing = true;
    stirred.run();
    writeOut();
    context.pipeline().addFirst(new Farewell());
    reading.drain();
    // Routers hear of it first: the client may be back at another gateway within a millisecond.
    lane.whenTold(
        () -> head.end(context).addListener(written -> Farewell.closeOutput(context.channel())));
  }

  /** By its CONNECT, even by one that is refused. */
  boolean speaksVersion5() {
    return context.channel().attr(PacketGate.SPOKEN).get() == ProtocolVersion.V5;
  }

  /**
   * The end without waiting for the client to read what was written, or what the head would add.
   */
  void cutOff() {
    Channel.Unsafe socket = context.channel().unsafe();
    socket.close(socket.voidPromise());
  }

  @Override
  public boolean isWritable() {
    return context.channel().isWritable();
  }

  @Override
  public boolean isToBeSpared() {
    return memory.isTight() && waitingBytes() > 0;
  }

  @Override
  public void lookSoon() {
    stirred.run();
  }

  @Override
  public void setReading(boolean on) {
    reading.set(ReadingSwitch.NOT_NOW, !on);
  }

  /** The end of a run of the event loop. */
  @Override
  public void run() {
    flushPending = false;
    if (closing || silent) {
      release();
      recount();
      return;
    }
    writeOut();
    context.flush();
    recount();
    endOfRun.run();
  }

  /** Whether all that was written has gone to the socket. */
  boolean isIdle() {
    return unsent == null && !flushPending;
  }

  /** Counts again what waits in the socket. */
  void recount() {
    long waiting = Math.max(0, waitingBytes() - sharedBytes);
    if (waiting != ownBytes) {
      memory.add(waiting - ownBytes);
      ownBytes = waiting;
    }
  }

  /** Bytes that the socket has not taken. */
  long waitingBytes() {
    ChannelOutboundBuffer out = context.channel().unsafe().outboundBuffer();
    return out == null ? head.waitingBytes(context.channel()) : out.totalPendingWriteBytes();
  }

  /** Whether something waits, and the socket has taken none of it since the last call. */
  @SuppressWarnings("ReferenceEquality") // what waits is the same buffer, not an equal one
  boolean isStuck() {
    Channel channel = context.channel();
    ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    Object first = out == null ? head : out.current();
    long progress = out == null ? head.takenBytes(channel) : out.currentProgress();
    boolean waits = out == null ? head.waitingBytes(channel) > 0 : first != null;
    boolean stuck = waits && first == firstSeen && progress == progressSeen;
    firstSeen = first;
    progressSeen = progress;
    return stuck;
  }

  /** The channel is gone: what is written from here on is for nobody. */
  void fallSilent() {
    silent = true;
    release();
    recount();
  }

  private void release() {
    ByteBuf left = unsent;
    unsent = null;
    if (left != null) {
      left.release();
    }
  }

  private void writeOut() {
    ByteBuf out = unsent;
    unsent = null;
    if (out != null) {
      var _ = context.write(out, context.voidPromise());
    }
  }

  /** Where to write so many bytes. */
  private ByteBuf buffer(int room) {
    ByteBuf out = unsent;
    try {
      if (out == null) {
        out = context.alloc().ioBuffer(Math.max(room, FIRST_BUFFER_BYTES));
        unsent = out;
      } else {
        out.ensureWritable(room);
      }
    } catch (OutOfMemoryError e) {
      failed(e);
      return Unpooled.buffer(room); // leads nowhere
    }
    if (!flushPending) {
      flushPending = true;
      lane.flushAtEnd(this);
      stirred.run();
    }
    return out;
  }
}
