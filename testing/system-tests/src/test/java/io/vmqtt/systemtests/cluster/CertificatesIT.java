package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.systemtests.Clients;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import io.vmqtt.testkit.process.ServerProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose processes know each other by the certificates of {@code vmqtt certificates}. */
class CertificatesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int PAIRS = 4;
  private static final int STRANGERS = 100;

  @RegisterExtension
  static final ClusterProcesses cluster =
      ClusterProcesses.of(1, 3, 1).withReplicas(3).withCertificates();

  @RegisterExtension final Clients clients = new Clients();

  private static Stream<ClusterNode> nodes() {
    return Stream.of(Kind.values()).flatMap(kind -> cluster.all(kind).stream());
  }

  /** A port of the first store, as it tells the others. */
  private static int portOfStore(String which) throws JsonProcessingException {
    JsonNode stores =
        new ObjectMapper().readTree(cluster.consul().get("/v1/health/service/session-store"));
    return stores.at("/0/Service/Meta").get(which).asInt();
  }

  private static void awaitSaid(ServerProcess process, String line) {
    await(line)
        .atMost(PATIENCE)
        .until(() -> process.output().stream().anyMatch(said -> said.contains(line)));
  }

  /** How often any process has said that. */
  private static long times(String words) {
    return nodes()
        .flatMap(node -> node.process().output().stream())
        .filter(line -> line.contains(words))
        .count();
  }

  @Test
  void messages_whileAStoreIsKilled_allArrive() throws Exception {
    try (Traffic traffic = new Traffic(cluster, clients, PAIRS)) {
      cluster.awaitReplicas();
      ServerProcess victim = cluster.all(Kind.STORE).getFirst().process();
      traffic.beginToListen();

      victim.kill();
      traffic.awaitProgressOfAll();
      cluster.startAll();
      traffic.awaitProgressOfAll();
      cluster.awaitReplicas();

      traffic.finish();
    }
  }

  @Test
  void process_withoutACertificate_isRefusedAndBothSaySo() {
    ServerProcess router = cluster.all(Kind.ROUTER).getFirst().process();
    ServerProcess stranger = cluster.startStranger(Kind.GATEWAY);
    try {
      awaitSaid(
          router,
          "refuses the caller at 127.0.0.1: a certificate of edge-gateway was expected, one without"
              + " TLS came");
      awaitSaid(stranger, "closed the connection before it said a word: if it wants TLS");
    } finally {
      stranger.kill();
    }
  }

  @Test
  void gatewaysCertificate_atTheDoorsOfAStore_isRefused() throws Exception {
    TlsCaller gateway = new TlsCaller(cluster.certificates(), "edge-gateway");
    int linkPort = portOfStore("grpc-port");
    int raftPort = portOfStore("raft-port");

    assertThrows(IOException.class, () -> gateway.call(linkPort));
    assertThrows(IOException.class, () -> gateway.call(raftPort));

    String came = " was expected, one of edge-gateway (CN=edge-gateway,O=V-MQTT) came";
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                times("refuses a caller: a certificate of routing-service" + came) == 1
                    && times("refuses a caller: a certificate of session-store" + came) == 1);
    new TlsCaller(cluster.certificates(), "routing-service").call(linkPort);
    new TlsCaller(cluster.certificates(), "session-store").call(raftPort);
  }

  /** Somebody at another address begins handshakes, more than there may be, and ends none. */
  @Test
  void handshakesThatDoNotEnd_areBoundedAndKeepNobodyOut() throws Exception {
    TlsCaller router = new TlsCaller(cluster.certificates(), "routing-service");
    TlsCaller store = new TlsCaller(cluster.certificates(), "session-store");
    int linkPort = portOfStore("grpc-port");
    int raftPort = portOfStore("raft-port");
    List<Socket> strangers = new ArrayList<>();
    try (Traffic traffic = new Traffic(cluster, clients, PAIRS)) {
      traffic.beginToListen();
      for (int i = 0; i < STRANGERS; i++) {
        strangers.add(TlsCaller.begin("127.0.0.2", linkPort));
        strangers.add(TlsCaller.begin("127.0.0.2", raftPort));
      }

      router.call(linkPort);
      store.call(raftPort);
      traffic.awaitProgressOfAll();
      traffic.finish();
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                times("refuses the caller at 127.0.0.2: too many callers") == 1
                    && times("refuses the caller of Raft at 127.0.0.2: too many callers") == 1);
  }

  @Test
  void store_withTheCertificateOfAGateway_doesNotStart() {
    Path certificates = cluster.certificates();
    ServerProcess stranger =
        cluster.startStranger(
            Kind.STORE,
            "--cluster-certificate",
            certificates.resolve("edge-gateway.pem").toString(),
            "--cluster-key",
            certificates.resolve("edge-gateway.key").toString(),
            "--cluster-ca",
            certificates.resolve("ca.pem").toString());

    assertEquals(1, stranger.awaitExit());
    awaitSaid(stranger, "edge-gateway.pem: a certificate of session-store is needed");
  }

  @Test
  void certificatesReplaced_newConnectionsShowThemAndNoLinkIsLost() throws Exception {
    Path certificates = cluster.certificates();
    int linkPort = portOfStore("grpc-port");
    int raftPort = portOfStore("raft-port");
    long linksLost = times("is down");
    try (Traffic traffic = new Traffic(cluster, clients, PAIRS)) {
      for (String role : List.of("session-store", "routing-service", "edge-gateway")) {
        Files.delete(certificates.resolve(role + ".pem"));
        Files.delete(certificates.resolve(role + ".key"));
      }
      cluster.makeCertificates();

      X509Certificate next = TlsCaller.certificate(certificates.resolve("session-store.pem"));
      TlsCaller router = new TlsCaller(certificates, "routing-service");
      TlsCaller store = new TlsCaller(certificates, "session-store");
      await().atMost(PATIENCE).until(() -> router.call(linkPort).equals(next));
      await().atMost(PATIENCE).until(() -> store.call(raftPort).equals(next));
      nodes()
          .filter(node -> node.kind() != Kind.REGISTRY)
          .forEach(node -> awaitSaid(node.process(), "has new certificates, until"));
      traffic.awaitProgressOfAll();
      assertEquals(linksLost, times("is down"));

      cluster.all(Kind.ROUTER).getFirst().process().kill();
      cluster.startAll();
      traffic.awaitProgressOfAll();
      traffic.finish();
    }
    assertTrue(times("has new certificates") >= 5);
  }

  /**
   * As the documentation has operators do it. In the end a store that starts believes the new
   * authority alone: what it is called by, and what answers it, of links and of Raft, has to show a
   * certificate that came while it ran.
   */
  @Test
  void authorityReplaced_inThreeSteps_linksAndReplicasShowEachOtherTheNewOne(
      @TempDir Path elsewhere) throws Exception {
    Path certificates = cluster.certificates();
    Path nextFolder = elsewhere.resolve("next");
    cluster.makeCertificates(nextFolder);
    TlsCaller before = new TlsCaller(certificates, "session-store");
    String authority = Files.readString(nextFolder.resolve("ca.pem"));
    try (Traffic traffic = new Traffic(cluster, clients, PAIRS)) {
      traffic.beginToListen();

      changed(
          () -> {
            String both = Files.readString(certificates.resolve("ca.pem")) + authority;
            move(Files.writeString(elsewhere.resolve("both.pem"), both), "ca.pem");
          });
      changed(
          () -> {
            for (Kind kind : Kind.values()) {
              String role = kind.serviceName();
              move(nextFolder.resolve(role + ".key"), role + ".key");
              move(nextFolder.resolve(role + ".pem"), role + ".pem");
            }
          });
      changed(() -> move(nextFolder.resolve("ca.pem"), "ca.pem"));
      move(nextFolder.resolve("ca.key"), "ca.key");
      traffic.awaitProgressOfAll();

      ServerProcess first = cluster.all(Kind.STORE).getFirst().process();
      first.kill();
      cluster.startAll();
      traffic.awaitProgressOfAll();
      cluster.awaitReplicas();
      traffic.finish();
    }
    assertThrows(IOException.class, () -> before.call(portOfStore("raft-port")));
    new TlsCaller(certificates, "session-store").call(portOfStore("raft-port"));
  }

  private static void move(Path from, String name) throws IOException {
    Files.move(from, cluster.certificates().resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Something that is done to files. */
  private interface Step {
    void take() throws IOException;
  }

  /** Waits until each process that has a certificate has taken over what was changed. */
  private static void changed(Step step) throws IOException {
    List<ServerProcess> processes =
        nodes().filter(node -> node.kind() != Kind.REGISTRY).map(ClusterNode::process).toList();
    List<Long> before = processes.stream().map(CertificatesIT::takenOver).toList();
    step.take();
    for (int i = 0; i < processes.size(); i++) {
      ServerProcess process = processes.get(i);
      long known = before.get(i);
      await().atMost(PATIENCE).until(() -> takenOver(process) > known);
    }
  }

  private static long takenOver(ServerProcess process) {
    return process.output().stream().filter(line -> line.contains("has new certificates")).count();
  }
}
