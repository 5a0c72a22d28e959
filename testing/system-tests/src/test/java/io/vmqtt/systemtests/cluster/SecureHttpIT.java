package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.testkit.consul.ConsulProcess;
import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * HTTP ports that want certificates, with those who ask there: a real Consul, the registry, curl,
 * and OpenSSL.
 */
class SecureHttpIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private Path certificates;
  private final List<ServerProcess> processes = new ArrayList<>();
  private ConsulProcess consul;

  @BeforeEach
  void startConsul() throws IOException {
    certificates = folder.resolve("certificates");
    makeCertificates();
    Path configuration =
        Files.writeString(
            folder.resolve("consul.json"),
            """
            {"enable_agent_tls_for_checks": true,
             "ca_file": "%s", "cert_file": "%s", "key_file": "%s"}
            """
                .formatted(pem("ca"), pem("consul"), key("consul")));
    consul = ConsulProcess.startGuarded(new ConsulProcess.Guard(configuration, "none"));
  }

  @AfterEach
  void end() {
    processes.forEach(ServerProcess::kill);
    consul.close();
  }

  private void makeCertificates() {
    ServerProcess command =
        ServerProcess.start(
            "certificates",
            List.of(
                "certificates",
                "init",
                certificates.toString(),
                "--server",
                "consul=127.0.0.1",
                "--server",
                "watcher=127.0.0.1"),
            folder.resolve("certificates.log"));
    assertEquals(0, command.awaitExit(), command::describe);
  }

  private Path pem(String name) {
    return certificates.resolve(name + ".pem");
  }

  private Path key(String name) {
    return certificates.resolve(name + ".key");
  }

  private ServerProcess start(String command, String role, int httpPort, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--consul",
                consul.address(),
                "--http-port",
                Integer.toString(httpPort),
                "--http-tls",
                "MUTUAL",
                "--cluster-certificate",
                pem(role).toString(),
                "--cluster-key",
                key(role).toString(),
                "--cluster-ca",
                pem("ca").toString()));
    arguments.addAll(List.of(more));
    ServerProcess process =
        ServerProcess.start(command, arguments, folder.resolve(command + ".log"));
    processes.add(process);
    return process;
  }

  private static String run(List<String> command) throws IOException {
    return Command.await(new ProcessBuilder(command), "").output();
  }

  /**
   * What somebody with a certificate, or with none, is answered by the host of the certificates.
   */
  private String curl(int port, String path, String... more)
      throws IOException, InterruptedException {
    return run(
        Stream.of(
                List.of("curl", "-sS", "--max-time", "20", "--cacert", pem("ca").toString()),
                List.of(more),
                List.of("https://127.0.0.1:" + port + path))
            .flatMap(List::stream)
            .toList());
  }

  private String asWatcher(int port, String path) throws IOException, InterruptedException {
    return curl(
        port, path, "--cert", pem("watcher").toString(), "--key", key("watcher").toString());
  }

  /** Whether Consul's agent has asked, and was answered. */
  private boolean isHealthy(String role) throws IOException {
    for (JsonNode check : new ObjectMapper().readTree(consul.get("/v1/agent/checks"))) {
      if (check.path("ServiceName").asText().equals(role)) {
        return check.path("Output").asText().contains(": 200 ");
      }
    }
    return false;
  }

  private JsonNode storeSeenBy(int registry) throws Exception {
    for (JsonNode node :
        new ObjectMapper().readTree(asWatcher(registry, "/cluster/status")).path("nodes")) {
      if (node.path("role").asText().equals("session-store")) {
        return node;
      }
    }
    return new ObjectMapper().createObjectNode();
  }

  private static boolean hasSaid(ServerProcess process, String line) {
    return process.output().stream().anyMatch(said -> said.contains(line));
  }

  private boolean isShown(int port, Path certificate) throws IOException, InterruptedException {
    String shown = run(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port));
    return Files.readString(certificate)
        .lines()
        .filter(line -> !line.startsWith("-----"))
        .allMatch(shown::contains);
  }

  @Test
  void http_certificatesWanted_consulAndTheRegistryGoOnAskingAndStrangersDoNot() throws Exception {
    int registryPort = FreePorts.next();
    int storePort = FreePorts.next();
    start("registry", "cluster-registry", registryPort);
    ServerProcess store =
        start(
            "store",
            "session-store",
            storePort,
            "--grpc-port",
            Integer.toString(FreePorts.next()),
            "--raft-port",
            Integer.toString(FreePorts.next()),
            "--data",
            folder.resolve("store").toString());
    // Consul has looked itself, and the registry has asked.
    await().atMost(PATIENCE).until(() -> isHealthy("session-store"));
    await().atMost(PATIENCE).until(() -> storeSeenBy(registryPort).path("figures").has("shards"));
    assertTrue(asWatcher(storePort, "/prometheus").contains("vmqtt_http_certificate_seconds"));

    String stranger = curl(storePort, "/node/status");
    assertFalse(stranger.contains("session-store"), stranger);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                hasSaid(
                    store,
                    "refuses the caller of HTTP at 127.0.0.1: a certificate that "
                        + pem("ca")
                        + " has signed was expected, none came"));
    assertFalse(hasSaid(store, "Exception"), store::describe);

    assertTrue(isShown(storePort, pem("session-store")));
    Files.delete(pem("session-store"));
    Files.delete(key("session-store"));
    makeCertificates();
    await().atMost(PATIENCE).until(() -> isShown(storePort, pem("session-store")));
    await().atMost(PATIENCE).until(() -> storeSeenBy(registryPort).path("figures").has("shards"));
  }
}
