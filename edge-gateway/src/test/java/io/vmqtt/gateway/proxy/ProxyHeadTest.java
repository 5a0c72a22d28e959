package io.vmqtt.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vmqtt.gateway.memory.ClientMemory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What proxies say of their clients, and who is believed. */
class ProxyHeadTest {
  private static final String MQTT = "c000";
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String V2_IPV4 =
      SIGNATURE + "2111000c" + "c0000201" + "0a000001" + "ea60075b";
  private static final String V2_IPV6 =
      SIGNATURE
          + "21210024"
          + "20010db8000000000000000000000001"
          + "20010db8000000000000000000000002"
          + "ea60075b";

  /** With a TLV that nobody asks for. */
  private static final String V2_MORE =
      SIGNATURE + "21110011" + "c0000201" + "0a000001" + "ea60075b" + "0500021234";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ProxyHead head =
      new ProxyHead("plant", List.of("10.0.0.0/8", "fd00::/8"), Duration.ofSeconds(10), registry);

  private final class Connection implements AutoCloseable {
    final EmbeddedChannel channel;
    final StringBuilder mqtt = new StringBuilder();
    boolean isActive;

    Connection(String from) {
      channel =
          new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
              return new InetSocketAddress(from, 4711);
            }
          };
      head.install(
          channel.pipeline(),
          new ClientMemory(1 << 20, 1).ofLoop(0),
          () -> channel.pipeline().addLast(new Recorder()));
    }

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
    }

    Connection send(String hex) {
      channel.writeInbound(Unpooled.copiedBuffer(HexFormat.of().parseHex(hex)));
      return this;
    }

    String client() {
      InetSocketAddress address = (InetSocketAddress) head.caller(channel).address();
      return address == null
          ? "none"
          : address.getAddress().getHostAddress() + " " + address.getPort();
    }

    @Override
    public void close() {
      channel.finishAndReleaseAll();
    }
  }

  private static String ascii(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String v1(String rest) {
    return ascii("PROXY " + rest + "\r\n");
  }

  @Test
  void header_splitAtEveryByte_itsAddressIsTheClients() {
    assertAddress("192.0.2.1 60000", v1("TCP4 192.0.2.1 10.0.0.1 60000 1883"));
    assertAddress("2001:db8:0:0:0:0:0:1 60000", v1("TCP6 2001:db8::1 2001:db8::2 60000 1883"));
    assertAddress("192.0.2.1 60000", V2_IPV4);
    assertAddress("2001:db8:0:0:0:0:0:1 60000", V2_IPV6);
    assertAddress("192.0.2.1 60000", V2_MORE);
  }

  private void assertAddress(String address, String header) {
    String all = header + MQTT;
    for (int at = 0; at <= all.length(); at += 2) {
      try (Connection connection = new Connection("10.1.2.3")) {
        connection.send(all.substring(0, at)).send(all.substring(at));
        assertEquals(address, connection.client());
        assertEquals(MQTT, connection.mqtt.toString());
        assertTrue(connection.isActive);
      }
    }
  }

  @Test
  void header_certificateThatTheProxyFoundGood_itsCommonNameIsKnown() {
    assertEquals("pump-7", nameBy(tls("05", "00000000", name("pump-7"))));
    assertEquals(
        "pump-7", nameBy(tls("07", "00000000", "210007" + ascii("TLSv1.3") + name("pump-7"))));
    assertEquals("pump-7", nameBy(tls("03", "00000000", name("pump-7")) + "0500021234"));
    assertEquals("\u00fc", nameBy(tls("07", "00000000", "220002c3bc")));
  }

  /** Whatever is in doubt is nobody. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "not verified",
        "no certificate",
        "no TLS",
        "two names",
        "twice",
        "no text",
        "empty",
        "NUL"
      })
  void header_certificateThatProvesNothing_thereIsNoName(String kind) {
    String good = tls("07", "00000000", name("pump-7"));
    assertNull(
        nameBy(
            switch (kind) {
              case "not verified" -> tls("07", "00000001", name("pump-7"));
              case "no certificate" -> tls("01", "00000000", name("pump-7"));
              case "no TLS" -> tls("06", "00000000", name("pump-7"));
              case "two names" -> tls("07", "00000000", name("pump-7") + name("pump-8"));
              case "twice" -> good + good;
              case "no text" -> tls("07", "00000000", "220002c328");
              case "empty" -> tls("07", "00000000", name(""));
              default -> tls("07", "00000000", "22000100");
            }));
  }

  @Test
  void header_certificateFromElsewhere_thereIsNoName() {
    try (Connection connection =
        new Connection("192.0.2.7").send(v2(tls("07", "00000000", name("pump-7"))))) {
      assertNull(head.caller(connection.channel).proxied());
    }
  }

  /** What is known of whoever comes with that in a header. */
  private @Nullable String nameBy(String more) {
    try (Connection connection = new Connection("10.1.2.3").send(v2(more))) {
      assertEquals("192.0.2.1 60000", connection.client());
      return head.caller(connection.channel).proxied();
    }
  }

  private static String v2(String more) {
    return SIGNATURE
        + "2111%04x".formatted(12 + more.length() / 2)
        + "c0000201"
        + "0a000001"
        + "ea60075b"
        + more;
  }

  private static String tls(String client, String verify, String inner) {
    return "20%04x".formatted(5 + inner.length() / 2) + client + verify + inner;
  }

  private static String name(String commonName) {
    return "22%04x".formatted(commonName.length()) + ascii(commonName);
  }

  /** A proxy that looks whether somebody is there speaks for itself. */
  @ParameterizedTest
  @ValueSource(strings = {"unknown", "local"})
  void header_withoutAnAddress_theProxyIsTheClient(String kind) {
    String header = kind.equals("local") ? SIGNATURE + "20000000" : v1("UNKNOWN");
    try (Connection connection = new Connection("fd00::1").send(header + MQTT)) {
      assertEquals("fd00:0:0:0:0:0:0:1 4711", connection.client());
      assertEquals(MQTT, connection.mqtt.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.7", "11.0.0.1", "2001:db8::7"})
  void header_fromElsewhere_isNotBelieved(String from) {
    String header = v1("TCP4 192.0.2.1 10.0.0.1 60000 1883");
    try (Connection connection = new Connection(from).send(header)) {
      assertEquals(header, connection.mqtt.toString(), "it is for those to judge who speak MQTT");
      assertTrue(connection.client().endsWith(" 4711"));
    }
  }

  @Test
  void header_thatIsNone_endsAndIsCounted() {
    List<String> wrong =
        List.of(
            "10" + "00".repeat(120), // a CONNECT, for example
            ascii("GET / HTTP/1.1\r\n"),
            v1("TCP4 host 10.0.0.1 1 2"),
            v1("TCP4 192.0.2.1 10.0.0.1 99999 1883"),
            ascii("PROXY " + "x".repeat(200)),
            SIGNATURE + "3111000c" + "00".repeat(12),
            SIGNATURE + "21110001" + "00",
            SIGNATURE + "2111ffff" + "00".repeat(3_000));
    for (String header : wrong) {
      try (Connection connection = new Connection("10.1.2.3").send(header)) {
        assertFalse(connection.channel.isOpen(), header);
        assertEquals("", connection.mqtt.toString());
      }
    }
    assertEquals(wrong.size(), refused());
  }

  /** What it had taken out of it before, Netty would keep, with the buffer around it. */
  @Test
  void header_brokenBehindAGoodPart_keepsNothing() {
    ByteBuf header =
        Unpooled.buffer()
            .writeBytes(
                HexFormat.of()
                    .parseHex(
                        SIGNATURE
                            + "21110018"
                            + "c0000201"
                            + "0a000001"
                            + "ea60075b"
                            + "0100046d717474" // a part that is good, and one that is not there
                            + "0100ff0000"));
    try (Connection connection = new Connection("10.1.2.3")) {
      connection.channel.writeInbound(header);
      assertFalse(connection.channel.isOpen());
    }
    assertEquals(0, header.refCnt());
  }

  @Test
  void header_behindOneThatIsNone_isNotRead() {
    try (Connection connection = new Connection("10.1.2.3")) {
      connection.send(ascii("PROXY NONSENSE\r\n") + v1("TCP4 192.0.2.1 10.0.0.1 60000 1883"));

      assertFalse(connection.channel.isOpen());
      assertFalse(connection.isActive, "nobody comes behind the end");
    }
    assertEquals(1, refused());
  }

  @Test
  void silence_endsInTime() {
    try (Connection connection = new Connection("10.1.2.3");
        Connection good = new Connection("10.1.2.3").send(V2_IPV4)) {
      connection.channel.freezeTime();
      good.channel.freezeTime();
      connection.channel.advanceTimeBy(11, TimeUnit.SECONDS);
      good.channel.advanceTimeBy(11, TimeUnit.SECONDS);
      connection.channel.runScheduledPendingTasks();
      good.channel.runScheduledPendingTasks();

      assertFalse(connection.channel.isOpen());
      assertTrue(good.channel.isOpen());
      assertEquals(1, refused());
    }
  }

  private double refused() {
    return registry
        .get("vmqtt.gateway.proxy.headers.refused")
        .tag("listener", "plant")
        .counter()
        .count();
  }
}
