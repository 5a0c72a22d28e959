package io.vmqtt.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.vmqtt.gateway.connection.ProtocolViolation;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.ReasonCode;
import java.util.List;

/**
 * Takes the bytes of MQTT out of a client's frames, as they come: a frame is not waited for, so its
 * length needs no bound, and nothing is copied. Text, and whatever RFC 6455 forbids, ends the
 * connection [MQTT-6.0.0-1]. Confined to the event loop.
 */
final class FrameReader extends ByteToMessageDecoder {
  private static final int MASK_BYTES = 4;

  /** Of the frame under way: how much is to come, and what it is masked with from here on. */
  private long left;

  private int mask;

  /** Whether a message is under way, of which continuations may come. */
  private boolean inMessage;

  private boolean over;
  private int reason = Frames.NORMAL;

  private final LoopMemory memory;
  private int heldBytes;

  /** Counts in {@code memory} what there is of a header, or of a frame of control, until all is. */
  FrameReader(LoopMemory memory) {
    this.memory = memory;
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
    hold(actualReadableBytes() > 0 ? internalBuffer().capacity() : 0);
    super.channelReadComplete(context);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
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
    } else if (left > 0) {
      payload(in, out);
    } else {
      header(context, in);
    }
  }

  private void payload(ByteBuf in, List<Object> out) {
    int length = (int) Math.min(left, in.readableBytes());
    mask = unmask(in, length, mask);
    left -= length;
    out.add(in.readRetainedSlice(length));
  }

  /** Reads the header of a frame, and all of it where it is of control, once it is there. */
  private void header(ChannelHandlerContext context, ByteBuf in) {
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
    if (!good || (first & Frames.RESERVED) != 0 || (second & Frames.MASKED) == 0) {
      throw broken(Frames.PROTOCOL_ERROR, "a frame that begins with " + first + ", " + second);
    }
  }

  /** For the one who catches what a client does wrong. */
  private ProtocolViolation broken(int why, String what) {
    over = true;
    reason = why;
    return new ProtocolViolation(ReasonCode.MALFORMED_PACKET, "WebSocket: " + what);
  }

  private void control(ChannelHandlerContext context, int opcode, ByteBuf in, int length, int key) {
    var _ = unmask(in, length, key);
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
  private static int unmask(ByteBuf in, int length, int mask) {
    int at = in.readerIndex();
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
