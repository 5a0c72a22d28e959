package io.vmqtt.gateway.quic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On a channel that, as a stream of QUIC, takes a little at a time, and when a test says so. */
class StreamOutputTest {
  private static final int PART_BYTES = 16 << 10;

  private final StreamOutput output = new StreamOutput();
  private final Writer writer = new Writer();
  private final EmbeddedChannel stream =
      new EmbeddedChannel(output, writer) {
        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
          @Nullable IOException thrown = failure;
          if (thrown != null) {
            throw thrown;
          }
          super.doWrite(in);
        }
      };
  private @Nullable IOException failure;

  /** What is behind in the pipeline. */
  private static final class Writer extends ChannelInboundHandlerAdapter {
    int writableAgain;
    Runnable then = () -> {};

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      writableAgain++;
      then.run();
    }
  }

  StreamOutputTest() {
    stream.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, PART_BYTES / 2));
  }

  @AfterEach
  void close() {
    stream.finishAndReleaseAll();
  }

  /** The stream takes what it has got so far. */
  private void take() {
    stream.unsafe().flush();
    stream.runPendingTasks();
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private byte[] taken() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuf part = stream.readOutbound(); part != null; part = stream.readOutbound()) {
      all.writeBytes(ByteBufUtil.getBytes(part));
      part.release();
    }
    return all.toByteArray();
  }

  @Test
  void flush_moreThanTheStreamTakes_waitsIsCountedAndGoesOnInOrder() {
    byte[] large = bytes(3 * PART_BYTES + 7);
    ChannelFuture written = stream.write(Unpooled.wrappedBuffer(large));
    assertEquals(large.length, output.waitingBytes());

    stream.flush();
    take();
    assertFalse(written.isDone());
    assertTrue(output.waitingBytes() < large.length);
    assertEquals(large.length, output.waitingBytes() + output.takenBytes());
    long before = output.takenBytes();

    take();
    assertTrue(output.takenBytes() > before, "progress, in the middle of one write");
    while (!written.isDone()) {
      take();
    }
    assertTrue(written.isSuccess());
    assertEquals(0, output.waitingBytes());
    assertArrayEquals(large, taken());
  }

  /** The call comes while a part is on its way: what it writes has to go behind the rest. */
  @Test
  void writabilityChanged_whoeverWritesThen_isBehindWhatWaits() {
    byte[] first = bytes(2 * PART_BYTES);
    byte[] next = bytes(5);
    writer.then =
        () -> {
          writer.then = () -> {};
          var _ = stream.writeAndFlush(Unpooled.wrappedBuffer(next));
        };
    var _ = stream.write(Unpooled.wrappedBuffer(first));
    stream.flush();
    for (int i = 0; i < 10; i++) {
      take();
    }

    byte[] all = taken();
    assertEquals(first.length + next.length, all.length);
    assertArrayEquals(Unpooled.wrappedBuffer(first, next).copy().array(), all);
    assertTrue(writer.writableAgain > 0);
    assertEquals(0, output.waitingBytes());
  }

  @Test
  void write_muchWithoutAFlush_makesTheStreamUnwritable() {
    for (int i = 0; i < 3; i++) {
      assertTrue(stream.isWritable());
      var _ = stream.write(Unpooled.wrappedBuffer(bytes(20 << 10)));
    }
    var _ = stream.write(Unpooled.wrappedBuffer(bytes(20 << 10)));
    assertFalse(stream.isWritable(), "a writer that looks stops here");
  }

  @Test
  void close_whatWaits_isLetGo() {
    ByteBuf large = Unpooled.wrappedBuffer(bytes(3 * PART_BYTES));
    ChannelFuture written = stream.write(large);
    ChannelFuture behind = stream.write(Unpooled.wrappedBuffer(bytes(1)));
    stream.flush();

    var _ = stream.close();
    stream.runPendingTasks();

    assertFalse(written.isSuccess());
    assertFalse(behind.isSuccess());
    assertTrue(behind.isDone());
    assertEquals(0, output.waitingBytes());
    assertEquals(0, large.refCnt());
    ByteBuf late = Unpooled.wrappedBuffer(bytes(1));
    assertFalse(stream.write(late).isSuccess());
    assertEquals(0, late.refCnt());
  }

  @Test
  void write_theStreamFails_isTheEndOfIt() {
    failure = new IOException("the client has asked to stop");
    var _ = stream.writeAndFlush(Unpooled.wrappedBuffer(bytes(1)));

    take();

    assertFalse(stream.isOpen());
    assertEquals(0, output.waitingBytes());
  }
}
