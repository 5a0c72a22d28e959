package io.vmqtt.gateway.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vmqtt.gateway.config.WebSocketConfig;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.gateway.transport.TransportHead;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * permessage-deflate, where a listener has it: what is agreed upon, and what packed messages do.
 */
class PackedMessagesTest {
  private static final int MOST_BYTES = 1 << 20;
  private static final String NOTHING_IS_REMEMBERED =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  private static final byte[] NONE = {};

  private final WebSocketHead head = head(MOST_BYTES);

  private static WebSocketHead head(int mostInflatedBytes) {
    return new WebSocketHead(
        TransportHead.TCP,
        new WebSocketConfig("/mqtt", List.of(), mostInflatedBytes),
        Duration.ofSeconds(10));
  }

  /** One connection, and what the one who speaks MQTT is told there. */
  private static final class Connection implements AutoCloseable {
    final EmbeddedChannel channel = new EmbeddedChannel();
    final ByteArrayOutputStream mqtt = new ByteArrayOutputStream();

    /** How many bytes came between two times that all of it was said to have been read. */
    final List<Integer> turns = new ArrayList<>(List.of(0));

    final LoopMemory memory = new ClientMemory(1 << 20, 1).ofLoop(0);
    final WebSocketHead head;
    @Nullable Integer stopsAfter;
    int largestBuffer;
    int reads;

    Connection(WebSocketHead head) {
      this.head = head;
      channel
          .pipeline()
          .addLast(
              new ChannelOutboundHandlerAdapter() {
                @Override
                public void read(ChannelHandlerContext context) {
                  reads++;
                }
              });
      head.install(channel.pipeline(), memory, () -> channel.pipeline().addLast(new Recorder()));
    }

    /** One where that was agreed upon. */
    static Connection packed(WebSocketHead head) {
      Connection connection = new Connection(head);
      assertEquals(NOTHING_IS_REMEMBERED, connection.open("permessage-deflate"));
      return connection;
    }

    /** Ends the connection where its client has done something wrong, as the real one does. */
    private final class Recorder extends ChannelInboundHandlerAdapter {
      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        mqtt.writeBytes(ByteBufUtil.getBytes(bytes));
        largestBuffer = Math.max(largestBuffer, bytes.capacity());
        turns.set(turns.size() - 1, turns.getLast() + bytes.readableBytes());
        bytes.release();
        if (stopsAfter != null && mqtt.size() >= stopsAfter) {
          context.channel().config().setAutoRead(false);
        }
      }

      @Override
      public void channelReadComplete(ChannelHandlerContext context) {
        turns.add(0);
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        head.end(context).addListener(ChannelFutureListener.CLOSE);
      }
    }

    /** What of these offers is agreed upon; empty: nothing. */
    String open(String... offers) {
      StringBuilder request =
          new StringBuilder(
              """
              GET /mqtt HTTP/1.1\r
              Host: h\r
              Upgrade: websocket\r
              Connection: Upgrade\r
              Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
              Sec-WebSocket-Protocol: mqtt\r
              Sec-WebSocket-Version: 13\r
              """);
      for (String offer : offers) {
        request.append("Sec-WebSocket-Extensions: ").append(offer).append("\r\n");
      }
      send(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
      String answer = new String(sent(), StandardCharsets.US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 101 ") && answer.endsWith("\r\n\r\n"), answer);
      String name = "Sec-WebSocket-Extensions: ";
      return answer
          .lines()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(name.length()))
          .findFirst()
          .orElse("");
    }

    void send(byte[] bytes) {
      channel.writeInbound(Unpooled.copiedBuffer(bytes));
    }

    void send(String hex) {
      send(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** What has been sent since the last call. */
    byte[] sent() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
        all.writeBytes(ByteBufUtil.getBytes(out));
        out.release();
      }
      return all.toByteArray();
    }

    @Override
    public void close() {
      channel.finishAndReleaseAll();
      assertEquals(0, memory.bytes(), "what is gone is counted");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "permessage-deflate | ''",
        "permessage-deflate; client_max_window_bits | ''",
        "permessage-deflate; client_max_window_bits=10; client_no_context_takeover | ''",
        "permessage-deflate; server_no_context_takeover | ''",
        "permessage-deflate; server_max_window_bits=15 | ; server_max_window_bits=15",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate | ''",
        "permessage-deflate; server_max_window_bits=10 | none",
        "permessage-deflate; server_max_window_bits | none",
        "permessage-deflate; client_max_window_bits=7 | none",
        "permessage-deflate; client_no_context_takeover=1 | none",
        "permessage-deflate; mux | none",
        "x-webkit-deflate-frame | none",
        ",;=, | none",
        "; | none",
        "';, permessage-deflate' | ''",
      })
  void offer_isAnsweredWhereItCanBeMet(String offer, @Nullable String more) {
    try (Connection connection = new Connection(head)) {
      String expected = more == null ? "" : NOTHING_IS_REMEMBERED + more;
      assertEquals(expected, connection.open(offer));
    }
  }

  @Test
  void offer_severalLines_theFirstThatCanBeMet() {
    try (Connection connection = new Connection(head)) {
      assertEquals(NOTHING_IS_REMEMBERED, connection.open("other", "permessage-deflate"));
    }
  }

  @Test
  void offer_whereTheListenerHasNone_isNotMetAndPackedFramesAreRefused() {
    try (Connection connection = new Connection(head(0))) {
      assertEquals("", connection.open("permessage-deflate"));
      assertFalse(connection.head.copies());

      connection.send(frame(0xC2, packed(text(10))));

      assertArrayEquals(HexFormat.of().parseHex("880203ea"), connection.sent());
    }
  }

  private static byte[] text(int length) {
    return "a word and another; "
        .repeat(length / 20 + 1)
        .substring(0, length)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] packed(byte[] message) {
    return packed(message, false);
  }

  /** As a client packs it: without the end of a flush. */
  private static byte[] packed(byte[] message, boolean marksTheLastBlock) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setInput(message);
      byte[] out = new byte[message.length + 100];
      if (marksTheLastBlock) {
        deflater.finish();
        int length = deflater.deflate(out);
        return Arrays.copyOf(out, length + 1); // and a 0, as RFC 7692, 7.2.3.4 has it
      }
      int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
      return Arrays.copyOf(out, length - 4);
    } finally {
      deflater.end();
    }
  }

  private static byte[] frame(int first, byte[] payload) {
    byte[] key = {1, 2, 3, 4};
    ByteBuf all = Unpooled.buffer().writeByte(first);
    if (payload.length < 126) {
      all.writeByte(0x80 | payload.length);
    } else {
      all.writeByte(0xFF).writeLong(payload.length);
    }
    all.writeBytes(key);
    for (int i = 0; i < payload.length; i++) {
      all.writeByte(payload[i] ^ key[i % 4]);
    }
    return ByteBufUtil.getBytes(all);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Packed, as it is, packed in three parts with a ping between, and empty. */
  @Test
  void messages_splitAtEveryByte_allOfThem() {
    byte[] first = text(3000);
    byte[] plain = text(30);
    byte[] parts = packed(text(700));
    byte[] all =
        joined(
            frame(0xC2, packed(first)),
            frame(0x82, plain),
            frame(0x42, Arrays.copyOf(parts, 5)),
            frame(0x89, new byte[] {7}),
            frame(0x00, Arrays.copyOfRange(parts, 5, parts.length)),
            frame(0x80, NONE),
            frame(0xC2, packed(NONE)),
            frame(0x82, plain));
    byte[] expected = joined(first, plain, text(700), plain);

    for (int at = 0; at <= all.length; at++) {
      try (Connection connection = Connection.packed(head)) {
        connection.send(Arrays.copyOf(all, at));
        connection.send(Arrays.copyOfRange(all, at, all.length));
        assertArrayEquals(expected, connection.mqtt.toByteArray());
        assertArrayEquals(HexFormat.of().parseHex("8a0107"), connection.sent());
      }
    }
    try (Connection connection = Connection.packed(head)) {
      for (byte one : all) {
        connection.send(new byte[] {one});
      }
      assertArrayEquals(expected, connection.mqtt.toByteArray());
    }
  }

  @Test
  void message_thatMarksItsLastBlock_isUnpackedAndSoIsTheNext() {
    try (Connection connection = Connection.packed(head)) {
      connection.send(frame(0xC2, packed(text(500), true)));
      connection.send(frame(0xC2, packed(text(100))));
      assertArrayEquals(joined(text(500), text(100)), connection.mqtt.toByteArray());
    }
  }

  @Test
  void message_asLargeAsItMayBe_passes() {
    try (Connection connection = Connection.packed(head)) {
      connection.send(frame(0xC2, packed(new byte[MOST_BYTES])));
      assertEquals(MOST_BYTES, connection.mqtt.size());
      assertTrue(connection.channel.isOpen());
    }
  }

  /** A few KiB that would be 64 MiB. */
  @ParameterizedTest
  @ValueSource(ints = {MOST_BYTES + 1, 64 << 20})
  void message_largerThanItMayBe_endsBeforeAllOfItIsUnpacked(int length) {
    try (Connection connection = Connection.packed(head)) {
      connection.send(frame(0xC2, packed(new byte[length])));
      assertArrayEquals(HexFormat.of().parseHex("880203f1"), connection.sent());
      assertFalse(connection.channel.isOpen());
      assertTrue(connection.mqtt.size() <= MOST_BYTES, () -> connection.mqtt.size() + " bytes");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "c2 81 00000000 07, 03ef", // a block of a type that there is not
    "c2 85 00000000 00 05000500 , 03ef", // a length that is not as it is said twice
    "42 80 00000000 c0 80 00000000, 03ea", // said of a part
    "c9 80 00000000, 03ea", // said of control
    "e2 80 00000000, 03ea" // and what nobody has agreed upon
  })
  void frame_thatMayNotBe_endsWithTheReason(String frames, String reason) {
    try (Connection connection = Connection.packed(head)) {
      connection.send(frames);
      assertArrayEquals(HexFormat.of().parseHex("8802" + reason), connection.sent());
      assertFalse(connection.channel.isOpen());
      assertEquals(0, connection.mqtt.size());
    }
  }

  /** What lies between two messages is nothing. */
  @Test
  void message_underWay_itsMemoryIsCountedUntilItIsOver() {
    byte[] message = frame(0xC2, packed(text(5000)));
    try (Connection connection = Connection.packed(head)) {
      assertTrue(connection.head.copies(), "each client's is packed for it");
      connection.send(Arrays.copyOf(message, message.length - 1));
      assertEquals(Inflation.MEMORY_BYTES, connection.memory.bytes());
      assertEquals(Inflation.MEMORY_BYTES, head.heldBytes(connection.channel));

      connection.send(Arrays.copyOfRange(message, message.length - 1, message.length));
      assertEquals(0, connection.memory.bytes());

      connection.send(Arrays.copyOf(message, message.length - 1));
      assertEquals(Inflation.MEMORY_BYTES, connection.memory.bytes());
    }
  }

  @Test
  void reading_stops_noMoreIsUnpackedUntilItGoesOn() {
    byte[] first = new byte[500_000];
    byte[] second = text(300_000);
    try (Connection connection = Connection.packed(head)) {
      connection.stopsAfter = 100_000;
      connection.send(joined(frame(0xC2, packed(first)), frame(0xC2, packed(second))));
      assertEquals(100_000, connection.mqtt.size(), 2 * Inflation.CHUNK_BYTES);
      assertTrue(connection.memory.bytes() > Inflation.MEMORY_BYTES, "what waits is counted");

      int before = connection.mqtt.size();
      int reads = connection.reads;
      connection.send(frame(0xC2, packed(text(10))));
      assertEquals(before, connection.mqtt.size());
      assertEquals(reads, connection.reads, "there is enough");

      connection.stopsAfter = null;
      connection.channel.config().setAutoRead(true);
      connection.channel.runPendingTasks();
      assertArrayEquals(joined(first, second, text(10)), connection.mqtt.toByteArray());
      assertTrue(connection.reads > reads);
    }
  }

  /** Also where nobody stops it. */
  @Test
  void messages_thatBecomeLarge_aPartInEachTurnOfTheLoop() {
    byte[] message = new byte[1_000_000];
    byte[] packed = frame(0xC2, packed(message));
    try (Connection connection = Connection.packed(head)) {
      connection.send(joined(packed, packed, packed));
      assertEquals(3 * message.length, connection.mqtt.size());
      int most = connection.turns.stream().mapToInt(Integer::intValue).max().orElseThrow();
      assertTrue(
          most < FrameReader.TURN_BYTES + 2 * Inflation.CHUNK_BYTES, () -> most + " in a turn");
    }
  }

  /** Thousands of them fit into what is read at once. */
  @Test
  void messages_manyAndSmall_aPartInEachTurnOfTheLoop_noneWithALargeBuffer() {
    byte[][] messages = new byte[5000][];
    Arrays.fill(messages, frame(0xC2, packed(new byte[] {1})));
    try (Connection connection = Connection.packed(head)) {
      connection.send(joined(messages));
      assertEquals(messages.length, connection.mqtt.size());
      int most = connection.turns.stream().mapToInt(Integer::intValue).max().orElseThrow();
      assertTrue(
          most <= FrameReader.TURN_BYTES / FrameReader.MESSAGE_BYTES + 1,
          () -> most + " in a turn");
      assertTrue(connection.largestBuffer < 100, () -> connection.largestBuffer + " bytes");
    }
  }

  @Test
  void messages_manyAndEmpty_whatFollowsComesInALaterTurn() {
    byte[][] messages = new byte[5000][];
    Arrays.fill(messages, frame(0xC2, NONE));
    messages[messages.length - 1] = frame(0xC2, packed(text(10)));
    try (Connection connection = Connection.packed(head)) {
      connection.send(joined(messages));
      assertArrayEquals(text(10), connection.mqtt.toByteArray());
      assertTrue(connection.turns.size() > 15, () -> connection.turns.size() + " turns");
    }
  }

  /** What a client had sent when it left counts, but not for more than a message may have. */
  @Test
  void end_whileReadingHasStopped_asMuchAsOneMessageIsUnpacked() {
    byte[] packed = frame(0xC2, packed(new byte[1_000_000]));
    try (Connection connection = Connection.packed(head)) {
      connection.stopsAfter = 1;
      connection.send(joined(packed, packed, packed, packed));
      int before = connection.mqtt.size();
      assertTrue(before < 2 * Inflation.CHUNK_BYTES, () -> before + " bytes");

      connection.channel.finishAndReleaseAll();

      assertEquals(before + MOST_BYTES, connection.mqtt.size(), 2 * Inflation.CHUNK_BYTES);
    }
  }

  // --- what is written ---

  @ParameterizedTest
  @ValueSource(ints = {Deflation.LEAST_BYTES, 5000, Deflation.MOST_BYTES})
  void write_whatGetsSmaller_isPackedByItself(int length) throws DataFormatException {
    try (Connection connection = Connection.packed(head)) {
      for (int i = 0; i < 2; i++) {
        connection.channel.writeOutbound(Unpooled.wrappedBuffer(text(length)));
        ByteBuf sent = Unpooled.wrappedBuffer(connection.sent());
        assertEquals(0xC2, sent.readUnsignedByte());
        int shown = sent.readUnsignedByte();
        int size = shown < 126 ? shown : sent.readUnsignedShort();
        assertEquals(size, sent.readableBytes());
        assertTrue(size < length / 2, () -> size + " of " + length);
        assertArrayEquals(text(length), unpacked(ByteBufUtil.getBytes(sent), length));
      }
    }
  }

  private static byte[] unpacked(byte[] packed, int length) throws DataFormatException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(joined(packed, new byte[] {0, 0, (byte) 0xFF, (byte) 0xFF}));
      byte[] out = new byte[length + 1];
      return Arrays.copyOf(out, inflater.inflate(out));
    } finally {
      inflater.end();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Deflation.LEAST_BYTES - 1, Deflation.MOST_BYTES + 1})
  void write_tooSmallOrTooLarge_leavesAsItIs(int length) {
    leavesAsItIs(text(length));
  }

  @Test
  void write_whatDoesNotGetSmaller_leavesAsItIs() {
    byte[] noise = new byte[5000];
    new Random(1).nextBytes(noise);
    leavesAsItIs(noise);
  }

  private void leavesAsItIs(byte[] payload) {
    try (Connection connection = Connection.packed(head)) {
      ByteBuf written = Unpooled.wrappedBuffer(payload);
      var _ = connection.channel.writeAndFlush(written);
      ByteBuf header = connection.channel.readOutbound();
      assertEquals(0x82, header.getUnsignedByte(0));
      header.release();
      assertSame(written, connection.channel.<ByteBuf>readOutbound());
      written.release();
    }
  }

  /** What waits for a client has no more memory than it counts for. */
  @Test
  void write_packed_takesNoMoreThanItHas() {
    try (Connection connection = Connection.packed(head)) {
      ByteBuf written = Unpooled.wrappedBuffer(new byte[200_000]);
      var _ = connection.channel.writeAndFlush(written);
      assertEquals(0, written.refCnt());
      connection.channel.<ByteBuf>readOutbound().release();
      ByteBuf packed = connection.channel.readOutbound();
      assertTrue(packed.capacity() < 2_000, () -> packed.capacity() + " bytes");
      packed.release();
    }
  }
}
