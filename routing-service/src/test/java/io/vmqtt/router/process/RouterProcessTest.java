package io.vmqtt.router.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.router.Application;
import io.vmqtt.testkit.consul.ConsulProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A router as a process, with a real Consul and nobody else. */
class RouterProcessTest {
  private static final String SERVICES = "/v1/agent/services";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ConsulProcess consul = ConsulProcess.start();
  private RoleProcess router;

  @BeforeEach
  void start() throws StartException {
    router = start(0);
  }

  @AfterEach
  void close() {
    router.close();
    consul.close();
    http.close();
  }

  @Test
  void start_foundInConsulByItsPorts_stopWithdrawsIt() throws IOException {
    await().until(() -> consul.get(SERVICES).contains("routing-service-" + router.node().id()));

    int grpcPort = router.node().grpcPort();
    String services = consul.get(SERVICES);
    assertTrue(services.contains("\"grpc-port\": \"" + grpcPort + "\""), services);
    assertTrue(services.contains("\"http-port\": \"" + router.httpPort() + "\""), services);
    new Socket(InetAddress.getLoopbackAddress(), grpcPort).close();

    router.close();

    assertEquals("{}", consul.get(SERVICES).strip());
  }

  @Test
  void withoutShardMap_healthyButNotReady() throws Exception {
    assertEquals(200, get("/health").statusCode());
    assertEquals(503, get("/health/readiness").statusCode());
    assertFalse(router.isReady());
    assertTrue(get("/node/status").body().contains("\"ready\":false"));
    assertTrue(get("/prometheus").body().contains("vmqtt_router_publishes"));
  }

  @Test
  void start_grpcPortInUse_saysWhichInOneLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();

      StartException refusal = assertThrows(StartException.class, () -> start(port));

      String line = String.valueOf(refusal.getMessage());
      assertEquals(1, line.lines().count());
      assertTrue(line.startsWith("cannot listen for gRPC on port " + port + ": "), line);
    }
  }

  private RoleProcess start(int grpcPort) throws StartException {
    return Application.start(
        Map.of(
            "vmqtt.consul",
            consul.address(),
            RoleProcess.GRPC_PORT,
            grpcPort,
            RoleProcess.HTTP_PORT,
            -1));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + router.httpPort() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
