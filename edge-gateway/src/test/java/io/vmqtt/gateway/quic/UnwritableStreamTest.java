package io.vmqtt.gateway.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of a stream of QUIC that takes nothing. */
class UnwritableStreamTest {
  private static final int MESSAGE_BYTES = 50_000;
  private static final int PART_BYTES = 16 << 10;

  private final Stream stream = new Stream();
  private final StreamOutput output = new StreamOutput();
  private final EmbeddedChannel channel = new EmbeddedChannel();

  /** Keeps what it is given until the test says what becomes of it, as a channel of QUIC does. */
  private static final class Stream extends ChannelOutboundHandlerAdapter {
    private final Queue<ChannelPromise> given = new ArrayDeque<>();

    @Override
    public void write(ChannelHandlerContext context, Object part, ChannelPromise promise) {
      ((ByteBuf) part).release();
      given.add(promise);
    }
  }

  @BeforeEach
  void putTogether() {
    channel.pipeline().addLast(stream, output);
    takesMore(false);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void write_streamTakesNothing_itHasOnePartAllTheSame() {
    var _ = write();
    var _ = write();

    assertEquals(1, stream.given.size());
    assertEquals(2 * MESSAGE_BYTES, output.waitingBytes());
    assertEquals(0, output.takenBytes());
  }

  @Test
  void clientHearsNoMore_whileStreamTakesNothing_isTheEndOfTheStream() {
    ChannelFuture first = write();
    ChannelFuture second = write();

    stream.given.remove().setFailure(new ChannelOutputShutdownException("it hears no more"));

    assertFalse(channel.isOpen());
    assertFalse(first.isSuccess());
    assertFalse(second.isSuccess());
    assertTrue(second.isDone());
    assertEquals(0, output.waitingBytes());
  }

  @Test
  void streamTakesPart_thenMore_everythingGoesOn() {
    ChannelFuture message = write();
    stream.given.remove().setSuccess();
    assertEquals(PART_BYTES, output.takenBytes());

    takesMore(true);

    assertEquals(3, stream.given.size(), "the rest of the message, in parts");
    stream.given.forEach(ChannelPromise::setSuccess);
    assertTrue(message.isSuccess());
    assertEquals(0, output.waitingBytes());
    assertEquals(MESSAGE_BYTES, output.takenBytes());
  }

  private ChannelFuture write() {
    return channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[MESSAGE_BYTES]));
  }

  private void takesMore(boolean yes) {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, yes);
    channel.runPendingTasks();
  }
}
