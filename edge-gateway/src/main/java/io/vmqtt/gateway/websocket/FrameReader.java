package io.vmqtt.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.vmqtt.gateway.connection.ProtocolViolation;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.ReasonCode;
import java.util.List;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of MQTT out of a client's frames, as they come: a frame is not waited for, so its
 * length needs no bound, and nothing is copied. Text, and whatever RFC 6455 forbids, ends the
 * connection [MQTT-6.0.0-1].
 *
 * <p>Messages that are packed are unpacked as they come, too. A thousand bytes may come out of one
 * there, so what is unpacked stops where reading does, and after {@link #TURN_BYTES} others have
 * their turn; what has come until then waits packed, and is counted.
 *
 * <p>Confined to the event loop.
 */
final class FrameReader extends ByteToMessageDecoder {
  /** What is unpacked of what comes at once, or a little more, until the next turn of the loop. */
  static final int TURN_BYTES = 256 << 10;

  /** So many unpacked bytes take the time that it takes to begin a message, be it an empty one. */
  static final int MESSAGE_BYTES = 1 << 10;

  /** Or to read a byte that is packed, if nothing comes out of it. */
  private static final int WORK_PER_PACKED_BYTE = 8;

  private static final int MASK_BYTES = 4;

  /** Of the frame under way: how much is to come, and what it is masked with from here on. */
  private long left;

  private int mask;

  /** Of what has come of it, how much is without its mask already. */
  private int clear;

  /** Whether a message is under way, of which continuations may come. */
  private boolean inMessage;

  /** Null: nothing is packed. */
  private final @Nullable Inflation inflation;

  /** In this turn, in bytes. */
  private long unpacked;

  /** In this turn, in unpacked bytes that would have taken as long. */
  private long work;

  /** Where what has come has to wait before it is unpacked; null: it has not. */
  private @Nullable ChannelHandlerContext heldUp;

  private boolean goesOnLater;
  private boolean atItsEnd;

  private boolean over;
  private int reason = Frames.NORMAL;

  private final LoopMemory memory;
  private int heldBytes;

  /**
   * Counts in {@code memory} what there is of a header, or of a frame of control, until all is, and
   * what waits packed.
   *
   * @param inflation of messages that are packed; null: there are none
   */
  FrameReader(LoopMemory memory, @Nullable Inflation inflation) {
    this.memory = memory;
    this.inflation = inflation;
  }

  /** Memory of what cannot go on before more comes. */
  int heldBytes() {
    return heldBytes;
  }

  private void hold(int bytes) {
    memory.add(bytes - heldBytes);
    heldBytes = bytes;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    unpacked = 0;
    work = 0;
    hold(
        (actualReadableBytes() > 0 ? internalBuffer().capacity() : 0)
            + (inflation == null ? 0 : inflation.heldBytes()));
    if (heldUp == null) {
      super.channelReadComplete(context);
    } else { // it would read more, as if there were not enough for anything to pass
      discardSomeReadBytes();
      context.fireChannelReadComplete();
    }
  }

  /** What has come before counts, up to the size of a message: of more, nobody would be left. */
  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    unpacked = 0;
    atItsEnd = true;
    super.channelInactive(context);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    if (inflation != null) {
      inflation.close();
    }
    hold(0);
  }

  /** Why the connection ends, as far as frames are to blame. */
  int reason() {
    return reason;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (over) {
      in.skipBytes(in.readableBytes());
    } else if (left == 0) {
      if (!isTurnOver(context)) {
        header(context, in, out);
      }
    } else if (inflation == null || !inflation.isUnderWay()) {
      payload(in, out);
    } else if (!hasToWait(context, inflation)) {
      packed(context, inflation, in, out);
    }
  }

  private boolean hasToWait(ChannelHandlerContext context, Inflation inflates) {
    boolean isRead = context.channel().config().isAutoRead();
    boolean waits = atItsEnd ? unpacked >= inflates.mostBytes() : !isRead || work >= TURN_BYTES;
    heldUp = waits ? context : null;
    if (waits && isRead && !atItsEnd) {
      goOnLater(context);
    }
    return waits;
  }

  /** Frames without anything in them take time, too. */
  private boolean isTurnOver(ChannelHandlerContext context) {
    boolean waits = !atItsEnd && work >= TURN_BYTES;
    if (waits) {
      heldUp = context;
      goOnLater(context);
    }
    return waits;
  }

  /** Whether what has come has to wait, so that there is enough of it. */
  boolean isHeldUp() {
    return heldUp != null;
  }

  /** The network is read from, again if it was not. */
  void readingGoesOn() {
    if (heldUp != null) {
      goOnLater(heldUp);
    }
  }

  private void goOnLater(ChannelHandlerContext context) {
    if (!goesOnLater) {
      goesOnLater = true;
      context.executor().execute(() -> goOn(context));
    }
  }

  private void goOn(ChannelHandlerContext context) {
    goesOnLater = false;
    if (heldUp == null || context.isRemoved() || !context.channel().config().isAutoRead()) {
      return;
    }
    unpacked = 0;
    work = 0;
    heldUp = null;
    try {
      channelRead(context, Unpooled.EMPTY_BUFFER); // what has come before is looked at again
      channelReadComplete(context);
    } catch (Exception e) {
      context.fireExceptionCaught(e);
    }
  }

  private void packed(
      ChannelHandlerContext context, Inflation inflates, ByteBuf in, List<Object> out) {
    int length = (int) Math.min(left, in.readableBytes());
    mask = unmask(in, in.readerIndex() + clear, length - clear, mask);
    clear = length;
    long before = inflates.messageBytes();
    int taken;
    try {
      taken = inflates.take(context.alloc(), in, length, out);
    } catch (DataFormatException e) {
      throw broken(e);
    }
    long more = inflates.messageBytes() - before;
    unpacked += more;
    work += more + (long) WORK_PER_PACKED_BYTE * taken;
    in.skipBytes(taken);
    clear -= taken;
    left -= taken;
    endIfAllIsThere(context, inflates, out);
  }

  private void endIfAllIsThere(
      ChannelHandlerContext context, Inflation inflates, List<Object> out) {
    if (left == 0 && !inMessage && inflates.isUnderWay() && !inflates.isTooLarge()) {
      try {
        inflates.end(context.alloc(), out);
      } catch (DataFormatException e) {
        throw broken(e);
      }
    }
    if (inflates.isTooLarge()) {
      throw broken(
          Frames.TOO_LARGE, ReasonCode.PACKET_TOO_LARGE, "a message is too large when unpacked");
    }
  }

  private ProtocolViolation broken(DataFormatException e) {
    return broken(Frames.INVALID_DATA, "a message cannot be unpacked: " + e.getMessage());
  }

  private void payload(ByteBuf in, List<Object> out) {
    int length = (int) Math.min(left, in.readableBytes());
    mask = unmask(in, in.readerIndex(), length, mask);
    left -= length;
    out.add(in.readRetainedSlice(length));
  }

  /** Reads the header of a frame, and all of it where it is of control, once it is there. */
  private void header(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < 2) {
      return;
    }
    int start = in.readerIndex();
    int first = in.getUnsignedByte(start);
    int second = in.getUnsignedByte(start + 1);
    check(first, second);
    int more =
        switch (second & Frames.LENGTH) {
          case Frames.TWO_BYTES -> 2;
          case Frames.EIGHT_BYTES -> 8;
          default -> 0;
        };
    int body = 2 + more + MASK_BYTES;
    if (in.readableBytes() < body) {
      return;
    }
    long length =
        switch (more) {
          case 2 -> in.getUnsignedShort(start + 2);
          case 8 -> in.getLong(start + 2);
          default -> second & Frames.LENGTH;
        };
    if (length < 0) {
      throw broken(Frames.PROTOCOL_ERROR, "a length below zero");
    }
    int opcode = first & Frames.OPCODE;
    if (isControl(opcode)) {
      if (in.readableBytes() >= body + length) {
        int key = in.getInt(start + 2 + more);
        in.skipBytes(body);
        control(context, opcode, in, (int) length, key);
      }
      return;
    }
    mask = in.getInt(start + 2 + more);
    in.skipBytes(body);
    inMessage = (first & Frames.FIN) == 0;
    left = length;
    if (inflation != null) {
      if ((first & Frames.PACKED) != 0) {
        inflation.begin();
        work += MESSAGE_BYTES;
      }
      endIfAllIsThere(context, inflation, out);
    }
  }

  private static boolean isControl(int opcode) {
    return (opcode & 0x8) != 0;
  }

  private void check(int first, int second) {
    int opcode = first & Frames.OPCODE;
    boolean good =
        switch (opcode) {
          case Frames.CONTINUATION -> inMessage;
          case Frames.BINARY -> !inMessage;
          case Frames.CLOSE, Frames.PING, Frames.PONG ->
              (first & Frames.FIN) != 0 && (second & Frames.LENGTH) <= Frames.MAX_CONTROL_BYTES;
          case Frames.TEXT -> throw broken(Frames.UNSUPPORTED_DATA, "text [MQTT-6.0.0-1]");
          default -> false;
        };
    int agreed = inflation != null && opcode == Frames.BINARY ? Frames.PACKED : 0;
    if (!good || (first & Frames.RESERVED & ~agreed) != 0 || (second & Frames.MASKED) == 0) {
      throw broken(Frames.PROTOCOL_ERROR, "a frame that begins with " + first + ", " + second);
    }
  }

  /** For the one who catches what a client does wrong. */
  private ProtocolViolation broken(int why, String what) {
    return broken(why, ReasonCode.MALFORMED_PACKET, what);
  }

  private ProtocolViolation broken(int why, ReasonCode code, String what) {
    over = true;
    reason = why;
    return new ProtocolViolation(code, "WebSocket: " + what);
  }

  private void control(ChannelHandlerContext context, int opcode, ByteBuf in, int length, int key) {
    var _ = unmask(in, in.readerIndex(), length, key);
    ByteBuf said = in.readSlice(length);
    if (opcode == Frames.CLOSE) {
      over = true;
      context
          .writeAndFlush(Frames.control(context.alloc(), Frames.CLOSE, said))
          .addListener(ChannelFutureListener.CLOSE);
    } else if (opcode == Frames.PING && context.channel().isWritable()) {
      // One that comes while the client takes nothing may stay without an answer (5.5.3).
      var _ =
          context.writeAndFlush(
              Frames.control(context.alloc(), Frames.PONG, said), context.voidPromise());
    }
  }

  /**
   * Takes the mask off, where the bytes are.
   *
   * @return the mask for the byte that follows
   */
  private static int unmask(ByteBuf in, int from, int length, int mask) {
    int at = from;
    int end = at + length;
    long wide = ((long) mask << 32) | (mask & 0xFFFF_FFFFL);
    for (; end - at >= Long.BYTES; at += Long.BYTES) {
      in.setLong(at, in.getLong(at) ^ wide);
    }
    int rest = mask;
    for (; at < end; at++) {
      in.setByte(at, in.getByte(at) ^ (rest >>> 24));
      rest = Integer.rotateLeft(rest, 8);
    }
    return rest;
  }
}
