package io.vmqtt.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks the messages of one client (RFC 7692, 7.2.2), one after the other, as they come and bit
 * by bit: whoever takes what is unpacked decides when there is more of it. No message knows of the
 * one before it, so there is nothing between two. Confined to the event loop.
 */
final class Inflation {
  /** What zlib takes for a message that is under way: 32 KiB that it looks back on, and tables. */
  static final int MEMORY_BYTES = 44 << 10;

  /** What is unpacked at once. */
  static final int CHUNK_BYTES = 16 << 10;

  /** What the sender has left out at the end of a message. */
  private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

  private final int mostBytes;

  /** Null: no message is under way. */
  private @Nullable Inflater inflater;

  private ByteBuffer input = ByteBuffer.allocate(0);
  private long messageBytes;

  /** One whose messages may have so many bytes each. */
  Inflation(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  int mostBytes() {
    return mostBytes;
  }

  /** What has come out of the message that is under way, or was the last. */
  long messageBytes() {
    return messageBytes;
  }

  boolean isTooLarge() {
    return messageBytes > mostBytes;
  }

  /** Memory that is in use. */
  int heldBytes() {
    return inflater == null ? 0 : MEMORY_BYTES;
  }

  boolean isUnderWay() {
    return inflater != null;
  }

  /** A message begins. */
  void begin() {
    inflater = new Inflater(true);
    messageBytes = 0;
  }

  /**
   * Unpacks some of what a message goes on with, at least one byte of it, unless it {@linkplain
   * #isTooLarge is too large}.
   *
   * @param in begins with it, without a mask
   * @param length of it
   * @return how many of these bytes it took
   */
  int take(ByteBufAllocator allocator, ByteBuf in, int length, List<Object> out)
      throws DataFormatException {
    input = in.nioBuffer(in.readerIndex(), length);
    boolean full;
    do {
      full = chunk(allocator, out);
    } while (full && (!input.hasRemaining() || input.position() == 0));
    int taken = input.position();
    forgetInput();
    return taken;
  }

  /** The message is at its end. */
  void end(ByteBufAllocator allocator, List<Object> out) throws DataFormatException {
    input = ByteBuffer.wrap(TAIL);
    boolean full;
    do {
      full = chunk(allocator, out);
    } while (full);
    close();
  }

  /** Unpacks until a chunk is full (then there may be more) or there is nothing left to unpack. */
  private boolean chunk(ByteBufAllocator allocator, List<Object> out) throws DataFormatException {
    Inflater unpacks = Objects.requireNonNull(inflater);
    ByteBuf chunk = allocator.ioBuffer(CHUNK_BYTES, CHUNK_BYTES);
    try {
      ByteBuffer room = chunk.nioBuffer(0, CHUNK_BYTES);
      do {
        unpacks.setInput(input);
        var _ = unpacks.inflate(room);
        if (unpacks.finished()) {
          unpacks.reset(); // it has marked its last block (7.2.3.5): another one begins
        }
      } while (room.hasRemaining() && input.hasRemaining());
      int unpacked = CHUNK_BYTES - room.remaining();
      messageBytes += unpacked;
      if (unpacked > 0 && !isTooLarge()) {
        out.add(fitting(allocator, chunk.writerIndex(unpacked)));
      }
      return !room.hasRemaining() && !isTooLarge();
    } finally {
      chunk.release();
    }
  }

  /** Whoever keeps a small message must not keep a large buffer for it. */
  private static ByteBuf fitting(ByteBufAllocator allocator, ByteBuf chunk) {
    int length = chunk.readableBytes();
    return length < CHUNK_BYTES / 2
        ? allocator.ioBuffer(length, length).writeBytes(chunk)
        : chunk.retain();
  }

  /** It lies in a buffer that may be gone by the next time. */
  private void forgetInput() {
    input = ByteBuffer.allocate(0);
    if (inflater != null) {
      inflater.setInput(input);
    }
  }

  /** Lets go of what it has for a message that is under way. */
  void close() {
    if (inflater != null) {
      inflater.end();
      inflater = null;
    }
  }
}
