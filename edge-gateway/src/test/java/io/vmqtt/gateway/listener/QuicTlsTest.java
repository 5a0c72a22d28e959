package io.vmqtt.gateway.listener;

import static io.vmqtt.gateway.listener.QuicGateway.AUTHORITY;
import static io.vmqtt.gateway.listener.QuicGateway.CONNECT;
import static io.vmqtt.gateway.listener.QuicGateway.PINGREQ;
import static io.vmqtt.gateway.listener.QuicGateway.PINGRESP;
import static io.vmqtt.gateway.listener.QuicGateway.SERVER;
import static io.vmqtt.gateway.listener.QuicGateway.SHORT;
import static io.vmqtt.gateway.listener.QuicGateway.assertConnected;
import static io.vmqtt.gateway.listener.QuicGateway.client;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.CertificateFiles;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import io.vmqtt.model.Namespace;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.quic.KwikClient;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tech.kwik.core.QuicSessionTicket;

/** TLS of a listener with QUIC, with clients of kwik, and what becomes of them when it changes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class QuicTlsTest {
  private static final String ADMINISTRATIVE_ACTION = "e0029800";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final TestAuthority STRANGER = new TestAuthority("authority");
  private static final Signed CLIENT = AUTHORITY.sign("client");

  private QuicGateway quic;

  @BeforeEach
  void prepare(@TempDir Path folder) {
    quic = new QuicGateway(folder);
    AUTHORITY.certificateTo(quic.file("ca.pem"));
  }

  @AfterEach
  void close() {
    quic.close();
  }

  @Test
  void clientCertificates_required_onlyGoodOnesComeIn() throws IOException {
    Signed revoked = AUTHORITY.sign("revoked");
    AUTHORITY.revokedTo(quic.file("crl"), revoked);
    TlsConfig required =
        new TlsConfig(
            quic.file("certificate.pem"),
            quic.file("key.pem"),
            null,
            ClientCertificates.REQUIRED,
            quic.file("ca.pem"),
            quic.file("crl"));
    try (GatewayNode node = quic.node(0, required)) {
      assertRefused(node, null);
      assertRefused(node, STRANGER.sign("client"));
      assertRefused(node, revoked);
      assertEquals(List.of(), quic.access.credentials);
      awaitFailures(3);

      try (KwikClient client = with(CLIENT, node)) {
        assertConnected(client);
        assertEquals(CLIENT.certificate(), quic.access.credentials.getFirst().certificate());
      }
    }
  }

  /** What comes before the end of a handshake could be said again by whoever has heard it. */
  @Test
  void session_takenUpAgain_nothingCanBeSaidBeforeTheHandshakeIsOver() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = with(null, node)) {
      assertConnected(client);
      await().until(() -> !client.connection.getNewSessionTickets().isEmpty());

      for (QuicSessionTicket ticket : client.connection.getNewSessionTickets()) {
        assertFalse(ticket.getTlsSessionTicket().hasEarlyDataExtension());
      }
    }
  }

  /** Nobody looks at the certificate of a session again that is taken up again. */
  @Test
  void session_takenUpAgain_notWithACertificateThatHasExpired() throws IOException {
    Instant notAfter = Instant.now().plusSeconds(8).truncatedTo(ChronoUnit.SECONDS);
    Signed brief = AUTHORITY.sign("client", "localhost", notAfter);
    TlsConfig required =
        new TlsConfig(
            quic.file("certificate.pem"),
            quic.file("key.pem"),
            null,
            ClientCertificates.REQUIRED,
            quic.file("ca.pem"),
            null);
    try (GatewayNode node = quic.node(0, required)) {
      QuicSessionTicket ticket;
      try (KwikClient client = with(brief, node)) {
        assertConnected(client);
        await().until(() -> !client.connection.getNewSessionTickets().isEmpty());
        ticket = client.connection.getNewSessionTickets().getFirst();
      }
      try (KwikClient client = KwikClient.resume(node.port("quic"), AUTHORITY, ticket)) {
        assertConnected(client); // it has shown none this time
        assertEquals(brief.certificate(), quic.access.credentials.getLast().certificate());
      }

      await().until(() -> Instant.now().isAfter(notAfter.plusSeconds(1)));

      assertThrows(
          IOException.class,
          () -> {
            try (KwikClient client = KwikClient.resume(node.port("quic"), AUTHORITY, ticket)) {
              if (client.send(CONNECT).isEmpty()) {
                throw new IOException("the end");
              }
            }
          });
      awaitFailures(1);
      assertEquals(2, quic.access.credentials.size());
      assertEquals(2, quic.handshakes());
      assertEquals(0, quic.underWay());
    }
  }

  private static KwikClient with(@Nullable Signed own, GatewayNode node) throws IOException {
    return KwikClient.connect(node.port("quic"), AUTHORITY, own, "mqtt", PATIENCE);
  }

  /** At least so many: kwik has failures of its own, after which it is asked to try again. */
  private void awaitFailures(int count) {
    await()
        .untilAsserted(
            () -> {
              double failures = quic.failures("client-certificate");
              assertTrue(failures >= count, () -> "failed: " + failures);
            });
  }

  private static void assertRefused(GatewayNode node, @Nullable Signed own) {
    assertThrows(
        IOException.class,
        () -> {
          // In TLS 1.3 a client is done before the server has looked at its certificate.
          try (KwikClient client = with(own, node)) {
            if (client.send(CONNECT).isEmpty()) {
              throw new IOException("the end");
            }
          }
        });
  }

  @Test
  void certificates_several_theOneForTheNameIsShown() throws IOException {
    Signed other = AUTHORITY.sign("other", "other.example", Instant.now().plusSeconds(100_000));
    TlsConfig several =
        new TlsConfig(
            List.of(
                new CertificateFiles(
                    other.certificateTo(quic.file("other.pem")),
                    other.keyTo(quic.file("other.key"))),
                new CertificateFiles(quic.file("certificate.pem"), quic.file("key.pem"))),
            null,
            ClientCertificates.NONE,
            null,
            null);
    try (GatewayNode node = quic.node(0, several);
        KwikClient client = client(node)) {
      assertConnected(client);
      assertEquals(SERVER.certificate(), client.shown(), "localhost is the second one's name");
    }
  }

  @Test
  void files_newOnes_areShownAndConnectionsStay() throws IOException {
    Signed next = AUTHORITY.sign("next");
    try (GatewayNode node = quic.node();
        KwikClient before = client(node)) {
      assertConnected(before);

      next.keyTo(quic.file("key.pem"));
      next.certificateTo(quic.file("certificate.pem"));
      await()
          .until(
              () -> {
                try (KwikClient after = client(node)) {
                  return after.shown().equals(next.certificate());
                }
              });

      assertEquals(PINGRESP, before.send(PINGREQ));
    }
  }

  @Test
  void change_ofCertificates_isForThoseWhoComeThen() throws IOException {
    Signed next = AUTHORITY.sign("next");
    TlsConfig others =
        new TlsConfig(
            next.certificateTo(quic.file("next.pem")),
            next.keyTo(quic.file("next.key")),
            null,
            ClientCertificates.NONE,
            null,
            null);
    try (GatewayNode node = quic.node();
        KwikClient before = client(node)) {
      assertConnected(before);
      int port = node.port("quic");

      assertEquals(
          Map.of(), node.changeListeners(List.of(quic.listener(0, Namespace.NAMELESS, others))));

      assertEquals(port, node.port("quic"));
      assertEquals(PINGRESP, before.send(PINGREQ));
      try (KwikClient after = client(node)) {
        assertEquals(next.certificate(), after.shown());
        assertConnected(after);
      }
    }
  }

  @Test
  void change_ofNamespace_theOldOnesHearItAndItBeginsAnewAtTheSamePort() throws IOException {
    int port = FreePorts.next();
    try (GatewayNode node = quic.node(port, quic.tls);
        KwikClient before = client(node)) {
      assertConnected(before);
      Namespace other = Namespace.of("other");

      CompletableFuture<Map<String, String>> change =
          CompletableFuture.supplyAsync(
              () -> node.changeListeners(List.of(quic.listener(port, other, quic.tls))));

      assertEquals(ADMINISTRATIVE_ACTION, before.receive());
      assertEquals("", before.receive());
      before.leave();
      assertEquals(Map.of(), change.join());
      try (KwikClient after = client(node)) {
        assertConnected(after);
        assertEquals(other, quic.access.credentials.getLast().namespace());
        assertEquals(PINGRESP, after.send(PINGREQ));
      }

      assertEquals(Map.of(), node.changeListeners(List.of()));
      assertThrows(
          IOException.class,
          () -> KwikClient.connect(port, AUTHORITY, null, "mqtt", SHORT).close());
      await().until(() -> node.connections() == 0);
    }
  }
}
