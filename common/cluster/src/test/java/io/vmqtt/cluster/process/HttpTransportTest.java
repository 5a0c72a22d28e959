package io.vmqtt.cluster.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.vmqtt.cluster.identity.Doorstep;
import io.vmqtt.cluster.identity.SaidRefusals;
import io.vmqtt.testkit.net.SilentCallers;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A Micronaut process whose HTTP port speaks TLS, and those who ask it. */
class HttpTransportTest {
  private static final TestAuthority OURS = new TestAuthority("ours");

  /** Of the same name, so that clients show what it has signed. */
  private static final TestAuthority THEIRS = new TestAuthority("ours");

  /** Files are looked at every few seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @RegisterExtension final SaidRefusals said = new SaidRefusals();
  private final List<AutoCloseable> open = new ArrayList<>();
  @TempDir private Path folder;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private Signed show() {
    Signed shown = OURS.sign("process");
    shown.keyTo(folder.resolve("http.key"));
    shown.certificateTo(folder.resolve("http.pem"));
    return shown;
  }

  private EmbeddedServer start(String tls) {
    show();
    Map<String, Object> properties = new HashMap<>();
    properties.put("test.node-id", "gw-1");
    properties.put("micronaut.server.port", -1);
    properties.put("vmqtt.http-tls", tls);
    properties.put("vmqtt.http-certificate", folder.resolve("http.pem").toString());
    properties.put("vmqtt.http-key", folder.resolve("http.key").toString());
    if (tls.equals("MUTUAL")) {
      properties.put("vmqtt.http-ca", OURS.certificateTo(folder.resolve("ca.pem")).toString());
    }
    EmbeddedServer server = ApplicationContext.run(EmbeddedServer.class, properties);
    open.add(server);
    return server;
  }

  private int get(EmbeddedServer server, String scheme, SSLContext tls)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
      URI health = URI.create(scheme + "://127.0.0.1:" + server.getPort() + "/node/status");
      return client
          .send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  /** Who serves, to somebody who shows nothing. */
  private static BigInteger serial(EmbeddedServer server) throws IOException {
    try (SSLSocket socket = connect(server, null)) {
      return serial(socket);
    }
  }

  private static BigInteger serial(SSLSocket socket) throws IOException {
    return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
  }

  private static SSLSocket connect(EmbeddedServer server, @Nullable Signed shown)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            OURS.client(shown).getSocketFactory().createSocket("127.0.0.1", server.getPort());
    socket.startHandshake();
    return socket;
  }

  @Test
  void get_tls_isAnsweredAndClearTextIsNot() throws Exception {
    EmbeddedServer server = start("SERVER");

    assertEquals(200, get(server, "https", OURS.client(null)));
    assertEquals(List.of(), said.lines());
    assertThrows(IOException.class, () -> get(server, "http", OURS.client(null)));
    said.awaitLine(
        "refuses the caller of HTTP at 127.0.0.1: TLS was expected, one without TLS came");
  }

  @Test
  void get_certificateWanted_onlyWhoHasAGoodOneIsAnswered() throws Exception {
    EmbeddedServer server = start("MUTUAL");
    String expected = "a certificate that " + folder.resolve("ca.pem") + " has signed";

    assertEquals(200, get(server, "https", OURS.client(OURS.sign("watcher"))));
    assertEquals(List.of(), said.lines());

    assertThrows(IOException.class, () -> get(server, "https", OURS.client(null)));
    said.awaitLine(
        "refuses the caller of HTTP at 127.0.0.1: " + expected + " was expected, none came");
    assertThrows(
        IOException.class, () -> get(server, "https", OURS.client(THEIRS.sign("stranger"))));
    said.awaitLine(
        "refuses a caller of HTTP: "
            + expected
            + " was expected, one of no role (CN=stranger) came; it is not good");
  }

  @Test
  void get_tlsWhereThereIsNone_isSaid() {
    EmbeddedServer plain =
        ApplicationContext.run(
            EmbeddedServer.class, Map.of("test.node-id", "gw-1", "micronaut.server.port", -1));
    open.add(plain);

    assertThrows(SSLException.class, () -> get(plain, "https", OURS.client(null)));

    said.awaitLine(
        "refuses the caller of HTTP at 127.0.0.1: one without TLS was expected, one with TLS came;"
            + " --http-tls turns it on");
  }

  @Test
  void newFiles_connectionsFromThenOnSeeThem_andThoseBeforeGoOn() throws Exception {
    EmbeddedServer server = start("SERVER");
    try (SSLSocket before = connect(server, null)) {
      BigInteger first = serial(before);

      Signed next = show();

      await()
          .atMost(PATIENCE)
          .until(() -> serial(server).equals(next.certificate().getSerialNumber()));
      before
          .getOutputStream()
          .write("GET /node/status HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      assertEquals('H', before.getInputStream().read());
      assertEquals(first, serial(before));
    }
  }

  private static double underWay(MeterRegistry meters) {
    return meters.get("vmqtt.cluster.handshakes.under.way").tag("port", "http").gauge().value();
  }

  @Test
  void get_whileTheDoorIsFullOfSilence_isAnsweredWhereverItComesFrom() throws Exception {
    EmbeddedServer server = start("SERVER");
    MeterRegistry meters = server.getApplicationContext().getBean(MeterRegistry.class);
    open.addAll(SilentCallers.at(server.getPort(), Doorstep.MOST, Doorstep.MOST_OF_A_SOURCE));
    await().until(() -> underWay(meters) == Doorstep.MOST);

    assertEquals(200, get(server, "https", OURS.client(null)));
    try (Socket crowded =
        new Socket(
            InetAddress.ofLiteral("127.0.0.1"),
            server.getPort(),
            InetAddress.ofLiteral("127.0.0.3"),
            0)) {
      SSLSocket tls =
          (SSLSocket)
              OURS.client(null)
                  .getSocketFactory()
                  .createSocket(crowded, "127.0.0.1", server.getPort(), false);
      tls.startHandshake();
      assertTrue(tls.getSession().isValid());
    }
    assertEquals(
        2,
        meters
            .get("vmqtt.cluster.handshakes.refused")
            .tags("port", "http", "reason", "too-many")
            .counter()
            .count());
  }

  @Test
  void silence_beforeTheHandshake_isCounted() throws Exception {
    EmbeddedServer server = start("SERVER");
    MeterRegistry meters = server.getApplicationContext().getBean(MeterRegistry.class);
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      assertTrue(silent.isConnected());
      await().until(() -> underWay(meters) == 1);
    }
    await().until(() -> underWay(meters) == 0);
    assertEquals(90, meters.get("vmqtt.http.certificate.seconds").gauge().value() / 86_400, 1);
  }
}
