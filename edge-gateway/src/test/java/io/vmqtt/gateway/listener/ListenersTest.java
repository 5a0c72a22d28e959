package io.vmqtt.gateway.listener;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.bans.Guard;
import io.vmqtt.gateway.access.bans.HoldOffs;
import io.vmqtt.gateway.access.bans.LiveBans;
import io.vmqtt.gateway.access.rules.LiveRules;
import io.vmqtt.gateway.config.AccessMethods;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.config.LogConfig;
import io.vmqtt.gateway.config.TransportConfig;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.ProtocolLevel;
import io.vmqtt.gateway.connection.TopicLimits;
import io.vmqtt.model.Namespace;
import io.vmqtt.testkit.net.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several listeners of one gateway, on real sockets. */
class ListenersTest {
  /** CONNECT of MQTT 5, client identifier "a", with a user property: 24 bytes behind the length. */
  private static final String CONNECT =
      "10 18 00 04 4d 51 54 54 05 02 00 0a 0a 26 00 03 61 62 63 00 02 64 65 00 01 61";

  private final GatewayHarness harness = new GatewayHarness();
  private final FakeAccess access = new FakeAccess();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LiveBans bans = LiveBans.none();

  @BeforeEach
  void serve() {
    var _ = harness.router();
  }

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void connect_atEachListener_itsNamespaceAndItsLimits() throws IOException {
    ListenerConfig small = listener("small", 0, "tenant", limits(20), 0);
    try (GatewayNode node = node(small);
        Socket atDefault = connect(node, "default");
        Socket atSmall = connect(node, "small")) {
      assertEquals("20", send(atDefault, CONNECT).substring(0, 2));
      assertEquals(
          List.of(Namespace.NAMELESS),
          access.credentials.stream().map(Credentials::namespace).toList());

      assertEquals("", send(atSmall, CONNECT), "the packet is too large there");

      try (Socket again = connect(node, "small")) {
        String answer = send(again, "10 0e 00 04 4d 51 54 54 05 02 00 0a 00 00 01 62");
        assertEquals("20", answer.substring(0, 2));
        assertEquals(Namespace.of("tenant"), access.credentials.getLast().namespace());
      }
    }
  }

  @Test
  void connections_moreThanAListenerMayHave_areClosedAndCountedThere() throws IOException {
    ListenerConfig small = listener("small", 0, "", limits(1 << 20), 1);
    try (GatewayNode node = node(small);
        Socket first = connect(node, "small");
        Socket second = connect(node, "small");
        Socket atDefault = connect(node, "default")) {
      assertEquals(-1, second.getInputStream().read());

      assertEquals("20", send(first, CONNECT).substring(0, 2));
      assertEquals("20", send(atDefault, CONNECT).substring(0, 2));
      assertEquals(1, refused("small"));
      assertEquals(0, refused("default"));
      assertEquals(1, decisions("quota_exceeded"), "and the audit has it");
      await().until(() -> connections("small") == 1);
      assertEquals(1, connections("default"));
      assertEquals(2, node.connections());
    }
    await().until(() -> connections("small") == 0);
  }

  /** Each of them is told by what the client hears. */
  @Test
  void limits_ofAListener_holdThereAlone() throws IOException {
    Limits tight = new Limits(10, 10, 100, 1 << 20, 5, 7, 100, new TopicLimits(2, 5, 2, 1));
    String threeLevels = "32 0a 00 05 61 2f 62 2f 63 00 01 00";
    String sixBytes = "32 0b 00 06 61 62 63 64 65 66 00 02 00";
    String twoFilters = "82 0b 00 03 00 00 01 61 00 00 01 62 00";
    String tooLarge = "30 65 00 01 61 00" + " 78".repeat(97);
    try (GatewayNode node = node(listener("tight", 0, "", tight, 0));
        Socket there = connect(node, "tight");
        Socket atDefault = connect(node, "default")) {
      String agreed = send(there, CONNECT);
      assertTrue(agreed.contains("130007"), agreed); // Server Keep Alive
      assertTrue(agreed.contains("2700000064"), agreed); // Maximum Packet Size
      assertTrue(agreed.contains("21000a"), agreed); // Receive Maximum
      assertEquals("4003000190", send(there, threeLevels));
      assertEquals("4003000290", send(there, sixBytes));
      assertEquals("90050003000097", send(there, twoFilters));
      assertEquals("e0029500", send(there, tooLarge));

      String elsewhere = send(atDefault, CONNECT.replace("61 62 63", "61 62 64"));
      assertFalse(elsewhere.contains("130007"), elsewhere);
      assertEquals("40020001", send(atDefault, threeLevels));
      assertEquals("40020002", send(atDefault, sixBytes));
      assertEquals("90050003000000", send(atDefault, twoFilters));
    }
  }

  @Test
  void connect_versionsThatAListenerDoesNotTake_areToldSo() throws IOException {
    ListenerConfig only5 = listener("only5", Set.of(ProtocolLevel.MQTT_5));
    ListenerConfig others =
        listener("others", EnumSet.complementOf(EnumSet.of(ProtocolLevel.MQTT_5)));
    String connect311 = "10 0d 00 04 4d 51 54 54 04 02 00 0a 00 01 61";
    String connect31 = "10 0f 00 06 4d 51 49 73 64 70 03 02 00 0a 00 01 61";
    try (GatewayNode node = node(only5, others)) {
      assertEquals("20020001", answer(node, "only5", connect31));
      assertEquals("20020001", answer(node, "only5", connect311));
      assertEquals("20", answer(node, "only5", CONNECT).substring(0, 2));
      assertEquals("20020000", answer(node, "others", connect31));
      assertEquals("20020000", answer(node, "others", connect311));
      assertEquals("2003008400", answer(node, "others", CONNECT));
      assertEquals("20020000", answer(node, "default", connect31));
    }
  }

  @Test
  void connections_ofABannedAddress_areClosedBeforeAnythingIsAsked() throws IOException {
    try (GatewayNode node = node();
        Socket there = connect(node, "default")) {
      assertEquals("20", send(there, CONNECT).substring(0, 2));

      bans.follow(new Bans(1, List.of(ban("127.0.0.0/8"))));

      assertEquals("e0028a00", send(there, ""), "it was there before");
      try (Socket client = connect(node, "default")) {
        assertEquals(-1, client.getInputStream().read());
      }
      assertEquals(1, access.credentials.size());
      assertEquals(2, registry.get("vmqtt.gateway.banned").functionCounter().count());
      assertEquals(1, registry.get("vmqtt.gateway.bans").gauge().value());

      bans.follow(new Bans(2, List.of(ban("192.0.2.0/24"))));

      assertEquals("20", answer(node, "default", CONNECT).substring(0, 2));
    }
  }

  private static Ban ban(String network) {
    return new Ban(Banned.of("address", network), null, "", "", null, null);
  }

  private static ListenerConfig listener(String name, Set<ProtocolLevel> levels) {
    return new ListenerConfig(
        name,
        "127.0.0.1",
        0,
        Namespace.NAMELESS,
        limits(1 << 20),
        0,
        AccessMethods.NONE,
        TransportConfig.TCP,
        levels);
  }

  private static String answer(GatewayNode node, String listener, String connect)
      throws IOException {
    try (Socket client = connect(node, listener)) {
      return send(client, connect);
    }
  }

  @Test
  void open_portOfOneInUse_saysWhichAndFreesTheOthers() throws IOException {
    int defaultPort = FreePorts.next();
    try (ServerSocket taken = new ServerSocket(0)) {
      ListenerConfig second = listener("second", taken.getLocalPort(), "", limits(1 << 20), 0);

      IOException failure =
          assertThrows(IOException.class, () -> node(defaultPort, second).close());

      String message = String.valueOf(failure.getMessage());
      assertTrue(
          message.startsWith(
              "listener second: cannot listen for MQTT on 127.0.0.1:" + taken.getLocalPort()),
          message);
      assertEquals(1, message.lines().count());
      try (ServerSocket again = new ServerSocket(defaultPort)) {
        assertEquals(defaultPort, again.getLocalPort());
      }
    }
  }

  private double refused(String listener) {
    return registry
        .get("vmqtt.gateway.connections.refused")
        .tag("listener", listener)
        .counter()
        .count();
  }

  private double decisions(String reason) {
    return registry
        .get("vmqtt.gateway.access.decisions")
        .tags("event", "connect", "reason", reason)
        .counter()
        .count();
  }

  private double connections(String listener) {
    return registry.get("vmqtt.gateway.connections").tag("listener", listener).gauge().value();
  }

  private GatewayNode node(ListenerConfig... others) throws IOException {
    GatewayNode node = node(0, others);
    await().until(node::isReady);
    return node;
  }

  private GatewayNode node(int port, ListenerConfig... others) throws IOException {
    GatewayConfig config =
        new GatewayConfig(
            "127.0.0.1",
            port,
            1,
            limits(1 << 20),
            100,
            100,
            1 << 20,
            1 << 20,
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            LogConfig.NONE,
            AccessMethods.NONE,
            List.of(others));
    return new GatewayNode(
        config,
        access,
        LiveRules.none(),
        new Guard(bans, HoldOffs.never()),
        harness.discovery,
        harness.facts,
        Channels.IN_PROCESS,
        harness.ends(new Peer("another-gateway", 9, "t")),
        registry);
  }

  private static ListenerConfig listener(
      String name, int port, String namespace, Limits limits, int maxConnections) {
    return new ListenerConfig(
        name, "127.0.0.1", port, Namespace.of(namespace), limits, maxConnections);
  }

  private static Limits limits(int maxPacketBytes) {
    return new Limits(10, 10, 100, 1 << 20, 5, 0, maxPacketBytes);
  }

  private static Socket connect(GatewayNode node, String listener) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), node.port(listener));
  }

  /** Sends a packet, and returns the answer in hexadecimal digits. */
  private static String send(Socket socket, String hex) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
    byte[] answer = new byte[64];
    int length = socket.getInputStream().read(answer);
    return HexFormat.of().formatHex(answer, 0, Math.max(length, 0));
  }
}
