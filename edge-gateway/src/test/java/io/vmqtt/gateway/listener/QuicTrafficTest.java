package io.vmqtt.gateway.listener;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.config.AccessMethods;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.config.LogConfig;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import io.vmqtt.gateway.config.TransportConfig;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.quic.NettyQuicClient;
import io.vmqtt.model.Namespace;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.testkit.net.UdpRelay;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to clients of QUIC and comes from them, with clients of Netty. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class QuicTrafficTest {
  /** Of a client with the longest keep alive that MQTT knows. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(65_535L * 3 / 2);

  /** CONNECT of MQTT 3.1.1, client identifier "a", no keep alive. */
  private static final String CONNECT = "10 0d 00 04 4d 51 54 54 04 02 00 00 00 01 61";

  private static final String CONNACK = "20020000";
  private static final String SUBSCRIBE = "82 06 00 01 00 01 74 01";
  private static final String SUBACK = "9003000101";
  private static final String PUBLISH = "30 04 00 01 75 6d";
  private static final String PINGREQ = "c0 00";
  private static final String PINGRESP = "d000";
  private static final String DISCONNECT = "e0 00";
  private static final int LARGE_BYTES = 50_000;
  private static final int MEMORY_BYTES = 400_000;
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final Signed SERVER = AUTHORITY.sign("broker");

  private final GatewayHarness harness = new GatewayHarness();
  private final FakeRouter router = harness.router();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private TlsConfig tls;
  private long lastSequence;

  @BeforeEach
  void prepare(@TempDir Path folder) {
    tls =
        new TlsConfig(
            SERVER.certificateTo(folder.resolve("certificate.pem")),
            SERVER.keyTo(folder.resolve("key.pem")),
            null,
            ClientCertificates.NONE,
            null,
            null);
  }

  @AfterEach
  void close() {
    System.clearProperty("vmqtt.transport");
    harness.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "io_uring", "nio"})
  void connect_eachKindOfSockets_isServed(String sockets) throws Exception {
    System.setProperty("vmqtt.transport", sockets);
    try (GatewayNode node = node();
        NettyQuicClient one = client(node);
        NettyQuicClient other = client(node)) {
      for (NettyQuicClient client : List.of(one, other)) {
        client.send(CONNECT);
        assertEquals(CONNACK, client.receive());
        client.send(PINGREQ);
        assertEquals(PINGRESP, client.receive());
        assertEquals(31, client.credit(), "for further streams");
        assertEquals(128 << 10, client.window(), "on all of them");
        assertTrue(client.idleTimeout().compareTo(LONGEST_SILENCE) > 0);
        assertEquals(27, client.idleTimeout().toHours());
      }
    }
  }

  @Test
  void client_leavesRightBehindItsLastPacket_thePacketCounts() throws Exception {
    try (GatewayNode node = node();
        NettyQuicClient client = client(node)) {
      client.send(CONNECT);
      assertEquals(CONNACK, client.receive());

      client.sendAndLeave(PUBLISH + DISCONNECT);

      await().until(() -> router.publishes().size() == 1);
      await().until(() -> node.connections() == 0);
    }
  }

  @Test
  void client_readsALot_hasEverythingInOrder() throws Exception {
    try (GatewayNode node = node();
        NettyQuicClient client = client(node)) {
      subscribe(client);
      StringBuilder expected = new StringBuilder();
      StringBuilder received = new StringBuilder();
      for (int i = 1; i <= 8; i++) {
        publish(i);
        // QoS 0: a header of 4 bytes, the topic, the payload.
        expected.append("30d38603000174").append("%02x".formatted(i).repeat(LARGE_BYTES));
        while (received.length() < expected.length()) {
          received.append(client.receive());
        }
      }
      assertTrue(expected.toString().contentEquals(received));
    }
  }

  @Test
  void client_doesNotRead_isLetGoBeforeItHasTooMuchOfTheMemory() throws Exception {
    try (GatewayNode node = node();
        NettyQuicClient client = client(node)) {
      subscribe(client);
      client.stopReading();

      assertLetGoInTime(node);
    }
  }

  /** What waits for it there it will never have: it has to know, and gets it when it is back. */
  @Test
  void furtherStream_endedAndNotHeardAnyMore_whileMessagesWait_isTheEndOfTheConnection()
      throws Exception {
    try (GatewayNode node = node();
        NettyQuicClient client = client(node)) {
      QuicStreamChannel further = furtherThatIsNotRead(client);

      client.endAndHearNoMore(further);

      await().atMost(30, TimeUnit.SECONDS).until(() -> node.connections() == 0);
      await().until(() -> memory() == 0);
    }
  }

  /** It says that it has said all, and does not hear what waits for it there. */
  @Test
  void furtherStream_endedAndNotRead_isLetGoBeforeItHasTooMuchOfTheMemory() throws Exception {
    try (GatewayNode node = node();
        NettyQuicClient client = client(node)) {
      QuicStreamChannel further = furtherThatIsNotRead(client);
      var _ = further.shutdownOutput().sync();

      assertLetGoInTime(node);
    }
  }

  /**
   * Somebody who has seen the identifier of a connection writes it on a packet in the name of a
   * third: the library sends there what is on its way to the client.
   */
  @Test
  void forgedPacket_inTheNameOfSomebodyElse_bringsHimNoMoreThanThreeTimesAsMuch() throws Exception {
    try (GatewayNode node = node();
        UdpRelay relay = new UdpRelay(node.port("quic"));
        NettyQuicClient client = new NettyQuicClient(relay.port(), AUTHORITY);
        DatagramChannel third = DatagramChannel.open()) {
      third.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      third.configureBlocking(false);
      subscribe(client);
      int[] forged = {0};
      await()
          .until(
              () -> {
                ByteBuffer packet = ByteBuffer.allocate(100);
                packet.put(relay.last(), 0, 21).clear();
                forged[0] +=
                    third.send(
                        packet,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port("quic")));
                send(1, new byte[10_000]);
                return unproven() > 0;
              });

      client.send(PINGREQ); // what is on its way goes back to it
      StringBuilder received = new StringBuilder();
      while (!received.toString().endsWith(PINGRESP)) {
        received.append(client.receive());
      }

      int reflected = 0;
      ByteBuffer packet = ByteBuffer.allocate(2048);
      while (third.receive(packet.clear()) != null) {
        reflected += packet.position();
      }
      assertTrue(reflected <= 3 * forged[0], reflected + " bytes for " + forged[0]);
    }
  }

  /** A stream on which the client subscribes, and hears nothing of what waits for it there. */
  private QuicStreamChannel furtherThatIsNotRead(NettyQuicClient client) throws Exception {
    client.send(CONNECT);
    assertEquals(CONNACK, client.receive());
    QuicStreamChannel further = client.further(SUBSCRIBE);
    assertEquals(SUBACK, client.receive());
    further.config().setAutoRead(false);
    await()
        .until(
            () -> {
              publishAtQos1();
              return memory() > 0;
            });
    return further;
  }

  /** Before more waits for it than may. */
  private void assertLetGoInTime(GatewayNode node) {
    await()
        .until(
            () -> {
              publishAtQos1();
              assertTrue(memory() <= MEMORY_BYTES + 2 * LARGE_BYTES, memory() + " bytes");
              return slowClients() == 1;
            });
    await().until(() -> node.connections() == 0);
    await().until(() -> memory() == 0);
  }

  private double unproven() {
    return registry
        .get("vmqtt.gateway.quic.datagrams.dropped")
        .tags("listener", "quic", "reason", "unproven")
        .counter()
        .count();
  }

  private double memory() {
    return registry.get("vmqtt.gateway.waiting.bytes").gauge().value();
  }

  private double slowClients() {
    return registry.get("vmqtt.gateway.slow.clients").functionCounter().count();
  }

  private static void subscribe(NettyQuicClient client) throws InterruptedException {
    client.send(CONNECT);
    assertEquals(CONNACK, client.receive());
    client.send(SUBSCRIBE);
    assertEquals(SUBACK, client.receive());
  }

  private void publish(int filledWith) {
    byte[] payload = new byte[LARGE_BYTES];
    Arrays.fill(payload, (byte) filledWith);
    send(0, payload);
  }

  private void publishAtQos1() {
    send(1, new byte[LARGE_BYTES]);
  }

  private void send(int qos, byte[] payload) {
    router.send(
        RouterFrame.newBuilder()
            .setPublish(
                Publish.newBuilder()
                    .setSequence(++lastSequence)
                    .setMessage(
                        Message.newBuilder()
                            .setTopic("t")
                            .setQos(qos)
                            .setPayload(ByteString.copyFrom(payload)))));
  }

  private static NettyQuicClient client(GatewayNode node) throws Exception {
    return new NettyQuicClient(node.port("quic"), AUTHORITY);
  }

  private GatewayNode node() throws IOException {
    Limits limits = new Limits(100, 100, 1000, 1 << 20, 5, 0, 1 << 20);
    GatewayConfig config =
        new GatewayConfig(
            "127.0.0.1",
            0,
            1,
            limits,
            100,
            100,
            1 << 20,
            MEMORY_BYTES,
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            LogConfig.NONE,
            AccessMethods.NONE,
            List.of(
                new ListenerConfig(
                    "quic",
                    "127.0.0.1",
                    0,
                    Namespace.NAMELESS,
                    limits,
                    0,
                    AccessMethods.NONE,
                    TransportConfig.quic(tls))));
    GatewayNode node =
        new GatewayNode(
            config,
            new FakeAccess(),
            harness.discovery,
            harness.facts,
            Channels.IN_PROCESS,
            harness.ends(new Peer("another-gateway", 9, "t")),
            registry);
    await().until(node::isReady);
    return node;
  }
}
