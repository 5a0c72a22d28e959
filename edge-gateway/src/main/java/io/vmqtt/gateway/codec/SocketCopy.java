package io.vmqtt.gateway.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vmqtt.gateway.memory.LoopMemory;
import java.nio.ByteBuffer;

/**
 * A large payload where sockets can take it from: one copy for all clients of an event loop that it
 * is on its way to. It goes with the last of them. Confined to the loop.
 */
public final class SocketCopy {
  private final ByteBuf bytes;
  private final int length;
  private final LoopMemory memory;
  private int sockets;

  /** A copy that the next call of {@link #forSocket} takes over. */
  SocketCopy(ByteBufAllocator allocator, ByteBuffer payload, LoopMemory memory) {
    this.length = payload.remaining();
    this.memory = memory;
    this.bytes = allocator.directBuffer(length, length).writeBytes(payload);
    memory.add(length);
  }

  /** The bytes for one more socket, which {@link #written} must follow. */
  public ByteBuf forSocket() {
    return sockets++ == 0 ? bytes.duplicate() : bytes.retainedDuplicate();
  }

  /** One socket has them, or never will. */
  public void written() {
    if (--sockets == 0) {
      memory.add(-length);
    }
  }

  /** Whether no socket needs it any more, so that its memory is gone. */
  boolean isGone() {
    return sockets == 0;
  }

  public int length() {
    return length;
  }
}
