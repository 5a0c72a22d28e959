package io.vmqtt.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** What frames are made of (RFC 6455, 5.2 and 7.4.1). */
final class Frames {
  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  static final int FIN = 0x80;
  static final int RESERVED = 0x70;

  /** Of the first frame of a message: it is packed (RFC 7692, 6). */
  static final int PACKED = 0x40;

  static final int OPCODE = 0x0F;
  static final int MASKED = 0x80;
  static final int LENGTH = 0x7F;
  static final int TWO_BYTES = 126;
  static final int EIGHT_BYTES = 127;
  static final int MAX_CONTROL_BYTES = 125;

  /** Reasons for an end. */
  static final int NORMAL = 1000;

  static final int PROTOCOL_ERROR = 1002;
  static final int UNSUPPORTED_DATA = 1003;
  static final int INVALID_DATA = 1007;
  static final int TOO_LARGE = 1009;

  private Frames() {}

  /**
   * What goes before a payload that a server sends.
   *
   * @param opcode or that with {@link #PACKED}
   */
  static ByteBuf header(ByteBufAllocator allocator, int opcode, int length) {
    ByteBuf header = allocator.ioBuffer(10, 10).writeByte(FIN | opcode);
    if (length < TWO_BYTES) {
      header.writeByte(length);
    } else if (length <= 0xFFFF) {
      header.writeByte(TWO_BYTES).writeShort(length);
    } else {
      header.writeByte(EIGHT_BYTES).writeLong(length);
    }
    return header;
  }

  /** A whole frame of control. */
  static ByteBuf control(ByteBufAllocator allocator, int opcode, ByteBuf payload) {
    int length = payload.readableBytes();
    return allocator
        .ioBuffer(2 + length)
        .writeByte(FIN | opcode)
        .writeByte(length)
        .writeBytes(payload);
  }

  static ByteBuf close(ByteBufAllocator allocator, int reason) {
    return allocator.ioBuffer(4, 4).writeByte(FIN | CLOSE).writeByte(2).writeShort(reason);
  }
}
