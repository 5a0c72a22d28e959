package io.vmqtt.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;

/**
 * Buffers of a channel, all of which are counted: so one that is never released is found at once,
 * and not when the garbage collector finds it.
 */
public final class MeasuredBuffers {
  /** What may be taken beside what has come, and as often as that. */
  private static final int FOR_ANY = 64 << 10;

  private static final int FOR_EACH_BYTE = 4;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
  private int come;

  /** A channel that takes its buffers from here. */
  public EmbeddedChannel channel(ChannelHandler... handlers) {
    EmbeddedChannel channel = new EmbeddedChannel();
    on(channel);
    channel.pipeline().addLast(handlers);
    return channel;
  }

  /** From here on the channel does. */
  public void on(EmbeddedChannel channel) {
    var _ = channel.config().setAllocator(allocator);
  }

  /** Brings bytes, as long as the channel is open. What is held of them is bounded. */
  public void bring(EmbeddedChannel channel, List<byte[]> parts) {
    for (byte[] part : parts) {
      if (channel.isOpen()) {
        come += part.length;
        ByteBuf bytes = allocator.directBuffer(Math.max(1, part.length)).writeBytes(part);
        channel.writeInbound(bytes);
        long held = held();
        assertTrue(
            held <= FOR_ANY + (long) FOR_EACH_BYTE * come,
            () -> held + " bytes are held of " + come);
      }
    }
  }

  /** Nothing is held any more. */
  public void assertAllReleased() {
    assertEquals(0, held(), "bytes are held when all is over");
  }

  private long held() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }
}
