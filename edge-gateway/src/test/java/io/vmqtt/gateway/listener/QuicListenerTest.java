package io.vmqtt.gateway.listener;

import static io.vmqtt.gateway.listener.QuicGateway.AUTHORITY;
import static io.vmqtt.gateway.listener.QuicGateway.PINGREQ;
import static io.vmqtt.gateway.listener.QuicGateway.PINGRESP;
import static io.vmqtt.gateway.listener.QuicGateway.SHORT;
import static io.vmqtt.gateway.listener.QuicGateway.assertConnected;
import static io.vmqtt.gateway.listener.QuicGateway.client;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.config.ConnectRates;
import io.vmqtt.gateway.quic.FirstPackets;
import io.vmqtt.testkit.net.UdpRelay;
import io.vmqtt.testkit.quic.KwikClient;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A listener with QUIC, on real sockets, with clients of kwik. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class QuicListenerTest {
  private static final String DISCONNECT = "e0 00";
  private static final String SHUTTING_DOWN = "e0028b00";

  private QuicGateway quic;

  @BeforeEach
  void prepare(@TempDir Path folder) {
    quic = new QuicGateway(folder);
  }

  @AfterEach
  void close() {
    System.clearProperty("vmqtt.quic");
    quic.close();
  }

  @Test
  void connect_firstStream_carriesMqtt() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      assertEquals(PINGRESP, client.send(PINGREQ));
      assertEquals(
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(), client.connection.getLocalAddress().getPort()),
          quic.access.credentials.getFirst().peer());
      assertNull(quic.access.credentials.getFirst().certificate());
      assertEquals(1, node.connections());
      assertEquals(1, quic.handshakes());
      assertEquals(0, quic.underWay());
      assertTrue(quic.count("vmqtt.gateway.quic.addresses.asked") >= 1);
    }
  }

  @Test
  void disconnect_byTheClient_endsStreamAndConnection() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);

      assertEquals("", client.send(DISCONNECT));

      assertEquals(1, node.connections(), "the last word is the client's, or that of time");
      client.leave();
      await().until(() -> node.connections() == 0);
    }
  }

  @Test
  void handshake_anotherProtocol_isRefused() throws IOException {
    try (GatewayNode node = quic.node()) {
      assertThrows(
          IOException.class,
          () -> KwikClient.connect(node.port("quic"), AUTHORITY, null, "h3", SHORT).close());
      await().until(() -> quic.failures("protocol") == 1 && node.connections() == 0);
      assertEquals(0, quic.underWay());
    }
  }

  @Test
  void handshake_withoutAStreamBehind_endsInTime() throws IOException {
    quic.connectTimeout = Duration.ofMillis(500);
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      await().until(() -> quic.handshakes() == 1);
      await().until(() -> node.connections() == 0);
      assertEquals(0, quic.underWay());
      assertTrue(client.connection.getServerAddress().getPort() > 0);
    }
  }

  @Test
  void handshakes_moreThanMayBe_getNoAnswer() throws IOException {
    quic.maxHandshakes = 1;
    quic.connectTimeout = Duration.ofSeconds(3);
    try (GatewayNode node = quic.node();
        // A token is got and brought back; the client's last word of the handshake is lost.
        UdpRelay relay = new UdpRelay(node.port("quic"), 2);
        KwikClient half = KwikClient.connect(relay.port(), AUTHORITY)) {
      assertTrue(half.connection.isConnected());
      assertEquals(1, quic.underWay());
      assertUnanswered(node.port("quic"));
      assertTrue(quic.registry.get("vmqtt.gateway.tls.handshakes.refused").counter().count() >= 1);

      await().until(() -> quic.underWay() == 0 && node.connections() == 0);
      assertEquals(1, quic.failures("time-out"));
    }
  }

  @Test
  void connections_moreThanMayBe_getNoAnswerUntilOneGoes() throws IOException {
    quic.maxConnections = 1;
    try (GatewayNode node = quic.node();
        KwikClient first = client(node)) {
      assertConnected(first);
      assertUnanswered(node.port("quic"));
      assertTrue(quic.count("vmqtt.gateway.connections.refused") >= 1);
      assertEquals(PINGRESP, first.send(PINGREQ));

      first.leave();
      await().until(() -> node.connections() == 0);
      try (KwikClient second = client(node)) {
        assertConnected(second);
      }
    }
  }

  @Test
  void connect_fasterThanAnAddressMay_waitsUntilItMay() throws IOException {
    quic.rates = new ConnectRates(0, 1);
    try (GatewayNode node = quic.node();
        KwikClient first = client(node)) {
      assertConnected(first);
      await()
          .until(
              () -> {
                client(node).close(); // by its second try, or its third
                return tooFast() >= 1;
              });
      assertEquals(PINGRESP, first.send(PINGREQ));
    }
  }

  private double tooFast() {
    return quic.registry
        .get("vmqtt.gateway.connections.too.fast")
        .tags("listener", "quic", "of", "address")
        .counter()
        .count();
  }

  /**
   * Whoever sends with somebody else's address has less sent to it than it sends itself, however
   * often it tries, and nothing of it is kept.
   */
  @Test
  void firstPacket_ofAnAddressThatHasNotProvedItself_isAnsweredWithLess() throws IOException {
    try (GatewayNode node = quic.node();
        FirstPackets client = new FirstPackets(node.port("quic"))) {
      for (int i = 1; i <= 20; i++) {
        client.send(client.initial(i, new byte[0], 1200));
        assertTrue(client.answer(i) < 200, "a token, and nothing else");
      }
      assertEquals(20, quic.count("vmqtt.gateway.quic.addresses.asked"));

      client.send(client.initial(30, new byte[40], 1200)); // a token that nobody has given
      client.send(client.initial(31, new byte[0], 1199)); // too small for an answer
      client.send(client.ofVersion(0x0a0a0a0a, 32, 1199)); // the same, of another version
      client.send(client.initial(33, new byte[0], 1200));
      assertTrue(client.answer(33) < 200, "there is no answer to those before");

      client.send(client.ofVersion(0x0a0a0a0a, 34, 1200));
      assertTrue(client.answer(34) < 100, "the versions that there are");
      assertEquals(0, node.connections());
      assertEquals(0, quic.underWay());
      assertEquals(
          2,
          quic.registry
              .get("vmqtt.gateway.quic.datagrams.dropped")
              .tags("listener", "quic", "reason", "small")
              .counter()
              .count());
    }
  }

  @Test
  void connect_fromABannedAddress_getsNoAnswerAndHoldsNothing() throws IOException {
    quic.bans.follow(banned("127.0.0.1"));
    try (GatewayNode node = quic.node()) {
      assertUnanswered(node.port("quic"));
      assertEquals(0, node.connections());
      assertEquals(0, quic.handshakes());
    }
  }

  /** With an identifier that its socket has not given, nothing would find its connection. */
  @Test
  void connect_withATokenAndAnIdentifierOfItsOwn_getsNoAnswerAndHoldsNothing() throws IOException {
    try (GatewayNode node = quic.node();
        FirstPackets client = new FirstPackets(node.port("quic"))) {
      client.send(client.initial(1, new byte[0], 1200));
      FirstPackets.Retry retry = client.retry(1);
      for (int i = 0; i < retry.id().length; i++) {
        byte[] other = retry.id().clone();
        other[i] ^= 1;
        client.send(client.withToken(other, 1, retry.token()));
      }
      client.send(client.initial(2, new byte[0], 1200));
      assertTrue(client.answer(2) < 200, "there is no answer to those before");
      assertEquals(0, node.connections());
      assertEquals(0, quic.failures("closed"));

      client.send(client.withToken(retry.id(), 1, retry.token())); // with no handshake in it
      await().until(() -> node.connections() == 1 || quic.failures("closed") == 1);
    }
  }

  private static void assertUnanswered(int port) {
    assertThrows(
        IOException.class, () -> KwikClient.connect(port, AUTHORITY, null, "mqtt", SHORT).close());
  }

  @Test
  void stream_halfClosedByTheClient_isTheEndOfItsConnection() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);

      client.stream().getOutputStream().close();

      await().until(() -> node.connections() == 0);
    }
  }

  @Test
  void stream_resetByTheClient_isTheEndOfItsConnection() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);

      client.stream().resetStream(7);

      await().until(() -> node.connections() == 0);
    }
  }

  /** It does not want to hear any more, but goes on asking. */
  @Test
  void stream_notReadByTheClientAnyMore_isTheEndOfItsConnection() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);

      client.stream().abortReading(7);
      client.stream().getOutputStream().write(new byte[] {(byte) 0xc0, 0});
      client.stream().getOutputStream().flush();

      await().until(() -> node.connections() == 0);
    }
  }

  @Test
  void connection_closedByTheClientBehindItsLastPacket_countsThePacketAndIsNoticedAtOnce()
      throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      client.leave();
      await().atMost(Duration.ofSeconds(2)).until(() -> node.connections() == 0);
    }
  }

  @Test
  void client_goesOnFromAnotherPort_isTheSameClient() throws IOException {
    try (GatewayNode node = quic.node();
        UdpRelay relay = new UdpRelay(node.port("quic"));
        KwikClient client = KwikClient.connect(relay.port(), AUTHORITY)) {
      assertConnected(client);
      for (int i = 1; i <= 12; i++) { // so that one comes to the socket of another event loop
        relay.move();
        assertEquals(PINGRESP, client.send(PINGREQ));
      }
      await().until(() -> quic.count("vmqtt.gateway.quic.connections.moved") >= 1);
      assertEquals(1, quic.access.credentials.size(), "nobody had to connect again");
      assertEquals(1, node.connections());
    }
  }

  /** A way of QUIC's own, to each of which belongs an identifier that the client has given. */
  @Test
  void client_withoutSpareIdentifiers_canMove31Times() throws IOException {
    try (GatewayNode node = quic.node();
        UdpRelay relay = new UdpRelay(node.port("quic"));
        KwikClient client = KwikClient.connect(relay.port(), AUTHORITY)) {
      assertConnected(client);
      for (int i = 1; i <= 31; i++) {
        relay.move();
        assertEquals(PINGRESP, client.send(PINGREQ), "after " + i);
      }
      assertEquals(1, quic.access.credentials.size(), "nobody had to connect again");
    }
  }

  @Test
  void client_goesOnFromWhereItMayNotBe_isCutOff() throws IOException {
    try (GatewayNode node = quic.node();
        UdpRelay relay = new UdpRelay(node.port("quic"));
        KwikClient client = KwikClient.connect(relay.port(), AUTHORITY)) {
      assertConnected(client);
      quic.bans.follow(banned("127.0.0.2"));
      assertEquals(PINGRESP, client.send(PINGREQ));

      relay.move(InetAddress.ofLiteral("127.0.0.2"));
      client.stream().getOutputStream().write(new byte[] {(byte) 0xc0, 0});
      client.stream().getOutputStream().flush();

      await().until(() -> node.connections() == 0);
      assertEquals(1, quic.count("vmqtt.gateway.quic.connections.moved"));
    }
  }

  @Test
  void close_theClientHearsDisconnect() throws IOException {
    GatewayNode node = quic.node();
    try (KwikClient client = client(node)) {
      assertConnected(client);
      Thread closing = Thread.ofVirtual().start(node::close);

      assertEquals(SHUTTING_DOWN, client.receive());
      assertEquals("", client.receive());

      client.leave();
      closing.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** They have one moment to go, however many listeners they came by. */
  @Test
  void close_severalListenersWhoseClientsDoNotGo_takesOneMoment() throws IOException {
    quic.others = List.of("b", "c", "d", "e");
    GatewayNode node = quic.node();
    List<KwikClient> clients = new ArrayList<>();
    for (String listener : List.of("quic", "b", "c", "d", "e")) {
      KwikClient client = KwikClient.connect(node.port(listener), AUTHORITY);
      clients.add(client);
      assertConnected(client);
    }

    assertTimeout(Duration.ofSeconds(4), node::close, "a second for all of the five");

    clients.forEach(KwikClient::leave);
  }

  @Test
  void start_portInUse_saysSo() throws IOException {
    try (DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      IOException failure =
          assertThrows(IOException.class, () -> quic.node(other.getLocalPort(), quic.tls).close());
      String start = "listener quic: cannot listen for MQTT on 127.0.0.1:" + other.getLocalPort();
      assertEquals(start, String.valueOf(failure.getMessage()).substring(0, start.length()));
    }
  }

  @Test
  void start_withoutTheNativeLibrary_saysSoInOneLine() {
    System.setProperty("vmqtt.quic", "none");
    IOException failure = assertThrows(IOException.class, () -> quic.node().close());
    assertEquals(
        "listener quic: transport=quic needs the native library of QUIC, which cannot be loaded:"
            + " -Dvmqtt.quic=none",
        failure.getMessage());
  }

  private static Bans banned(String network) {
    return new Bans(1, List.of(new Ban(Banned.of("address", network), null, "", "", null, null)));
  }
}
