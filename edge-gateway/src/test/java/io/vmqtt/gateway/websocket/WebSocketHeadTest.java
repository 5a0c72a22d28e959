package io.vmqtt.gateway.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.vmqtt.gateway.config.WebSocketConfig;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.gateway.transport.TransportHead;
import io.vmqtt.testkit.conformance.Conforms;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client says before MQTT, and around it. */
class WebSocketHeadTest {
  /** The sample of RFC 6455, 1.3, with the words of a listener. */
  private static final String REQUEST =
      """
      GET /mqtt?x=1 HTTP/1.1\r
      Host: localhost\r
      Upgrade: websocket\r
      Connection: keep-alive, Upgrade\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      Origin: https://good.example\r
      Sec-WebSocket-Protocol: chat, mqtt\r
      Sec-WebSocket-Version: 13\r
      \r
      """;

  private static final String ANSWER =
      """
      HTTP/1.1 101 Switching Protocols\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
      Sec-WebSocket-Protocol: mqtt\r
      \r
      """;

  private static final String NOTHING = "";

  private final WebSocketHead head =
      new WebSocketHead(
          TransportHead.TCP,
          new WebSocketConfig("/mqtt", List.of("https://good.example")),
          Duration.ofSeconds(10));

  /** One connection, and what the one who speaks MQTT is told there. */
  private final class Connection implements AutoCloseable {
    final EmbeddedChannel channel = new EmbeddedChannel();
    final StringBuilder mqtt = new StringBuilder();
    final LoopMemory memory = new ClientMemory(1 << 20, 1).ofLoop(0);
    boolean isActive;

    Connection() {
      head.install(channel.pipeline(), memory, () -> channel.pipeline().addLast(new Recorder()));
    }

    /** Ends the connection where its client has done something wrong, as the real one does. */
    private final class Recorder extends ChannelInboundHandlerAdapter {
      @Override
      public void channelActive(ChannelHandlerContext context) {
        isActive = true;
      }

      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        mqtt.append(ByteBufUtil.hexDump(bytes));
        bytes.release();
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        assertTrue(cause instanceof DecoderException, cause.toString());
        head.end(context).addListener(ChannelFutureListener.CLOSE);
      }
    }

    void send(byte[] bytes) {
      channel.writeInbound(Unpooled.copiedBuffer(bytes));
    }

    void send(String hex) {
      send(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    Connection opened() {
      send(REQUEST.getBytes(StandardCharsets.US_ASCII));
      assertEquals(ANSWER, text());
      assertTrue(isActive);
      return this;
    }

    String text() {
      return new String(HexFormat.of().parseHex(sent()), StandardCharsets.US_ASCII);
    }

    /** What has been sent since the last call. */
    String sent() {
      StringBuilder all = new StringBuilder();
      for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
        all.append(ByteBufUtil.hexDump(out));
        out.release();
      }
      return all.toString();
    }

    @Override
    public void close() {
      channel.finishAndReleaseAll();
    }
  }

  /** Frames with the mask 01 02 03 04. */
  private static String masked(int first, String payload) {
    byte[] bytes = HexFormat.of().parseHex(payload.replace(" ", ""));
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= (byte) (i % 4 + 1);
    }
    String length =
        bytes.length < 126
            ? "%02x".formatted(0x80 | bytes.length)
            : bytes.length < 65_536
                ? "fe%04x".formatted(bytes.length)
                : "ff%016x".formatted(bytes.length);
    return "%02x".formatted(first) + length + "01020304" + HexFormat.of().formatHex(bytes);
  }

  @Conforms(v311 = "MQTT-6.0.0-4", v5 = "MQTT-6.0.0-4")
  @Test
  void request_ofAClient_isAnsweredWithTheSubprotocol() {
    try (Connection connection = new Connection().opened()) {
      assertTrue(connection.channel.isOpen());
    }
  }

  /** A message in three frames with a ping among them, a longer one, and a pong. */
  @Conforms(v311 = "MQTT-6.0.0-2", v5 = "MQTT-6.0.0-2")
  @Test
  void frames_splitAtEveryByte_allBytesOfMqttAndOneAnswer() {
    String longer = "ab".repeat(300);
    String frames =
        masked(0x02, "10")
            + masked(0x89, "aabbcc")
            + masked(0x00, "")
            + masked(0x80, "0203040506070809 0a0b")
            + masked(0x82, longer)
            + masked(0x8a, "");
    byte[] all =
        concat(REQUEST.getBytes(StandardCharsets.US_ASCII), HexFormat.of().parseHex(frames));
    String answer =
        HexFormat.of().formatHex(ANSWER.getBytes(StandardCharsets.US_ASCII)) + "8a03aabbcc";

    for (int at = 0; at <= all.length; at++) {
      try (Connection connection = new Connection()) {
        connection.send(part(all, 0, at));
        connection.send(part(all, at, all.length));
        assertEquals(
            "100203040506070809 0a0b".replace(" ", "") + longer, connection.mqtt.toString());
        assertEquals(answer, connection.sent());
      }
    }
    try (Connection connection = new Connection()) {
      for (int at = 0; at < all.length; at++) {
        connection.send(part(all, at, at + 1));
      }
      assertEquals("100203040506070809 0a0b".replace(" ", "") + longer, connection.mqtt.toString());
      assertEquals(answer, connection.sent());
    }
  }

  private static byte[] part(byte[] all, int from, int to) {
    return Arrays.copyOfRange(all, from, to);
  }

  private static byte[] concat(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  @Test
  void frame_ofMoreThan64KiB_passesOnAsItComes() {
    try (Connection connection = new Connection().opened()) {
      String payload = "cd".repeat(70_000);
      String frame = masked(0x82, payload);
      connection.send(frame.substring(0, 1000));
      assertEquals(500 - 14, connection.mqtt.length() / 2);
      connection.send(frame.substring(1000));
      assertEquals(payload, connection.mqtt.toString());
    }
  }

  @Conforms(v311 = "MQTT-6.0.0-1", v5 = "MQTT-6.0.0-1")
  @ParameterizedTest
  @CsvSource({
    "81 80 00000000, 03eb", // text
    "82 00, 03ea", // not masked
    "c2 80 00000000, 03ea", // reserved
    "a2 80 00000000, 03ea",
    "92 80 00000000, 03ea",
    "80 80 00000000, 03ea", // nothing to continue
    "02 80 00000000 82 80 00000000, 03ea", // the one before goes on
    "02 80 00000000 01 80 00000000, 03eb",
    "09 80 00000000, 03ea", // control in parts
    "89 fe 007e 00000000, 03ea", // control that is too long
    "83 80 00000000, 03ea", // unknown
    "8b 80 00000000, 03ea",
    "82 ff 8000000000000000 00000000, 03ea" // a length below zero
  })
  void frame_thatMayNotBe_endsWithTheReason(String frames, String reason) {
    try (Connection connection = new Connection().opened()) {
      connection.send(frames);
      assertEquals("8802" + reason, connection.sent());
      assertFalse(connection.channel.isOpen());
      assertEquals(NOTHING, connection.mqtt.toString());
    }
  }

  @Test
  void close_byTheClient_isAnsweredWithItsReason() {
    try (Connection connection = new Connection().opened()) {
      connection.send(masked(0x82, "e000") + masked(0x88, "03e9 6279") + masked(0x82, "c000"));
      assertEquals("e000", connection.mqtt.toString());
      assertEquals("880403e96279", connection.sent());
      assertFalse(connection.channel.isOpen());
    }
  }

  /** Also that of a frame of control: until all of it is there, its buffer is. */
  @ParameterizedTest
  @ValueSource(strings = {"82", "82ff0000", "89850000000061"})
  void header_halfOfIt_itsBufferIsCounted(String half) {
    try (Connection connection = new Connection().opened()) {
      ByteBuf come = Unpooled.buffer(10_000).writeBytes(HexFormat.of().parseHex(half));
      connection.channel.writeInbound(come);

      assertEquals(10_000, connection.memory.bytes());
      assertEquals(10_000, head.heldBytes(connection.channel));
      connection.channel.finishAndReleaseAll();
      assertEquals(0, connection.memory.bytes());
    }
  }

  @Test
  void ping_whileTheClientTakesNothing_noAnswerIsPiledUp() {
    try (Connection connection = new Connection().opened()) {
      connection.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
      connection.send(masked(0x89, "aa"));
      assertEquals(NOTHING, connection.sent());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 8201",
    "125, 827d",
    "126, 827e007e",
    "65535, 827effff",
    "65536, 827f0000000000010000"
  })
  void write_eachLength_isInAFrameAndNotCopied(int length, String header) {
    try (Connection connection = new Connection().opened()) {
      ByteBuf payload = Unpooled.directBuffer(length).writeZero(length);
      var _ = connection.channel.writeAndFlush(payload);
      ByteBuf before = connection.channel.readOutbound();
      assertEquals(header, ByteBufUtil.hexDump(before));
      before.release();
      assertSame(payload, connection.channel.<ByteBuf>readOutbound());
      payload.release();
      assertNull(connection.channel.readOutbound());
    }
  }

  @Test
  void end_byTheBroker_saysSo() {
    try (Connection connection = new Connection().opened()) {
      var _ = head.end(connection.channel.pipeline().lastContext());
      assertEquals("880203e8", connection.sent());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /mqtt | POST /mqtt | 405",
        "/mqtt?x=1 | /other | 404",
        "https://good.example | https://evil.example | 403",
        "Upgrade: websocket | Upgrade: h2c | 426",
        "keep-alive, Upgrade | keep-alive | 426",
        "Version: 13 | Version: 8 | 426",
        "dGhlIHNhbXBsZSBub25jZQ== | short | 400",
        "Sec-WebSocket-Key | X-Key | 400",
        "chat, mqtt | chat | 400",
        "Sec-WebSocket-Protocol | X-Protocol | 400",
        "Host: localhost | Content-Length: 1 | 400",
        "HTTP/1.1 | NONSENSE | 400"
      })
  void request_thatCannotBe_isRefused(String what, String by, int status) {
    try (Connection connection = new Connection()) {
      connection.send((REQUEST.replace(what, by) + "x").getBytes(StandardCharsets.US_ASCII));
      String answer = connection.text();
      assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
      assertFalse(connection.channel.isOpen());
      assertFalse(connection.isActive);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5_000, 9_000, 100_000})
  void request_tooLong_isRefusedBeforeItIsThere(int length) {
    try (Connection connection = new Connection()) {
      String head = length == 5_000 ? "GET /" : "GET /mqtt HTTP/1.1\r\nX: ";
      connection.send((head + "x".repeat(length)).getBytes(StandardCharsets.US_ASCII));
      assertTrue(connection.text().startsWith("HTTP/1.1 431 "));
      assertFalse(connection.channel.isOpen());
    }
  }

  @Test
  void request_ofANonBrowserOrAnotherSubprotocol_isAnswered() {
    try (Connection connection = new Connection()) {
      connection.send(
          REQUEST
              .replace("Origin: https://good.example\r\n", "")
              .replace("chat, mqtt", "mqttv3.1,mqtt")
              .getBytes(StandardCharsets.US_ASCII));
      assertEquals(ANSWER.replace("Protocol: mqtt", "Protocol: mqttv3.1"), connection.text());
    }
  }

  @Test
  void silence_endsInTime() {
    try (Connection connection = new Connection()) {
      connection.channel.freezeTime();
      connection.channel.advanceTimeBy(10, TimeUnit.SECONDS);
      connection.channel.runScheduledPendingTasks();
      assertFalse(connection.channel.isOpen());
    }
    try (Connection connection = new Connection().opened()) {
      connection.channel.freezeTime();
      connection.channel.advanceTimeBy(11, TimeUnit.SECONDS);
      connection.channel.runScheduledPendingTasks();
      assertTrue(connection.channel.isOpen());
    }
  }
}
