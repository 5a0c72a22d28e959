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
import io.vmqtt.testkit.fuzz.HeapUse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Requests and frames that nobody should send, against a reader that knows no haste. */
class FrameFuzzTest {
  private static final int INPUTS = 2_000;
  private static final int HEAP_FOR_EACH_BYTE = 400;
  private static final byte[] REQUEST =
      ascii(
          """
          GET /mqtt HTTP/1.1\r
          Host: localhost\r
          Upgrade: websocket\r
          Connection: keep-alive, Upgrade\r
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
          Origin: https://good.example\r
          Sec-WebSocket-Protocol: chat, mqtt\r
          Sec-WebSocket-Version: 13\r
          \r
          """);

  /** Binary with two bytes; the same in three parts with a ping between; a close. */
  private static final List<byte[]> FRAMES =
      Stream.of(
              "8282 01020304 c102",
              "0281 01020304 c1 8983 00000000 616263 0080 00000000 8081 0a0b0c0d 55",
              "82fe0080 11223344 " + "aa".repeat(128),
              "82ff0000000000000005 11223344 0102030405",
              "8a80 00000000 8882 00000000 03e8")
          .map(hex -> HexFormat.of().parseHex(hex.replace(" ", "")))
          .toList();

  private final WebSocketHead head =
      new WebSocketHead(
          TransportHead.TCP,
          new WebSocketConfig("/mqtt", List.of("https://good.example")),
          Duration.ofSeconds(10));

  /** What comes of a connection: bytes of MQTT, what was answered, and whether it goes on. */
  private record Outcome(String mqtt, String answered, boolean isOpen) {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** What is made of each arrival before it is read: a fault, where one is planted. */
  private UnaryOperator<byte[]> heard = UnaryOperator.identity();

  @Test
  void frames_ofAnyBytes_areWhatASlowReaderSays() {
    frames().run(INPUTS, this::checkFrames);
  }

  /** So the meaning of an extension would be lost that was never agreed upon. */
  @Test
  void frames_byWhomReservedBitsAreNotLookedAt_isFound() {
    heard =
        arrived -> {
          if (arrived.length > REQUEST.length) {
            arrived[REQUEST.length] &= (byte) 0x8F;
          }
          return arrived;
        };
    assertTrue(frames().finds(INPUTS, this::checkFrames));
  }

  private static Fuzz frames() {
    return Fuzz.of("websocket-frames", FRAMES).mended(FrameFuzzTest::withoutReservedBits);
  }

  /** Else nearly every change of a first byte is refused for the same reason. */
  private static byte[] withoutReservedBits(byte[] input) {
    if (input.length > 1) {
      input[0] &= (byte) 0x8F;
      input[1] |= (byte) 0x80;
    }
    return input;
  }

  private void checkFrames(byte[] frames) {
    byte[] stream = joined(REQUEST, frames);
    Outcome whole =
        HeapUse.bounded(stream, HEAP_FOR_EACH_BYTE, () -> outcome(Arrivals.whole(stream)));
    Outcome expected = slowly(frames);
    assertEquals(
        expected,
        new Outcome(
            whole.mqtt,
            whole.answered.substring(whole.answered.indexOf("0d0a0d0a") + 8),
            whole.isOpen));
    Arrivals.inParts(stream).forEach(parts -> assertEquals(whole, outcome(parts)));
  }

  @Test
  void request_ofAnyBytes_isAnsweredOnceHoweverItComes() {
    requests().run(INPUTS, this::checkRequest);
  }

  @Test
  void request_byWhomAColonThatComesAloneIsLost_isFound() {
    heard = arrived -> arrived.length == 1 && arrived[0] == ':' ? new byte[0] : arrived;
    assertTrue(requests().finds(INPUTS, this::checkRequest));
  }

  private static Fuzz requests() {
    return Fuzz.of("websocket-request", List.of(REQUEST, ascii("GET /mqtt?a=b HTTP/1.1\r\n\r\n")))
        .words(
            "\r\n",
            "\n",
            "\r\n\r\n",
            ":",
            ",",
            " ",
            "\t",
            "\0",
            "HTTP/1.0",
            "POST",
            "mqttv3.1",
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Expect: 100-continue\r\n",
            "Sec-WebSocket-Extensions: permessage-deflate\r\n",
            "%00",
            "//",
            "\u00ff");
  }

  private void checkRequest(byte[] request) {
    byte[] stream = joined(request, FRAMES.getFirst());
    Outcome whole =
        HeapUse.bounded(stream, HEAP_FOR_EACH_BYTE, () -> outcome(Arrivals.whole(stream)));
    String answer =
        new String(HexFormat.of().parseHex(whole.answered), StandardCharsets.ISO_8859_1);
    boolean upgraded = answer.startsWith("HTTP/1.1 101 ");
    assertTrue(
        upgraded || answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), () -> "says " + answer);
    assertTrue(upgraded || whole.isOpen == answer.isEmpty(), "whoever is refused is let go");
    assertTrue(upgraded || whole.mqtt.isEmpty(), "MQTT without a WebSocket");
    Arrivals.inParts(stream).forEach(parts -> assertEquals(whole, outcome(parts)));
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
    return new Outcome(hex(mqtt), hex(answered), isOpen);
  }

  private static String hex(ByteArrayOutputStream bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
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

  private static byte[] joined(byte[] one, byte[] other) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(one);
    both.writeBytes(other);
    return both.toByteArray();
  }

  // --- RFC 6455, section 5, for one who has all bytes before him ---

  private static Outcome slowly(byte[] frames) {
    ByteBuffer in = ByteBuffer.wrap(frames);
    ByteArrayOutputStream mqtt = new ByteArrayOutputStream();
    ByteArrayOutputStream answered = new ByteArrayOutputStream();
    boolean inMessage = false;
    while (in.remaining() >= 2) {
      int first = in.get() & 0xFF;
      int second = in.get() & 0xFF;
      int opcode = first & 0x0F;
      boolean isLast = (first & 0x80) != 0;
      boolean isControl = opcode >= 8;
      int shortLength = second & 0x7F;
      if (opcode == 1) {
        return closed(mqtt, answered, 1003);
      }
      boolean isKnown = opcode == 0 || opcode == 2 || opcode == 8 || opcode == 9 || opcode == 10;
      if (!isKnown
          || (first & 0x70) != 0
          || (second & 0x80) == 0
          || (isControl && (!isLast || shortLength > 125))
          || (!isControl && (opcode == 0) != inMessage)) {
        return closed(mqtt, answered, 1002);
      }
      int lengthBytes = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0;
      if (in.remaining() < lengthBytes + 4) {
        break;
      }
      long length =
          lengthBytes == 2 ? in.getShort() & 0xFFFF : lengthBytes == 8 ? in.getLong() : shortLength;
      if (length < 0) {
        return closed(mqtt, answered, 1002);
      }
      byte[] key = new byte[4];
      in.get(key);
      boolean isWhole = in.remaining() >= length;
      byte[] payload = new byte[(int) Math.min(length, in.remaining())];
      in.get(payload);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= key[i % 4];
      }
      if (!isControl) {
        mqtt.writeBytes(payload);
        inMessage = !isLast;
      } else if (isWhole && opcode != 10) {
        answered.write(opcode == 8 ? 0x88 : 0x8A);
        answered.write(payload.length);
        answered.writeBytes(payload);
        if (opcode == 8) {
          return new Outcome(hex(mqtt), hex(answered), false);
        }
      }
    }
    return new Outcome(hex(mqtt), hex(answered), true);
  }

  private static Outcome closed(
      ByteArrayOutputStream mqtt, ByteArrayOutputStream answered, int reason) {
    answered.writeBytes(new byte[] {(byte) 0x88, 2, (byte) (reason >> 8), (byte) reason});
    return new Outcome(hex(mqtt), hex(answered), false);
  }
}
