package io.vmqtt.gateway.listener;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.bans.Guard;
import io.vmqtt.gateway.access.bans.HoldOffs;
import io.vmqtt.gateway.access.bans.LiveBans;
import io.vmqtt.gateway.access.rules.LiveRules;
import io.vmqtt.gateway.config.AccessMethods;
import io.vmqtt.gateway.config.ConnectRates;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.config.LogConfig;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import io.vmqtt.gateway.config.TransportConfig;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.ProtocolLevel;
import io.vmqtt.model.Namespace;
import io.vmqtt.testkit.quic.KwikClient;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A gateway whose listener {@code quic} speaks QUIC, and what a test has to say about it. */
final class QuicGateway implements AutoCloseable {
  static final Limits LIMITS = new Limits(10, 10, 100, 1 << 20, 5, 0, 1 << 20);
  static final TestAuthority AUTHORITY = new TestAuthority("authority");
  static final Signed SERVER = AUTHORITY.sign("broker");

  /** CONNECT of MQTT 5, client identifier "a". */
  static final String CONNECT = "10 0e 00 04 4d 51 54 54 05 02 00 0a 00 00 01 61";

  static final String PINGREQ = "c0 00";
  static final String PINGRESP = "d000";
  static final Duration SHORT = Duration.ofMillis(1_500);

  final FakeAccess access = new FakeAccess();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final LiveBans bans = LiveBans.none();
  final TlsConfig tls;
  Duration connectTimeout = Duration.ofSeconds(10);
  int maxHandshakes = 100;
  int maxConnections = 0;
  ConnectRates rates = ConnectRates.UNBOUNDED;
  List<String> others = List.of();
  private final GatewayHarness harness = new GatewayHarness();
  final FakeRouter router = harness.router();
  private final Path folder;

  /** One that does not run yet, with files in a folder. */
  QuicGateway(Path folder) {
    this.folder = folder;
    tls =
        new TlsConfig(
            SERVER.certificateTo(file("certificate.pem")),
            SERVER.keyTo(file("key.pem")),
            null,
            ClientCertificates.NONE,
            null,
            null);
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  double handshakes() {
    return count("vmqtt.gateway.tls.handshakes");
  }

  double failures(String reason) {
    return registry
        .get("vmqtt.gateway.tls.handshakes.failed")
        .tag("listener", "quic")
        .tag("reason", reason)
        .counter()
        .count();
  }

  double underWay() {
    return registry.get("vmqtt.gateway.tls.handshakes.under.way").gauge().value();
  }

  double count(String name) {
    return registry.get(name).tag("listener", "quic").counter().count();
  }

  /** Runs it on any free port. */
  GatewayNode node() throws IOException {
    return node(0, tls);
  }

  /** Runs it. */
  GatewayNode node(int port, TlsConfig tls) throws IOException {
    GatewayConfig config =
        new GatewayConfig(
            "127.0.0.1",
            0,
            2,
            LIMITS,
            100,
            maxHandshakes,
            1 << 20,
            1 << 20,
            connectTimeout,
            Duration.ofSeconds(3),
            LogConfig.NONE,
            AccessMethods.NONE,
            Stream.concat(
                    Stream.of(listener(port, Namespace.NAMELESS, tls)),
                    others.stream().map(name -> listener(name, 0, Namespace.NAMELESS, tls)))
                .toList());
    GatewayNode node =
        new GatewayNode(
            config,
            access,
            LiveRules.none(),
            new Guard(bans, HoldOffs.never()),
            harness.discovery,
            harness.facts,
            Channels.IN_PROCESS,
            harness.ends(new Peer("another-gateway", 9, "t")),
            registry);
    await().until(node::isReady);
    return node;
  }

  /** The listener otherwise. */
  ListenerConfig listener(int port, Namespace namespace, TlsConfig tls) {
    return listener("quic", port, namespace, tls);
  }

  private ListenerConfig listener(String name, int port, Namespace namespace, TlsConfig tls) {
    return new ListenerConfig(
        name,
        "127.0.0.1",
        port,
        namespace,
        LIMITS,
        maxConnections,
        AccessMethods.NONE,
        TransportConfig.quic(tls),
        ProtocolLevel.ALL,
        rates);
  }

  static KwikClient client(GatewayNode node) throws IOException {
    return KwikClient.connect(node.port("quic"), AUTHORITY);
  }

  static void assertConnected(KwikClient client) throws IOException {
    assertEquals("20", client.send(CONNECT).substring(0, 2));
  }

  @Override
  public void close() {
    harness.close();
  }
}
