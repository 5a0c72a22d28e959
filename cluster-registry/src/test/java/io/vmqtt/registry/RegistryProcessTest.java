package io.vmqtt.registry;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.ApplicationContext;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.ConsulClusterFacts;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.cluster.namespaces.NamespacesJson;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.cluster.placement.ShardMapJson;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import io.vmqtt.testkit.consul.ConsulProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole registries with a real Consul, and nodes that are as much as a registry sees of them. */
class RegistryProcessTest {
  private static final String SHARD_MAP =
      "/v1/kv/" + ConsulClusterFacts.keyOf(ShardMapFact.SHARD_MAP) + "?raw";

  /** The session of a leader that died lives 10 to 20 s. */
  private static final Duration FAIL_OVER = Duration.ofSeconds(60);

  private static final Duration START = Duration.ofSeconds(30);

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ConsulProcess consul = ConsulProcess.start();
  private final ApplicationContext nodes =
      ApplicationContext.run(Map.of("vmqtt.consul", consul.address()));
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
    nodes.close();
    consul.close();
    http.close();
  }

  @Test
  void status_wholeCluster_everyNodeWithItsFigures() throws Exception {
    RoleProcess registry = start(Map.of("vmqtt.registry.initial-stores", 2));
    register(node(Role.EDGE_GATEWAY, "gw-1", Map.of("mqtt-port", "1883"), "{\"connections\":12}"));
    register(node(Role.ROUTING_SERVICE, "r-1", Map.of(), "{}"));
    String shards = "{\"shards\":[{\"shard\":0,\"role\":\"leader\"}]}";
    register(node(Role.SESSION_STORE, "s-1", Map.of("weight", "1"), shards));
    register(node(Role.SESSION_STORE, "s-2", Map.of(), "{\"shards\":[]}"));
    await().atMost(START).until(() -> status(registry).get("nodes").size() == 5);
    await().atMost(START).until(() -> !status(registry).get("shardMap").isNull());

    JsonNode status = status(registry);

    assertEquals(registry.node().id(), status.get("answeredBy").asText());
    assertEquals(registry.node().id(), status.get("leader").asText());
    assertEquals(consul.address(), status.at("/consul/address").asText());
    assertTrue(status.at("/consul/reachable").asBoolean());
    assertFalse(status.at("/shardMap/cluster").asText().isEmpty());
    assertEquals(1, status.at("/shardMap/epoch").asInt());
    assertEquals(8, status.at("/shardMap/shardCount").asInt());
    assertEquals(1, status.at("/shardMap/replicationFactor").asInt());
    assertEquals(8, status.at("/shardMap/replicas").size());

    JsonNode gateway = status.at("/nodes/0");
    assertEquals("edge-gateway", gateway.get("role").asText());
    assertEquals("gw-1", gateway.get("id").asText());
    assertEquals("passing", gateway.get("health").asText());
    assertEquals("127.0.0.1", gateway.get("host").asText());
    assertEquals(1883, gateway.at("/ports/mqtt").asInt());
    assertEquals(19_000, gateway.at("/ports/grpc").asInt());
    assertEquals("1.2.3", gateway.get("version").asText());
    assertEquals(json.readTree("{\"connections\":12}"), gateway.get("figures"));
    JsonNode store = status.at("/nodes/2");
    assertEquals("s-1", store.get("id").asText());
    assertEquals("1", store.at("/meta/weight").asText());
    assertEquals(json.readTree(shards), store.get("figures"));
    JsonNode self = status.at("/nodes/4");
    assertEquals("cluster-registry", self.get("role").asText());
    assertTrue(self.at("/figures/leading").asBoolean());
    assertTrue(self.get("startedAt").asText().endsWith("Z"));
  }

  @Test
  void status_nodesSilentOrDead_saysSoWithoutWaitingForThem() throws Exception {
    RoleProcess registry = start(Map.of("vmqtt.registry.status-timeout", "200ms"));
    FakeNode silent = node(Role.EDGE_GATEWAY, "silent", Map.of(), "{}");
    FakeNode dead = node(Role.EDGE_GATEWAY, "dead", Map.of(), "{}");
    register(silent);
    register(dead);
    await().until(() -> status(registry).get("nodes").size() == 3);

    silent.fallSilent();
    dead.close();

    await().until(() -> "critical".equals(status(registry).at("/nodes/0/health").asText()));
    JsonNode status = status(registry);
    assertEquals("dead", status.at("/nodes/0/id").asText());
    assertTrue(status.at("/nodes/0/figures").isNull());
    assertEquals("passing", status.at("/nodes/1/health").asText());
    assertTrue(status.at("/nodes/1/figures").isNull());
  }

  @Test
  void status_consulAway_tellsWhatItKnewLast() throws Exception {
    RoleProcess registry = start(Map.of());
    register(node(Role.SESSION_STORE, "s-1", Map.of(), "{}"));
    await().until(() -> status(registry).get("nodes").size() == 2);
    await().until(() -> !status(registry).get("shardMap").isNull());

    consul.kill();

    JsonNode status = status(registry);
    assertFalse(status.at("/consul/reachable").asBoolean());
    assertEquals(2, status.get("nodes").size());
    assertEquals(8, status.at("/shardMap/shardCount").asInt());
    assertEquals(200, get(registry.httpPort(), "/health").statusCode());
  }

  /** Whatever an operator says while it runs is in force without a restart. */
  @Test
  void namespaces_fileChanges_factFollowsIt(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("n.yaml"), "plant: {sessions: 10}");
    RoleProcess registry = start(Map.of("vmqtt.registry.namespaces", file.toString()));
    await()
        .atMost(START)
        .until(() -> status(registry).at("/namespaces/all/plant/quotas/sessions").asInt() == 10);
    assertEquals("strong", status(registry).at("/namespaces/all/plant/consistency").asText());

    Files.writeString(file, "plant: {sessions: 20}");

    await().until(() -> status(registry).at("/namespaces/all/plant/quotas/sessions").asInt() == 20);
    Namespaces inConsul =
        NamespacesJson.read(
            consul.get("/v1/kv/" + ConsulClusterFacts.keyOf(NamespacesFact.NAMESPACES) + "?raw"));
    assertEquals(20, inConsul.quotas(Namespace.of("plant")).limit(Quota.SESSIONS));
  }

  @Test
  void facts_twoRegistriesRaceAndStoresJoinLater_writtenOnce() throws Exception {
    RoleProcess first = start(Map.of("vmqtt.registry.shards", 16));
    RoleProcess second = start(Map.of("vmqtt.registry.shards", 32));
    register(node(Role.SESSION_STORE, "s-1", Map.of(), "{}"));
    await().until(() -> !consul.get(SHARD_MAP).isEmpty());
    String written = consul.get(SHARD_MAP);

    register(node(Role.SESSION_STORE, "s-2", Map.of(), "{}"));
    await().until(() -> status(first).get("nodes").size() == 4);
    RoleProcess leader = leaderOf(first, second);
    leader.close();
    RoleProcess successor = leader == first ? second : first;
    await().until(() -> successor.node().id().equals(status(successor).get("leader").asText()));

    assertEquals(written, consul.get(SHARD_MAP));
    assertFalse(written.contains("s-2"), written);
  }

  @Test
  void facts_consulForgets_theLeaderRestoresThem() throws Exception {
    RoleProcess registry = start(Map.of());
    register(node(Role.SESSION_STORE, "s-1", Map.of(), "{}"));
    await().until(() -> !status(registry).get("shardMap").isNull());
    String written = consul.get(SHARD_MAP);

    consul.kill();
    consul.startAgain();

    await().atMost(FAIL_OVER).until(() -> written.equals(consul.get(SHARD_MAP)));
  }

  /** Consul and every registry have forgotten; what is left are the disks of stores. */
  @Test
  void facts_nobodyButAStoreRemembers_restoredThoughItHoldsNothing() throws Exception {
    ShardMap map = new ShardMap(3, 1, List.of(List.of("s-1"))).of("cluster");
    register(node(Role.SESSION_STORE, "s-2", Map.of(), "{}").carrying(map));

    RoleProcess registry = start(Map.of());

    await().atMost(START).until(() -> !status(registry).get("shardMap").isNull());
    assertEquals(map, ShardMapJson.read(consul.get(SHARD_MAP)));
  }

  @Test
  void facts_newClusterWanted_madeWhereNoStoreHoldsShards() throws Exception {
    ShardMap map = new ShardMap(3, 1, List.of(List.of("s-1"))).of("cluster");
    register(node(Role.SESSION_STORE, "s-2", Map.of(), "{}").carrying(map));

    RoleProcess registry = start(Map.of("vmqtt.registry.new-cluster", true));

    await().atMost(START).until(() -> !status(registry).get("shardMap").isNull());
    assertEquals(Set.of("s-2"), ShardMapJson.read(consul.get(SHARD_MAP)).stores());
  }

  @Test
  void stop_leaderStopsInOrder_goneFromConsulAndTheOtherLeads() throws Exception {
    RoleProcess first = start(Map.of());
    RoleProcess second = start(Map.of());
    RoleProcess leader = leaderOf(first, second);
    RoleProcess successor = leader == first ? second : first;

    leader.close();

    assertFalse(consul.get("/v1/agent/services").contains(leader.node().id()));
    await().until(() -> successor.node().id().equals(status(successor).get("leader").asText()));
  }

  /** A process of its own, as an operator runs it, ended by SIGKILL. */
  @Test
  void kill_leaderDies_criticalInTheStatusAndTheOtherLeads() throws Exception {
    Process doomed = launch();
    await()
        .atMost(START)
        .until(() -> consul.get("/v1/kv/vmqtt/registry/leader").contains("\"Session\""));
    RoleProcess survivor = start(Map.of());
    await().until(() -> status(survivor).get("nodes").size() == 2);
    String before = status(survivor).get("leader").asText();
    assertFalse(before.equals(survivor.node().id()));

    assertTrue(doomed.destroyForcibly().waitFor(10, TimeUnit.SECONDS));

    await().until(() -> healthOf(before, status(survivor)).equals("critical"));
    await()
        .atMost(FAIL_OVER)
        .until(() -> survivor.node().id().equals(status(survivor).get("leader").asText()));
  }

  private RoleProcess leaderOf(RoleProcess first, RoleProcess second) throws Exception {
    await().until(() -> !status(first).get("leader").isNull());
    return first.node().id().equals(status(first).get("leader").asText()) ? first : second;
  }

  private static String healthOf(String id, JsonNode status) {
    for (JsonNode node : status.get("nodes")) {
      if (node.get("id").asText().equals(id)) {
        return node.get("health").asText();
      }
    }
    return "";
  }

  private RoleProcess start(Map<String, Object> options) throws StartException {
    Map<String, Object> all = new HashMap<>(options);
    all.put("vmqtt.consul", consul.address());
    all.put(RoleProcess.HTTP_PORT, "0");
    RoleProcess started = Application.start(all);
    open.add(started);
    return started;
  }

  private Process launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Application.class.getName());
    builder.environment().put("VMQTT_CONSUL", consul.address());
    builder.environment().put("MICRONAUT_SERVER_PORT", "-1");
    Process launched =
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    open.add(launched::destroyForcibly);
    return launched;
  }

  private FakeNode node(Role role, String id, Map<String, String> meta, String figures) {
    FakeNode started = new FakeNode(role, id, meta, figures);
    open.add(started);
    return started;
  }

  private void register(FakeNode node) {
    Registration registration = nodes.getBean(Discovery.class).register(node.node());
    open.add(registration);
  }

  private JsonNode status(RoleProcess registry) throws IOException, InterruptedException {
    HttpResponse<String> response = get(registry.httpPort(), "/cluster/status");
    assertEquals(200, response.statusCode(), response::body);
    return json.readTree(response.body());
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
