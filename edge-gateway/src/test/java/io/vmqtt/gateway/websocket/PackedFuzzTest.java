package io.vmqtt.gateway.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.vmqtt.gateway.codec.MeasuredBuffers;
import io.vmqtt.gateway.config.WebSocketConfig;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.gateway.transport.TransportHead;
import io.vmqtt.testkit.fuzz.Arrivals;
import io.vmqtt.testkit.fuzz.Fuzz;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Packed messages that nobody should send: they mean the same however their bytes come. */
class PackedFuzzTest {
  private static final int INPUTS = 2_000;
  private static final int MOST_BYTES = 40_000;
  private static final byte[] REQUEST =
      """
      GET /mqtt HTTP/1.1\r
      Host: h\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Protocol: mqtt\r
      Sec-WebSocket-Extensions: permessage-deflate\r
      \r
      """
          .getBytes(StandardCharsets.US_ASCII);

  /**
   * "Hello" as RFC 7692, 7.2.3, has it: in one frame, in two, in a block that is not packed, with
   * the last block marked, in two blocks; and with one that is not packed behind.
   */
  private static final List<byte[]> FRAMES =
      Stream.of(
              "c287 00000000 f248cdc9c90700",
              "4283 00000000 f248cd 8084 00000000 c9c90700",
              "c28b 00000000 000500faff48656c6c6f00",
              "c288 00000000 f348cdc9c9070000",
              "c28d 00000000 f248050000 00ffffcac9c90700",
              "c287 00000000 f248cdc9c90700 8285 00000000 48656c6c6f c281 00000000 00")
          .map(hex -> HexFormat.of().parseHex(hex.replace(" ", "")))
          .toList();

  private final WebSocketHead head =
      new WebSocketHead(
          TransportHead.TCP,
          new WebSocketConfig("/mqtt", List.of(), MOST_BYTES),
          Duration.ofSeconds(10));

  /** What is made of each arrival before it is read: a fault, where one is planted. */
  private UnaryOperator<byte[]> heard = UnaryOperator.identity();

  /** What comes of a connection: bytes of MQTT, what was answered, and whether it goes on. */
  private record Outcome(String mqtt, String answered, boolean isOpen) {

    /** Who is let go may have been heard to some point before: nobody relies on it. */
    boolean isLike(Outcome other) {
      return answered.equals(other.answered)
          && isOpen == other.isOpen
          && (isOpen
              ? mqtt.equals(other.mqtt)
              : mqtt.startsWith(other.mqtt) || other.mqtt.startsWith(mqtt));
    }
  }

  private static Fuzz messages() {
    return Fuzz.of("websocket-packed", FRAMES).mended(PackedFuzzTest::masked);
  }

  private static byte[] masked(byte[] input) {
    if (input.length > 1) {
      input[0] = (byte) (0x42 | (input[0] & 0x80));
      input[1] |= (byte) 0x80;
    }
    return input;
  }

  @Test
  void messages_asTheyAre_sayHello() {
    for (byte[] frames : FRAMES) {
      String mqtt = outcome(Arrivals.whole(joined(frames))).mqtt;
      assertTrue(mqtt.startsWith("48656c6c6f"), mqtt);
    }
  }

  @Test
  void messages_ofAnyBytes_meanTheSameHoweverTheyCome() {
    messages().run(INPUTS, this::check);
  }

  @Test
  void messages_byWhomAByteThatComesAloneIsLost_isFound() {
    heard = arrived -> arrived.length == 1 && arrived[0] == (byte) 0xCD ? new byte[0] : arrived;
    assertTrue(messages().finds(INPUTS, this::check));
  }

  private void check(byte[] frames) {
    byte[] stream = joined(frames);
    Outcome whole = outcome(Arrivals.whole(stream));
    Arrivals.inParts(stream)
        .forEach(
            parts -> {
              Outcome inParts = outcome(parts);
              assertTrue(whole.isLike(inParts), () -> whole + " is not like " + inParts);
            });
  }

  private static byte[] joined(byte[] frames) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(REQUEST);
    both.writeBytes(frames);
    return both.toByteArray();
  }

  private Outcome outcome(List<byte[]> parts) {
    MeasuredBuffers buffers = new MeasuredBuffers();
    LoopMemory memory = new ClientMemory(1 << 20, 1).ofLoop(0);
    EmbeddedChannel channel = buffers.channel();
    ByteArrayOutputStream mqtt = new ByteArrayOutputStream();
    head.install(channel.pipeline(), memory, () -> channel.pipeline().addLast(new Mqtt(mqtt)));
    buffers.bring(channel, parts.stream().map(byte[]::clone).map(heard).toList());
    boolean isOpen = channel.isOpen();
    ByteArrayOutputStream answered = new ByteArrayOutputStream();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      answered.writeBytes(ByteBufUtil.getBytes(out));
      out.release();
    }
    channel.checkException();
    var _ = channel.finish();
    buffers.assertAllReleased();
    assertEquals(0, memory.bytes(), "what is gone is counted");
    return new Outcome(
        HexFormat.of().formatHex(mqtt.toByteArray()),
        HexFormat.of().formatHex(answered.toByteArray()),
        isOpen);
  }

  /** Keeps what it gets, and ends the connection as the real one does. */
  private final class Mqtt extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream into;

    Mqtt(ByteArrayOutputStream into) {
      this.into = into;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      into.writeBytes(ByteBufUtil.getBytes(bytes));
      bytes.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      assertInstanceOf(DecoderException.class, cause);
      head.end(context).addListener(ChannelFutureListener.CLOSE);
    }
  }
}
