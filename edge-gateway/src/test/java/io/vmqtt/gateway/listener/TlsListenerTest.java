package io.vmqtt.gateway.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.config.AccessMethods;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.config.LogConfig;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.CertificateFiles;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import io.vmqtt.gateway.config.TransportConfig;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.model.Namespace;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener with TLS, on real sockets, with clients of the JDK. */
class TlsListenerTest {
  /** CONNECT of MQTT 5, client identifier "a". */
  private static final String CONNECT = "10 0e 00 04 4d 51 54 54 05 02 00 0a 00 00 01 61";

  private static final String PINGREQ = "c0 00";
  private static final String PINGRESP = "d000";
  private static final String SHUTTING_DOWN = "e0028b00";
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");

  /** Of the same name: a client of the JDK shows no certificate that nobody has asked for. */
  private static final TestAuthority STRANGER = new TestAuthority("authority");

  private static final Signed SERVER = AUTHORITY.sign("broker");
  private static final Signed CLIENT = AUTHORITY.sign("client");

  private final GatewayHarness harness = new GatewayHarness();
  private final FakeAccess access = new FakeAccess();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @TempDir private Path folder;
  private Duration connectTimeout = Duration.ofSeconds(10);
  private int maxHandshakes = 100;

  @BeforeEach
  void serve() {
    var _ = harness.router();
    SERVER.certificateTo(file("certificate.pem"));
    SERVER.keyTo(file("key.pem"));
    AUTHORITY.certificateTo(file("ca.pem"));
  }

  @AfterEach
  void close() {
    System.clearProperty("vmqtt.tls");
    harness.close();
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2, best", "TLSv1.3, best", "TLSv1.2, jdk", "TLSv1.3, jdk"})
  void connect_eachVersionAndProvider_isServed(String version, String provider) throws IOException {
    System.setProperty("vmqtt.tls", provider);
    try (GatewayNode node = node(withoutClients());
        SSLSocket client = client(node, AUTHORITY.client(null))) {
      client.setEnabledProtocols(new String[] {version});

      assertEquals("20", send(client, CONNECT).substring(0, 2));
      assertEquals(version, client.getSession().getProtocol());
      assertEquals("", client.getApplicationProtocol());
      assertNull(access.credentials.getFirst().certificate());
      assertEquals(1, handshakes());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"best", "jdk"})
  void connect_applicationProtocols_mqttIsChosenAndOthersDoNotHurt(String provider)
      throws IOException {
    System.setProperty("vmqtt.tls", provider);
    try (GatewayNode node = node(withoutClients());
        SSLSocket mqtt = client(node, AUTHORITY.client(null));
        SSLSocket http = client(node, AUTHORITY.client(null))) {
      offer(mqtt, "h2", "mqtt");
      assertEquals("20", send(mqtt, CONNECT).substring(0, 2));
      assertEquals("mqtt", mqtt.getApplicationProtocol());

      offer(http, "h2");
      assertEquals("20", send(http, CONNECT).substring(0, 2));
      assertEquals("", http.getApplicationProtocol());
    }
  }

  private static void offer(SSLSocket client, String... protocols) {
    SSLParameters parameters = client.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    client.setSSLParameters(parameters);
  }

  @ParameterizedTest
  @ValueSource(strings = {"best", "jdk"})
  void clientCertificates_required_onlyGoodOnesComeIn(String provider) throws IOException {
    System.setProperty("vmqtt.tls", provider);
    Signed expired = AUTHORITY.sign("client", "localhost", Instant.now().minusSeconds(60));
    Signed revoked = AUTHORITY.sign("revoked");
    AUTHORITY.revokedTo(file("crl"), revoked);
    try (GatewayNode node = node(withClients(ClientCertificates.REQUIRED, "crl"))) {
      assertRefused(node, AUTHORITY.client(null));
      assertRefused(node, AUTHORITY.client(STRANGER.sign("client")));
      assertRefused(node, AUTHORITY.client(expired));
      assertRefused(node, AUTHORITY.client(revoked));
      await().until(() -> failures("client-certificate") == 4);
      assertEquals(List.of(), access.credentials);

      try (SSLSocket client = client(node, AUTHORITY.client(CLIENT))) {
        assertEquals("20", send(client, CONNECT).substring(0, 2));
        assertEquals(CLIENT.certificate(), access.credentials.getFirst().certificate());
        assertEquals(client.getLocalSocketAddress(), access.credentials.getFirst().peer());
      }
    }
  }

  /** Nobody knows whom the next list would have had. */
  @ParameterizedTest
  @ValueSource(strings = {"best", "jdk"})
  void clientCertificates_listOfRevokedOnesIsOutOfDate_nobodyComesInUntilThereIsANewOne(
      String provider) throws IOException {
    System.setProperty("vmqtt.tls", provider);
    AUTHORITY.outdatedListTo(file("crl"), folder);
    try (GatewayNode node = node(withClients(ClientCertificates.REQUIRED, "crl"))) {
      assertRefused(node, AUTHORITY.client(CLIENT));
      await().until(() -> failures("client-certificate") == 1);

      AUTHORITY.revokedTo(file("crl"));
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(
              () -> {
                try (SSLSocket client = client(node, AUTHORITY.client(CLIENT))) {
                  return send(client, CONNECT).startsWith("20");
                }
              });
    }
  }

  private void assertRefused(GatewayNode node, SSLContext context) throws IOException {
    try (SSLSocket client = client(node, context)) {
      assertThrows(IOException.class, () -> send(client, CONNECT));
    }
  }

  @Test
  void clientCertificates_optional_noneIsNoneAndABadOneIsRefused() throws IOException {
    try (GatewayNode node = node(withClients(ClientCertificates.OPTIONAL, null));
        SSLSocket without = client(node, AUTHORITY.client(null));
        SSLSocket with = client(node, AUTHORITY.client(CLIENT))) {
      assertEquals("20", send(without, CONNECT).substring(0, 2));
      assertNull(access.credentials.getLast().certificate());
      assertEquals("20", send(with, CONNECT).substring(0, 2));
      assertEquals(CLIENT.certificate(), access.credentials.getLast().certificate());
      assertRefused(node, AUTHORITY.client(STRANGER.sign("client")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "best, TLSv1.2, other.example, other",
    "best, TLSv1.3, other.example, other",
    "best, TLSv1.3, OTHER.example, other",
    "best, TLSv1.3, unknown.example, broker",
    "jdk, TLSv1.2, other.example, other",
    "jdk, TLSv1.3, OTHER.example, other",
    "jdk, TLSv1.3, unknown.example, broker"
  })
  void certificates_several_theOneForTheNameIsShown(
      String provider, String version, String name, String shown) throws IOException {
    System.setProperty("vmqtt.tls", provider);
    Instant end = Instant.now().plusSeconds(100_000);
    List<CertificateFiles> all =
        List.of(
            new CertificateFiles(file("certificate.pem"), file("key.pem")),
            files("other", AUTHORITY.sign("other", "other.example", end)));
    try (GatewayNode node = node(new TlsConfig(all, null, ClientCertificates.NONE, null, null));
        SSLSocket client = client(node, AUTHORITY.client(null))) {
      SSLParameters parameters = client.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(name)));
      parameters.setEndpointIdentificationAlgorithm(null);
      client.setSSLParameters(parameters);
      client.setEnabledProtocols(new String[] {version});

      assertEquals("20", send(client, CONNECT).substring(0, 2));
      assertEquals("CN=" + shown, shown(client).getSubjectX500Principal().getName());
      assertTrue(secondsLeft() <= 100_000, "until the first of them expires");
    }
  }

  private CertificateFiles files(String name, Signed signed) {
    return new CertificateFiles(
        signed.certificateTo(file(name + ".pem")), signed.keyTo(file(name + ".key")));
  }

  private double secondsLeft() {
    return registry.get("vmqtt.gateway.tls.certificate.seconds").gauge().value();
  }

  /** The header of a proxy comes before TLS. */
  @Test
  void connect_behindAProxy_theCertificateAndTheAddressAreTheClients() throws IOException {
    try (GatewayNode node =
            node(
                new TransportConfig(
                    List.of("127.0.0.0/8"), withClients(ClientCertificates.REQUIRED, null), null));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port("tls"))) {
      socket
          .getOutputStream()
          .write("PROXY TCP4 192.0.2.1 10.0.0.1 60000 8883\r\n".getBytes(US_ASCII));
      try (Socket client =
          AUTHORITY
              .client(CLIENT)
              .getSocketFactory()
              .createSocket(socket, "localhost", socket.getPort(), true)) {
        assertEquals("20", send(client, CONNECT).substring(0, 2));
        assertEquals(
            new InetSocketAddress("192.0.2.1", 60_000), access.credentials.getFirst().peer());
        assertEquals(CLIENT.certificate(), access.credentials.getFirst().certificate());
      }
    }
  }

  /** A session is taken up again with the certificate that it began with. */
  @ParameterizedTest
  @ValueSource(strings = {"best", "jdk"})
  void connect_again_theSessionIsResumedAndTheClientStillKnown(String provider) throws IOException {
    System.setProperty("vmqtt.tls", provider);
    SSLContext context = AUTHORITY.client(CLIENT);
    try (GatewayNode node = node(withClients(ClientCertificates.REQUIRED, null))) {
      long first = sessionBegan(node, context);
      assertEquals(first, sessionBegan(node, context));
      assertEquals(CLIENT.certificate(), access.credentials.getLast().certificate());
    }
  }

  /** When the session began that a connection has, in its client's eyes. */
  private static long sessionBegan(GatewayNode node, SSLContext context) throws IOException {
    try (SSLSocket client = client(node, context)) {
      client.setEnabledProtocols(new String[] {"TLSv1.2"}); // in 1.3 it is a copy that begins anew
      assertEquals("20", send(client, CONNECT).substring(0, 2));
      return client.getSession().getCreationTime();
    }
  }

  @Test
  void client_doesNotBelieveTheCertificate_isCounted() throws IOException {
    try (GatewayNode node = node(withoutClients())) {
      assertRefused(node, STRANGER.client(null));
      await().until(() -> failures("refused-by-client") == 1);
    }
  }

  @Test
  void handshake_somethingElse_endsAndIsCounted() throws IOException {
    try (GatewayNode node = node(withoutClients());
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), node.port("tls"));
        Socket gone = new Socket(InetAddress.getLoopbackAddress(), node.port("tls"))) {
      plain.getOutputStream().write(HexFormat.of().parseHex(CONNECT.replace(" ", "")));
      plain.getInputStream().readAllBytes();
      await().until(() -> failures("not-tls") == 1);

      gone.shutdownOutput();
      await().until(() -> failures("closed") == 1);
      await().until(() -> underWay() == 0 && node.connections() == 0);
    }
  }

  @Test
  void handshake_silence_endsInTime() throws IOException {
    connectTimeout = Duration.ofMillis(200);
    try (GatewayNode node = node(withoutClients());
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), node.port("tls"))) {
      assertEquals(0, silent.getInputStream().readAllBytes().length);
      assertEquals(1, failures("time-out"));
      await().until(() -> underWay() == 0);
    }
  }

  @Test
  void handshakes_moreThanMayBe_areClosedAndCounted() throws IOException {
    maxHandshakes = 1;
    try (GatewayNode node = node(withoutClients());
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), node.port("tls"))) {
      await().until(() -> underWay() == 1);
      try (Socket second = new Socket(InetAddress.getLoopbackAddress(), node.port("tls"))) {
        assertEquals(-1, second.getInputStream().read());
      }
      assertEquals(1, registry.get("vmqtt.gateway.tls.handshakes.refused").counter().count());

      silent.shutdownOutput();
      await().until(() -> underWay() == 0);
      try (SSLSocket client = client(node, AUTHORITY.client(null))) {
        assertEquals("20", send(client, CONNECT).substring(0, 2));
        assertEquals(0, underWay(), "a connection is no handshake");
      }
    }
  }

  @Test
  void files_newOnes_areShownAndConnectionsStay() throws IOException {
    Signed next = AUTHORITY.sign("next");
    try (GatewayNode node = node(withoutClients());
        SSLSocket before = client(node, AUTHORITY.client(null))) {
      assertEquals("20", send(before, CONNECT).substring(0, 2));
      assertEquals(SERVER.certificate(), shown(before));

      next.keyTo(file("key.pem"));
      next.certificateTo(file("certificate.pem"));
      await().until(() -> next.certificate().equals(shownToANewOne(node)));

      assertEquals(PINGRESP, send(before, PINGREQ));
      assertEquals(SERVER.certificate(), shown(before));
    }
  }

  private static X509Certificate shownToANewOne(GatewayNode node) throws IOException {
    try (SSLSocket client = client(node, AUTHORITY.client(null))) {
      return shown(client);
    }
  }

  private static X509Certificate shown(SSLSocket client) throws IOException {
    return (X509Certificate) client.getSession().getPeerCertificates()[0];
  }

  @Test
  void close_theClientHearsDisconnect() throws IOException {
    GatewayNode node = node(withoutClients());
    try (SSLSocket client = client(node, AUTHORITY.client(null))) {
      assertEquals("20", send(client, CONNECT).substring(0, 2));

      node.close();

      byte[] rest = client.getInputStream().readAllBytes();
      assertEquals(SHUTTING_DOWN, HexFormat.of().formatHex(rest));
    }
  }

  @Test
  void start_withoutItsFiles_saysWhichListenerAndFile() throws IOException {
    Files.delete(file("key.pem"));
    IOException failure = assertThrows(IOException.class, () -> node(withoutClients()).close());
    assertEquals(
        "listener tls: " + file("key.pem") + ": there is no such file", failure.getMessage());
  }

  @Test
  void plainListener_beside_hasNoTls() throws IOException {
    try (GatewayNode node = node(withoutClients());
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      assertEquals("20", send(plain, CONNECT).substring(0, 2));
      assertThrows(SSLException.class, () -> shownToANewOneAt(node.port()));
      assertTrue(handshakes() == 0);
    }
  }

  private static void shownToANewOneAt(int port) throws IOException {
    try (SSLSocket client = client(port, AUTHORITY.client(null))) {
      client.startHandshake();
    }
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private TlsConfig withoutClients() {
    return new TlsConfig(
        file("certificate.pem"), file("key.pem"), null, ClientCertificates.NONE, null, null);
  }

  private TlsConfig withClients(ClientCertificates asked, @Nullable String crl) {
    return new TlsConfig(
        file("certificate.pem"),
        file("key.pem"),
        null,
        asked,
        file("ca.pem"),
        crl == null ? null : file(crl));
  }

  private double handshakes() {
    return registry.get("vmqtt.gateway.tls.handshakes").tag("listener", "tls").counter().count();
  }

  private double failures(String reason) {
    return registry
        .get("vmqtt.gateway.tls.handshakes.failed")
        .tag("listener", "tls")
        .tag("reason", reason)
        .counter()
        .count();
  }

  private double underWay() {
    return registry.get("vmqtt.gateway.tls.handshakes.under.way").gauge().value();
  }

  private GatewayNode node(TlsConfig tls) throws IOException {
    return node(TransportConfig.of(tls));
  }

  private GatewayNode node(TransportConfig transport) throws IOException {
    Limits limits = new Limits(10, 10, 100, 1 << 20, 5, 0, 1 << 20);
    GatewayConfig config =
        new GatewayConfig(
            "127.0.0.1",
            0,
            1,
            limits,
            100,
            maxHandshakes,
            1 << 20,
            1 << 20,
            connectTimeout,
            Duration.ofSeconds(3),
            LogConfig.NONE,
            AccessMethods.NONE,
            List.of(
                new ListenerConfig(
                    "tls",
                    "127.0.0.1",
                    0,
                    Namespace.NAMELESS,
                    limits,
                    0,
                    AccessMethods.NONE,
                    transport)));
    GatewayNode node =
        new GatewayNode(
            config,
            access,
            harness.discovery,
            harness.facts,
            Channels.IN_PROCESS,
            harness.ends(new Peer("another-gateway", 9, "t")),
            registry);
    await().until(node::isReady);
    return node;
  }

  private static SSLSocket client(GatewayNode node, SSLContext context) throws IOException {
    return client(node.port("tls"), context);
  }

  private static SSLSocket client(int port, SSLContext context) throws IOException {
    SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
    client.setSoTimeout(10_000);
    SSLParameters parameters = client.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    client.setSSLParameters(parameters);
    return client;
  }

  /** Sends a packet, and returns the answer in hexadecimal digits. */
  private static String send(Socket socket, String hex) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
    byte[] answer = new byte[64];
    int length = socket.getInputStream().read(answer);
    return HexFormat.of().formatHex(answer, 0, Math.max(length, 0));
  }
}
