package io.vmqtt.cluster.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.identity.IdentityFolder;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.identity.SaidRefusals;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A registry that asks a store whose HTTP speaks TLS. */
class NodeClientsTest {
  private static final TestAuthority OURS = new TestAuthority("ours");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @RegisterExtension final SaidRefusals said = new SaidRefusals();
  private final List<AutoCloseable> open = new ArrayList<>();
  @TempDir private Path folder;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private Node store(Signed shown) throws IOException, GeneralSecurityException {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(TestAuthority.keys(shown).getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
    open.add(() -> server.stop(0));
    int port = server.getAddress().getPort();
    return new Node(
        "s-1", Role.SESSION_STORE, "127.0.0.1", 0, port, "test", Map.of(Node.HTTP_TLS, "true"));
  }

  private NodeClients clients(@Nullable ProcessIdentity identity, @Nullable Path authority)
      throws IOException {
    NodeClients clients = new NodeClients(TIMEOUT, identity, authority);
    open.add(clients);
    return clients;
  }

  private ProcessIdentity registry() throws IOException {
    ProcessIdentity identity =
        new IdentityFolder(folder, OURS, Role.CLUSTER_REGISTRY).as(Role.CLUSTER_REGISTRY);
    open.add(identity);
    return identity;
  }

  private Path ours() {
    return OURS.certificateTo(folder.resolve("http-ca.pem"));
  }

  private void assertSaid(String line) {
    assertTrue(said.has(line), said.lines()::toString);
  }

  @Test
  void get_storeProvesItsRole_isAnswered() throws Exception {
    Node store = store(IdentityFolder.signed(OURS, Role.SESSION_STORE));

    assertEquals(200, clients(registry(), null).get(store, "/").statusCode());
    assertEquals(List.of(), said.lines());
  }

  @Test
  void get_gatewayWhereAStoreShouldBe_isNotBelieved() throws Exception {
    Node store = store(IdentityFolder.signed(OURS, Role.EDGE_GATEWAY));
    NodeClients clients = clients(registry(), null);

    assertThrows(SSLException.class, () -> clients.get(store, "/"));

    assertSaid(
        "refuses what is at 127.0.0.1:"
            + store.httpPort()
            + ": a certificate of session-store was expected, one of edge-gateway (CN=one) came");
  }

  @Test
  void get_nothingToKnowItBy_saysWhatIsNeeded() throws Exception {
    Node store = store(IdentityFolder.signed(OURS, Role.SESSION_STORE));
    NodeClients clients = clients(null, null);

    assertThrows(SSLException.class, () -> clients.get(store, "/"));

    assertSaid(
        "HTTP of session-store at 127.0.0.1:"
            + store.httpPort()
            + ": it speaks TLS: this process needs --cluster-certificate, or --node-http-ca");
  }

  @Test
  void get_authorityNamed_theHostHasToBeRight() throws Exception {
    NodeClients clients = clients(null, ours());
    Node here = store(OURS.sign("web"));
    Node elsewhere = store(OURS.sign("web", "elsewhere", Instant.now().plusSeconds(1_000)));

    assertEquals(200, clients.get(here, "/").statusCode());
    assertThrows(SSLException.class, () -> clients.get(elsewhere, "/"));

    assertSaid("HTTP of session-store at 127.0.0.1:" + elsewhere.httpPort());
  }
}
