package io.vmqtt.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Packs what is sent to clients (RFC 7692, 7.2.1). No message knows of the one before it, so what
 * zlib needs for that, a quarter of a MiB, is there once for a thread, and not for a connection.
 */
final class Deflation {
  /** What is smaller hardly gets smaller. */
  static final int LEAST_BYTES = 256;

  /** What is larger would hold up the event loop for too long, and leaves as it is. */
  static final int MOST_BYTES = 256 << 10;

  /** What a flush ends with, which is not sent. */
  private static final int TAIL_BYTES = 4;

  private static final FastThreadLocal<Deflation> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected Deflation initialValue() {
          return new Deflation();
        }

        @Override
        protected void onRemoval(Deflation deflation) {
          deflation.deflater.end();
        }
      };

  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);

  /** What waits for a client has no more memory than bytes, since it is counted by its bytes. */
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(MOST_BYTES);

  private Deflation() {}

  /** The same in fewer bytes; null: it had better leave as it is. */
  static @Nullable ByteBuf packed(ByteBufAllocator allocator, ByteBuf bytes) {
    int length = bytes.readableBytes();
    return length < LEAST_BYTES || length > MOST_BYTES
        ? null
        : OF_THREAD.get().pack(allocator, bytes.nioBuffer(), length);
  }

  private @Nullable ByteBuf pack(ByteBufAllocator allocator, ByteBuffer bytes, int length) {
    scratch.clear().limit(length);
    try {
      deflater.setInput(bytes);
      int written = deflater.deflate(scratch, Deflater.SYNC_FLUSH);
      if (written == length) {
        return null; // it is not smaller, and may go on
      }
      scratch.flip().limit(written - TAIL_BYTES);
      return allocator.ioBuffer(written - TAIL_BYTES).writeBytes(scratch);
    } finally {
      deflater.reset(); // forgets the bytes, too
    }
  }
}
