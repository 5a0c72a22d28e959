package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.process.ScratchFolder;
import io.vmqtt.testkit.raw.PacketBytes;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that never come to the point, each way there is to come, and somebody beside them. */
class HostileTransportsIT {
  private static final Address WS = Address.local(FreePorts.next());
  private static final Address PACKED = Address.local(FreePorts.next());
  private static final Address TLS = Address.local(FreePorts.next());
  private static final ScratchFolder FOLDER = new ScratchFolder();
  private static final Signed SERVER = new TestAuthority("authority").sign("broker");
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final int MOST_HANDSHAKES = 50;
  private static final int CLIENTS = 200;
  private static final int SLOW_CLIENTS = 60;
  private static final int PACKET_BYTES = 1 << 20;

  /** The bound, and what each of two event loops may read before it looks at it. */
  private static final int MOST_WAITING_BYTES = (32 << 20) + 2 * (2 << 20);

  private static final int FRAGMENTS = 300_000;
  private static final int BOMBS = 300;

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
              "--connect-timeout",
              CONNECT_TIMEOUT.toSeconds() + "s",
              "--max-handshakes",
              Integer.toString(MOST_HANDSHAKES),
              "--client-memory",
              "32M",
              "--listeners",
              "ws=%s transport=ws; packed=%s transport=ws deflate=true; tls=%s transport=tls certificate=%s key=%s"
                  .formatted(
                      WS,
                      PACKED,
                      TLS,
                      SERVER.certificateTo(FOLDER.resolve("certificate.pem")),
                      SERVER.keyTo(FOLDER.resolve("key.pem"))))
          .withJavaOptions("-Xmx256m");

  private final List<Socket> sockets = new ArrayList<>();
  private @Nullable Bystander bystander;
  private @Nullable PeakMemory memory;

  /** How one can come, and how it begins there. */
  enum Way {
    TCP,
    TLS,
    WS;

    byte[] beginning() {
      return switch (this) {
        case TCP -> connect("slow");
        case TLS ->
            HexFormat.of()
                .parseHex(
                    "16030100a7010000a3030376d96c03dd15abe67780b98194f225b78dca8cd749f086ac38ab1e82");
        case WS -> request("").getBytes(StandardCharsets.US_ASCII);
      };
    }

    Address address() {
      return switch (this) {
        case TCP -> broker.mqtt();
        case TLS -> HostileTransportsIT.TLS;
        case WS -> HostileTransportsIT.WS;
      };
    }
  }

  private static byte[] connect(String name) {
    return Packets.connect(Names.client(name));
  }

  private static String request(String more) {
    return "GET /mqtt HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        + more
        + "Sec-WebSocket-Protocol: mqtt\r\n\r\n";
  }

  @BeforeEach
  void somebodyElse() throws IOException {
    memory = new PeakMemory(broker.process().pid());
    bystander = new Bystander(broker.mqtt());
  }

  @AfterEach
  void isServed() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    Objects.requireNonNull(bystander).close();
    await("what they held is let go").until(() -> metric("waiting_bytes") < 1 << 20);
    assertFalse(broker.process().describe().contains("OutOfMemoryError"));
    Objects.requireNonNull(memory).assertBounded();
  }

  @AfterAll
  static void deleteFiles() {
    FOLDER.delete();
  }

  private Socket open(Address address) throws IOException {
    Socket socket = new Socket(address.host(), address.port());
    socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    sockets.add(socket);
    return socket;
  }

  /** What the broker still says, until it ends the connection. */
  private static String untilTheEnd(Socket socket) throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (InputStream in = socket.getInputStream()) {
      in.transferTo(said);
    } catch (SocketException e) {
      // That is an end, too.
    }
    return HexFormat.of().formatHex(said.toByteArray());
  }

  @ParameterizedTest
  @EnumSource
  void handshakes_halfOpen_endInTimeAndOthersComeIn(Way way) throws IOException {
    byte[] beginning = way.beginning();
    for (int i = 0; i < CLIENTS; i++) {
      Socket socket = open(way.address());
      if (i % 2 == 0) {
        socket.getOutputStream().write(beginning, 0, beginning.length / 2);
      }
    }
    try (Bystander late = new Bystander(broker.mqtt())) {
      for (Socket socket : sockets) {
        untilTheEnd(socket);
      }
      Objects.requireNonNull(late);
    }
    assertEquals(0, metric("tls_handshakes_under_way"));
    assertTrue(
        way != Way.TLS || metric("tls_handshakes_refused_total") >= CLIENTS - MOST_HANDSHAKES,
        "those beyond --max-handshakes are closed at once");
  }

  /** Slower than anybody who means it: whatever comes, the time is over at some moment. */
  @ParameterizedTest
  @EnumSource
  void beginning_byteByByte_endsInTimeThoughSomethingComesAllTheTime(Way way) throws IOException {
    Socket socket = open(way.address());
    byte[] beginning = way.beginning();
    long from = System.nanoTime();
    int[] sent = {0};
    await("the broker closes it")
        .pollInterval(Duration.ofMillis(250))
        .atMost(CONNECT_TIMEOUT.multipliedBy(4))
        .until(() -> hasEnded(socket, beginning[sent[0]++ % (beginning.length - 1)]));
    Duration took = Duration.ofNanos(System.nanoTime() - from);
    assertTrue(took.compareTo(CONNECT_TIMEOUT.minusMillis(200)) > 0, () -> "after " + took);
    assertTrue(sent[0] < beginning.length, "it was not the end of what there was to say");
  }

  /** Sends one more byte, and looks whether the broker has ended the connection. */
  private static boolean hasEnded(Socket socket, byte next) throws IOException {
    try {
      socket.getOutputStream().write(next);
      socket.setSoTimeout(1);
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException _) {
      return false;
    } catch (SocketException _) {
      return true;
    }
  }

  /** Nearly all of a large packet each, and then a byte now and then. */
  @ParameterizedTest
  @EnumSource(names = {"TCP", "WS"})
  void publishes_halfSent_takeNoMoreThanClientMemory(Way way) throws IOException {
    byte[] publish = new PacketBytes().string("slow").noProperties().packet(0x30, PACKET_BYTES);
    byte[] half = new byte[PACKET_BYTES - 1000];
    for (int i = 0; i < SLOW_CLIENTS; i++) {
      Socket socket = open(way.address());
      if (way == Way.WS) {
        socket.getOutputStream().write(way.beginning());
        frame(socket, connect("half"));
        frame(socket, publish);
        frame(socket, half);
      } else {
        socket.getOutputStream().write(connect("half"));
        socket.getOutputStream().write(publish);
        socket.getOutputStream().write(half);
      }
    }
    await("some of them have to go").until(() -> metric("slow_clients_total") > 0);
    double waiting = metric("waiting_bytes");
    assertTrue(waiting <= MOST_WAITING_BYTES, () -> waiting + " bytes wait");
  }

  private static void frame(Socket socket, byte[] payload) throws IOException {
    frame(socket, 0x82, payload);
  }

  private static void frame(Socket socket, int first, byte[] payload) throws IOException {
    byte[] header = {
      (byte) first,
      (byte) 0xFF,
      0,
      0,
      0,
      0,
      (byte) (payload.length >> 24),
      (byte) (payload.length >> 16),
      (byte) (payload.length >> 8),
      (byte) payload.length,
      0,
      0,
      0,
      0
    };
    try {
      socket.getOutputStream().write(header);
      socket.getOutputStream().write(payload);
    } catch (SocketException _) {
      // It has been closed: that is what is waited for.
    }
  }

  /** Each continues the last, none is the end, and few have anything in them. */
  @Test
  void fragments_withoutEnd_areReadAsTheyComeAndKeepNothing() throws IOException {
    Socket socket = open(WS);
    socket.getOutputStream().write(Way.WS.beginning());
    frame(socket, connect("fragments"));
    byte[] empty = {0, (byte) 0x80, 0, 0, 0, 0};
    byte[] ping = {0, (byte) 0x82, 0, 0, 0, 0, (byte) 0xC0, 0};
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.writeBytes(new byte[] {0x02, (byte) 0x80, 0, 0, 0, 0});
    for (int i = 0; i < FRAGMENTS; i++) {
      many.writeBytes(empty);
    }
    many.writeBytes(ping);
    socket.getOutputStream().write(many.toByteArray());

    String said = read(socket, "8202d000");
    assertTrue(said.endsWith("8202d000"), said);
    assertTrue(metric("waiting_bytes") < 1 << 20, () -> metric("waiting_bytes") + " bytes wait");
  }

  /** Until the broker has said this. */
  private static String read(Socket socket, String last) throws IOException {
    StringBuilder hex = new StringBuilder();
    while (hex.indexOf(last) < 0) {
      int one = socket.getInputStream().read();
      assertTrue(one >= 0, () -> "ends after " + hex);
      hex.append("%02x".formatted(one));
    }
    return hex.toString();
  }

  /** A KiB each that becomes a MiB, and then one that would become 64. */
  @Test
  void deflate_bombs_areUnpackedInTurnsAndNoFurtherThanAPacketMayBe() throws IOException {
    Socket socket = open(PACKED);
    socket
        .getOutputStream()
        .write(
            request("Sec-WebSocket-Extensions: permessage-deflate\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    frame(socket, 0x82, connect("bomb"));
    byte[] bomb = packed(publish());
    for (int i = 0; i < BOMBS; i++) {
      frame(socket, 0xC2, bomb);
    }
    ByteArrayOutputStream several = new ByteArrayOutputStream();
    for (int i = 0; i < 64; i++) {
      several.writeBytes(publish());
    }
    frame(socket, 0xC2, packed(several.toByteArray()));

    String said = untilTheEnd(socket);
    assertTrue(said.endsWith("880203f1"), said);
  }

  /** As large as a packet may be, and all zeros. */
  private static byte[] publish() {
    byte[] body = new PacketBytes().string("bomb").noProperties().packet(0x30, PACKET_BYTES - 4);
    return Arrays.copyOf(body, PACKET_BYTES);
  }

  private static byte[] packed(byte[] message) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(message);
      byte[] out = new byte[message.length];
      int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
      return Arrays.copyOf(out, length - 4);
    } finally {
      deflater.end();
    }
  }

  /**
   * Nobody unpacks anything elsewhere: it is not agreed upon, and whoever does it all the same is
   * let go.
   */
  @Test
  void deflate_asked_isNotAgreedUponAndItsFramesAreRefused() throws IOException {
    Socket socket = open(WS);
    socket
        .getOutputStream()
        .write(
            request("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    String answer = read(socket, "0d0a0d0a");
    assertFalse(
        new String(HexFormat.of().parseHex(answer), StandardCharsets.US_ASCII)
            .contains("Extensions"));

    socket.getOutputStream().write(new byte[] {(byte) 0xC2, (byte) 0x81, 0, 0, 0, 0, 0x78});

    assertEquals("880203ea", untilTheEnd(socket));
  }

  /** The value of a metric of the gateway. */
  private static double metric(String name) {
    String start = "vmqtt_gateway_" + name + " ";
    return HttpProbe.get(broker.http(), "/prometheus")
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
        .findFirst()
        .orElseThrow();
  }
}
