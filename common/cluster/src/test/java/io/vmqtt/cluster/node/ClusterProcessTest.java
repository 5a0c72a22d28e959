package io.vmqtt.cluster.node;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.testkit.consul.ConsulProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A Micronaut process with an HTTP server, as every role is one. */
class ClusterProcessTest {
  private static final String SERVICES = "/v1/agent/services";

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ConsulProcess consul = ConsulProcess.start();

  @AfterEach
  void close() {
    http.close();
    consul.close();
  }

  @Test
  void start_registeredWithItsHttpPort_stopWithdrawnBeforeTheServerIsGone() throws Exception {
    EmbeddedServer process = start(Map.of());
    await().until(() -> consul.get(SERVICES).contains("edge-gateway-gw-1"));

    JsonNode service =
        json.readTree(consul.get("/v1/health/service/edge-gateway?passing")).at("/0/Service");
    assertEquals("127.0.0.1", service.get("Address").asText());
    assertEquals(process.getPort(), service.get("Port").asInt());
    assertEquals("v" + Version.current(), service.at("/Tags/0").asText());
    assertTrue(service.at("/Meta/started-at").asText().endsWith("Z"), service::toString);

    process.stop();

    assertEquals("{}", consul.get(SERVICES).strip());
  }

  @Test
  void advertiseHost_set_isWhatTheOthersSee() {
    try (EmbeddedServer _ = start(Map.of("vmqtt.advertise-host", "localhost"))) {
      await().until(() -> consul.get(SERVICES).contains("\"Address\": \"localhost\""));
    }
  }

  /** A process that was killed is not passing because the next one has its address. */
  @Test
  void health_askedForAnotherNode_gone() throws Exception {
    try (EmbeddedServer process = start(Map.of())) {
      assertEquals(200, get(process, "/health?node=gw-1").statusCode());
      assertEquals(410, get(process, "/health?node=gw-0").statusCode());
    }
  }

  @Test
  void health_consulAway_staysUp() throws Exception {
    try (EmbeddedServer process = start(Map.of())) {
      await().until(() -> consul.get(SERVICES).contains("edge-gateway-gw-1"));
      assertEquals(200, get(process, "/health").statusCode());

      consul.kill();
      Consul known = process.getApplicationContext().getBean(Consul.class);
      await().until(() -> !known.isReachable());

      HttpResponse<String> health = get(process, "/health");
      assertEquals(200, health.statusCode(), health::body);
      JsonNode details = json.readTree(health.body());
      assertEquals("UP", details.get("status").asText(), health::body);
      assertFalse(details.at("/details/consul/details/reachable").asBoolean(true), health::body);
    }
  }

  @Test
  void nodeStatus_identityAndFigures() throws Exception {
    try (EmbeddedServer process = start(Map.of())) {
      JsonNode status = json.readTree(get(process, "/node/status").body());

      assertEquals("gw-1", status.get("id").asText());
      assertEquals("edge-gateway", status.get("role").asText());
      assertEquals(Version.current(), status.get("version").asText());
      assertTrue(status.get("startedAt").asText().endsWith("Z"), status::toString);
      assertEquals(12, status.at("/figures/connections").asInt());
      assertTrue(status.at("/figures/jvm/heapUsedBytes").asLong() > 0, status::toString);
    }
  }

  @Test
  void consulEmptyOrNotSet_noDiscoveryOfTheCluster() {
    for (Map<String, Object> properties :
        List.of(Map.<String, Object>of("vmqtt.consul", ""), Map.<String, Object>of())) {
      try (ApplicationContext alone = ApplicationContext.run(properties)) {
        assertFalse(alone.containsBean(Discovery.class));
        assertFalse(alone.containsBean(ClusterFacts.class));
      }
    }
  }

  @Test
  void version_isThatOfTheBuild() {
    assertTrue(Version.current().matches("\\d+\\.\\d+\\.\\d+.*"), Version.current());
  }

  private EmbeddedServer start(Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put("vmqtt.consul", consul.address());
    properties.put("test.node-id", "gw-1");
    properties.put("micronaut.server.port", -1);
    properties.put("endpoints.health.details-visible", "ANONYMOUS");
    return ApplicationContext.run(EmbeddedServer.class, properties);
  }

  private HttpResponse<String> get(EmbeddedServer process, String path)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + process.getPort() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
