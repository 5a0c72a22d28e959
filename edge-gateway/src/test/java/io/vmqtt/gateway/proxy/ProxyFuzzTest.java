package io.vmqtt.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vmqtt.gateway.codec.MeasuredBuffers;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.testkit.fuzz.Arrivals;
import io.vmqtt.testkit.fuzz.Fuzz;
import io.vmqtt.testkit.fuzz.HeapUse;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Headers that no proxy should send: who is believed to be the client is who stands in them. */
class ProxyFuzzTest {
  private static final int INPUTS = 4_000;
  private static final int MOST_TEXT_BYTES = 107;
  private static final int HEAP_FOR_EACH_BYTE = 200;
  private static final InetSocketAddress PROXY = new InetSocketAddress("10.1.2.3", 4711);
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final byte[] MQTT = {(byte) 0xC0, 0};

  private static final List<byte[]> BINARY =
      Stream.of(
              "2111000c c0000201 0a000001 ea60075b",
              "21210024 20010db8000000000000000000000001 20010db8000000000000000000000002 ea60075b",
              "20000000",
              "21000000",
              "21310000",
              // an ALPN, TLS with a name in it, something of its own, nothing
              "21110033 c0000201 0a000001 ea60075b 010004 6d717474"
                  + " 200011 07 00000000 210001 31 220005 616c696365 ee0002 abcd 040000",
              "2111000f c0000201 0a000001 ea60075b 040000")
          .map(hex -> HexFormat.of().parseHex(SIGNATURE + hex.replace(" ", "")))
          .toList();

  private final ProxyHead head =
      new ProxyHead(
          "plant", List.of("10.0.0.0/8"), Duration.ofSeconds(10), new SimpleMeterRegistry());

  /** Null: nobody is let through. */
  private record Outcome(@Nullable SocketAddress client, String behind, boolean isOpen) {}

  /** What is made of each arrival before it is read: a fault, where one is planted. */
  private UnaryOperator<byte[]> heard = UnaryOperator.identity();

  @Test
  void binary_ofAnyBytes_isBelievedOrRefused() {
    binaries().run(INPUTS, this::checkBinary);
  }

  /** A proxy speaks of itself, and nobody else is to be believed then. */
  @Test
  void binary_byWhomAConnectionOfTheProxyItselfIsThatOfAClient_isFound() {
    heard =
        arrived -> {
          if (arrived.length > 12) {
            arrived[12] |= 1;
          }
          return arrived;
        };
    assertTrue(binaries().finds(INPUTS, this::checkBinary));
  }

  private static Fuzz binaries() {
    return Fuzz.of("proxy-v2", BINARY).mended(ProxyFuzzTest::withRightLength);
  }

  private void checkBinary(byte[] header) throws UnknownHostException {
    Outcome outcome = check(header);
    if (outcome.client != null) {
      assertEquals(named(header), outcome.client);
    }
  }

  /** Of all that stands behind the length. */
  private static byte[] withRightLength(byte[] input) {
    byte[] mended = input.clone();
    if (mended.length >= 16) {
      ByteBuffer.wrap(mended).putShort(14, (short) (mended.length - 16));
    }
    return mended;
  }

  @Test
  void text_ofAnyBytes_isBelievedOrRefused() {
    texts().run(INPUTS, this::checkText);
  }

  @Test
  void text_byWhomASpaceThatComesAloneIsLost_isFound() {
    heard = arrived -> arrived.length == 1 && arrived[0] == 0x20 ? new byte[0] : arrived;
    assertTrue(texts().finds(INPUTS, this::checkText));
  }

  /** Of each line each field in turn, and what stands between two, is what it should not be. */
  @Test
  void text_whereOneFieldIsAnother_isBelievedOrRefused() {
    ProxyLines.withOneFieldChanged().forEach(line -> checkText(bytes(line)));
    fields().run(INPUTS, this::checkText);
  }

  /** Else it would be the same if all of them were refused. */
  @Test
  void text_ofProxies_isBelieved() {
    for (String line : ProxyLines.VALID) {
      assertTrue(check(bytes(line)).client != null, line);
    }
  }

  @Test
  void text_byWhomBothEndsAreTakenForEachOther_isFound() {
    heard =
        arrived ->
            bytes(
                new String(arrived, StandardCharsets.ISO_8859_1)
                    .replaceFirst("(TCP[46]) (\\S+) (\\S+) ", "$1 $3 $2 "));
    assertTrue(fields().finds(INPUTS, this::checkText));
  }

  /** Whoever sends what is none would come in as the proxy. */
  @Test
  void text_byWhomAPortThatIsNoneIsPassedOver_isFound() {
    heard =
        arrived ->
            bytes(
                new String(arrived, StandardCharsets.ISO_8859_1)
                    .replaceFirst("PROXY TCP.*65536", "PROXY UNKNOWN"));
    assertTrue(fields().finds(INPUTS, this::checkText));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Fuzz fields() {
    return Fuzz.of(
            "proxy-v1-fields",
            ProxyLines.withOneFieldChanged().stream().map(ProxyFuzzTest::bytes).toList())
        .words(ProxyLines.OTHERS.toArray(String[]::new));
  }

  private static Fuzz texts() {
    return Fuzz.ofTexts(
            "proxy-v1",
            "PROXY TCP4 192.0.2.1 10.0.0.1 60000 1883\r\n",
            "PROXY TCP6 2001:db8::1 2001:db8::2 60000 1883\r\n",
            "PROXY UNKNOWN\r\n",
            "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n")
        .words(" ", "\r\n", "\n", "0", "-1", "65535", "65536", "::", "%eth0", "localhost", "TCP4");
  }

  private void checkText(byte[] header) {
    if (isLongerThanAllowed(header)) {
      return;
    }
    Outcome outcome = check(header);
    ProxyLines.Meaning meaning = ProxyLines.read(new String(header, StandardCharsets.ISO_8859_1));
    switch (meaning.verdict()) {
      case GOOD ->
          assertEquals(meaning.client() == null ? PROXY : meaning.client(), outcome.client);
      case LAX ->
          assertTrue(
              outcome.client == null
                  || outcome.client.equals(meaning.client() == null ? PROXY : meaning.client()),
              () -> outcome + " is not " + meaning);
      case WRONG -> assertNull(outcome.client, () -> "of " + HexFormat.of().formatHex(header));
    }
  }

  /** By so little that Netty takes it, if its end comes with it. */
  private static boolean isLongerThanAllowed(byte[] header) {
    int end = new String(header, StandardCharsets.ISO_8859_1).indexOf("\r\n");
    return end > MOST_TEXT_BYTES - 2 && end <= MOST_TEXT_BYTES + 1;
  }

  private Outcome check(byte[] header) {
    byte[] stream = Arrays.copyOf(header, header.length + MQTT.length);
    System.arraycopy(MQTT, 0, stream, header.length, MQTT.length);
    Outcome whole =
        HeapUse.bounded(stream, HEAP_FOR_EACH_BYTE, () -> outcome(Arrivals.whole(stream)));
    assertTrue(whole.client == null || whole.isOpen, "whoever is let through stays");
    assertTrue(whole.client != null || whole.behind.isEmpty(), "MQTT of nobody");
    Arrivals.inParts(stream).forEach(parts -> assertEquals(whole, outcome(parts)));
    return whole;
  }

  private Outcome outcome(List<byte[]> parts) {
    EmbeddedChannel channel =
        new EmbeddedChannel() {
          @Override
          protected SocketAddress remoteAddress0() {
            return PROXY;
          }
        };
    MeasuredBuffers buffers = new MeasuredBuffers();
    buffers.on(channel);
    ByteArrayOutputStream behind = new ByteArrayOutputStream();
    boolean[] through = {false};
    head.install(
        channel.pipeline(),
        new ClientMemory(1 << 20, 1).ofLoop(0),
        () -> {
          through[0] = true;
          channel.pipeline().addLast(new Mqtt(behind));
        });
    buffers.bring(channel, parts.stream().map(byte[]::clone).map(heard).toList());
    boolean isOpen = channel.isOpen();
    SocketAddress client = through[0] ? head.caller(channel).address() : null;
    channel.checkException();
    channel.finishAndReleaseAll();
    buffers.assertAllReleased();
    return new Outcome(client, HexFormat.of().formatHex(behind.toByteArray()), isOpen);
  }

  private static final class Mqtt extends ChannelInboundHandlerAdapter {
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
  }

  /** Section 2.2 of the protocol, for one who knows that the header is good. */
  private static SocketAddress named(byte[] header) throws UnknownHostException {
    ByteBuffer in = ByteBuffer.wrap(header);
    boolean isLocal = (in.get(12) & 0x0F) == 0;
    int family = in.get(13) >> 4;
    if (isLocal || family == 0) {
      return PROXY;
    }
    int length = family == 1 ? 4 : 16;
    return new InetSocketAddress(
        InetAddress.getByAddress(Arrays.copyOfRange(header, 16, 16 + length)),
        in.getShort(16 + 2 * length) & 0xFFFF);
  }
}
