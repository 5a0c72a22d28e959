package io.vmqtt.gateway.listener;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.config.AccessMethods;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.GatewayOptions;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import io.vmqtt.gateway.config.TransportConfig;
import io.vmqtt.gateway.config.WebSocketConfig;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.model.Namespace;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A gateway whose listeners come, change and go while clients are there, on real sockets. */
abstract class ChangingListeners {
  /** Of MQTT 5, client identifier "a". */
  static final String CONNECT = "10 0e 00 04 4d 51 54 54 05 02 00 0a 00 00 01 61";

  /** Of MQTT 3.1.1, client identifier "b". */
  static final String CONNECT_311 = "10 0d 00 04 4d 51 54 54 04 02 00 0a 00 01 62";

  static final String PINGREQ = "c0 00";
  static final String PINGRESP = "d000";
  static final String ADMINISTRATIVE_ACTION = "e0029800";
  static final String EXPIRY = "vmqtt.gateway.tls.certificate.seconds";
  static final TestAuthority AUTHORITY = new TestAuthority("authority");
  static final Limits LIMITS = limits(1 << 20);

  final GatewayHarness harness = new GatewayHarness();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  final Logger log = (Logger) LoggerFactory.getLogger(GatewayNode.class);
  final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  final AtomicInteger lastClient = new AtomicInteger();

  @TempDir Path folder;

  @BeforeEach
  void serve() {
    var _ = harness.router();
    lines.start();
    log.addAppender(lines);
  }

  List<String> warnings() {
    return List.copyOf(lines.list).stream()
        .filter(line -> line.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @AfterEach
  void close() {
    log.detachAppender(lines);
    harness.close();
  }

  static Option<?> option(String name) {
    return GatewayOptions.all().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** What nobody comes by any more goes soon. */
  static GatewayConfig impatient() {
    return GatewayOptions.config(
        OptionValues.of(Map.of(GatewayOptions.PORT, "0", option("connect-timeout"), "100ms")));
  }

  static ListenerConfig withPasswords(Path users) {
    return with(new AccessMethods(null, null, users, false, null), TransportConfig.TCP);
  }

  static ListenerConfig with(AccessMethods methods, TransportConfig transport) {
    return new ListenerConfig(
        "plant", "127.0.0.1", 0, Namespace.NAMELESS, LIMITS, 0, methods, transport);
  }

  TlsConfig tls(String name) {
    Signed server = AUTHORITY.sign(name);
    return new TlsConfig(
        server.certificateTo(folder.resolve(name + ".pem")),
        server.keyTo(folder.resolve(name + ".key")),
        null,
        ClientCertificates.NONE,
        null,
        null);
  }

  static TransportConfig webSocket() {
    return new TransportConfig(List.of(), null, new WebSocketConfig("/mqtt", List.of()));
  }

  static ListenerConfig tcp(String name, int port) {
    return with(name, port, "", TransportConfig.TCP);
  }

  static ListenerConfig with(String name, int port, String namespace, TransportConfig transport) {
    return new ListenerConfig(
        name, "127.0.0.1", port, Namespace.of(namespace), LIMITS, 0, AccessMethods.NONE, transport);
  }

  static Limits limits(int maxPacketBytes) {
    return new Limits(10, 10, 100, 1 << 20, 5, 0, maxPacketBytes);
  }

  List<String> meters(String listener) {
    return registry.getMeters().stream()
        .filter(meter -> listener.equals(meter.getId().getTag("listener")))
        .map(meter -> meter.getId().getName())
        .toList();
  }

  double connections(String listener) {
    return registry.get("vmqtt.gateway.connections").tag("listener", listener).gauge().value();
  }

  GatewayNode node(ListenerConfig... others) throws IOException {
    return node(GatewayConfig.onPort(0).withListeners(List.of(others)));
  }

  GatewayNode node(GatewayConfig config) throws IOException {
    GatewayNode node =
        new GatewayNode(
            config.withinFileLimit(1_000, 0),
            harness.discovery,
            harness.facts,
            Channels.IN_PROCESS,
            harness.ends(new Peer("another-gateway", 9, "t")),
            registry);
    await().until(node::isReady);
    return node;
  }

  Socket connected(GatewayNode node, String listener) throws IOException {
    Socket socket = connect(node, listener);
    byte letter = (byte) ('A' + lastClient.incrementAndGet() % 26);
    String answer = send(socket, CONNECT.replace("61", HexFormat.of().toHexDigits(letter)));
    assertEquals("20", answer.substring(0, 2));
    return socket;
  }

  static Socket connect(GatewayNode node, String listener) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port(listener));
    socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    return socket;
  }

  static SSLSocket secured(GatewayNode node) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            AUTHORITY
                .client(null)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), node.port("plant"));
    socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    return socket;
  }

  static String subject(SSLSocket client) throws IOException {
    return client.getSession().getPeerPrincipal().getName();
  }

  static String send(Socket socket, String hex) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
    return receive(socket);
  }

  /** What comes next, in hexadecimal digits; empty: the end. */
  static String receive(Socket socket) throws IOException {
    byte[] answer = new byte[64];
    try {
      int length = socket.getInputStream().read(answer);
      return HexFormat.of().formatHex(answer, 0, Math.max(length, 0));
    } catch (SocketException | SSLHandshakeException _) {
      return "";
    }
  }
}
