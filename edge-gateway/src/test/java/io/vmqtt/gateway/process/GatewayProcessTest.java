package io.vmqtt.gateway.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.gateway.Application;
import io.vmqtt.testkit.consul.ConsulProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway as a process, with a real Consul and nobody else. */
class GatewayProcessTest {
  private static final String SERVICES = "/v1/agent/services";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ConsulProcess consul = ConsulProcess.start();
  private RoleProcess gateway;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws StartException {
    gateway = start(0, -1);
  }

  @AfterEach
  void close() {
    gateway.close();
    consul.close();
    http.close();
  }

  @Test
  void start_foundInConsulByItsPorts_stopWithdrawsIt() {
    await().until(() -> consul.get(SERVICES).contains("edge-gateway-" + gateway.node().id()));

    String services = consul.get(SERVICES);
    assertTrue(services.contains("\"mqtt-port\": \"" + mqttPort() + "\""), services);
    assertTrue(services.contains("\"http-port\": \"" + gateway.httpPort() + "\""), services);
    assertTrue(services.contains("\"grpc-port\": \"0\""), services);
    assertFalse(gateway.node().meta().getOrDefault(Node.PROCESS, "").isEmpty());

    gateway.close();

    assertEquals("{}", consul.get(SERVICES).strip());
  }

  @Test
  void start_furtherListeners_eachIsFoundByItsName() throws Exception {
    gateway.close();
    gateway = start(0, -1, "plant=127.0.0.1:0; ops=127.0.0.1:0 max-connections=5");
    await().until(() -> consul.get(SERVICES).contains("edge-gateway-" + gateway.node().id()));

    String services = consul.get(SERVICES);
    for (String listener : List.of("plant", "ops")) {
      String port = gateway.node().meta().getOrDefault(Node.mqttPortOf(listener), "");
      assertTrue(services.contains("\"mqtt-" + listener + "-port\": \"" + port + "\""), services);
      assertTrue(services.contains("\"mqtt-" + listener + "-" + port + "\""), services);
      new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port)).close();
    }
  }

  @Test
  void listenersFile_changes_consulStatusAndMetricsFollow() throws Exception {
    gateway.close();
    Path file = Files.writeString(folder.resolve("listeners.yaml"), "{}");
    gateway = start(Map.of("vmqtt.gateway.listeners-file", file.toString()));
    await().until(() -> consul.get(SERVICES).contains("edge-gateway-" + gateway.node().id()));

    Files.writeString(file, "plant: {address: 127.0.0.1:0}\n");
    await().until(() -> consul.get(SERVICES).contains("\"mqtt-plant-port\""));

    String port = gateway.node().meta().getOrDefault(Node.mqttPortOf("plant"), "");
    assertTrue(consul.get(SERVICES).contains("\"mqtt-plant-" + port + "\""));
    assertTrue(get("/node/status").body().contains("\"plant\":" + port));
    assertTrue(get("/prometheus").body().contains("listener=\"plant\""));

    Files.writeString(file, "{}");
    await().until(() -> !consul.get(SERVICES).contains("plant"));
    assertFalse(get("/node/status").body().contains("plant"));
    assertFalse(get("/prometheus").body().contains("listener=\"plant\""));
  }

  @Test
  void start_listenersFileThatCannotBe_saysWhereInOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("listeners.yaml"), "{}\nplant");

    StartException failure =
        assertThrows(
            StartException.class,
            () -> start(Map.of("vmqtt.gateway.listeners-file", file.toString())));

    String message = String.valueOf(failure.getMessage());
    assertEquals(1, message.lines().count());
    assertTrue(message.contains("listeners-file: " + file + ", line 2: "), message);
    assertEquals(2, failure.exitCode());
  }

  @Test
  void withoutRouter_healthyButNotReady() throws Exception {
    await().until(() -> consul.get(SERVICES).contains("edge-gateway-" + gateway.node().id()));

    assertFalse(consul.get(SERVICES).contains("\"ready\""));
    assertEquals(200, get("/health").statusCode());
    assertEquals(503, get("/health/readiness").statusCode());
    assertFalse(gateway.isReady());
    assertTrue(get("/node/status").body().contains("\"ready\":false"));
    assertTrue(get("/prometheus").body().contains("vmqtt_gateway_connections"));
  }

  @Test
  void endpointsThatShowInnerLife_areNotThere() throws Exception {
    for (String path : new String[] {"/beans", "/env", "/routes", "/stop", "/threaddump"}) {
      assertEquals(404, get(path).statusCode(), path);
    }
  }

  @Test
  void close_clientsAreLetGo() throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), mqttPort())) {
      gateway.close();

      assertEquals(-1, client.getInputStream().read());
    }
  }

  @Test
  void start_portInUse_saysWhichInOneLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();

      StartException mqtt = assertThrows(StartException.class, () -> start(port, -1));
      assertEquals(1, String.valueOf(mqtt.getMessage()).lines().count());
      assertTrue(String.valueOf(mqtt.getMessage()).contains(":" + port + ": "), mqtt::toString);

      StartException inHttp = assertThrows(StartException.class, () -> start(0, port));
      assertEquals(1, String.valueOf(inHttp.getMessage()).lines().count());
      assertTrue(
          String.valueOf(inHttp.getMessage()).startsWith("cannot listen for HTTP on port " + port),
          inHttp::toString);
    }
  }

  private RoleProcess start(int port, int httpPort) throws StartException {
    return start(port, httpPort, "");
  }

  private RoleProcess start(int port, int httpPort, String listeners) throws StartException {
    return start(
        Map.of(
            "vmqtt.gateway.port",
            port,
            "vmqtt.gateway.listeners",
            listeners,
            RoleProcess.HTTP_PORT,
            httpPort));
  }

  private RoleProcess start(Map<String, Object> set) throws StartException {
    Map<String, Object> all =
        new HashMap<>(Map.of("vmqtt.gateway.port", 0, RoleProcess.HTTP_PORT, -1));
    all.put("vmqtt.consul", consul.address());
    all.putAll(set);
    return Application.start(all);
  }

  private int mqttPort() {
    return Integer.parseInt(gateway.node().meta().getOrDefault(Node.MQTT_PORT, ""));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.httpPort() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
