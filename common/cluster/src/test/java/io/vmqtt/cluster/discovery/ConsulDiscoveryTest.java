package io.vmqtt.cluster.discovery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.net.HostAndPort;
import io.micronaut.context.ApplicationContext;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.testkit.consul.ConsulProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two processes, each with a discovery of its own, and a real Consul between them. */
class ConsulDiscoveryTest {
  /** Interval and timeout of the health check are one second each. */
  private static final Duration CHECK_FAILS = Duration.ofSeconds(6);

  private static final Duration RECOVERY = Duration.ofSeconds(20);

  private final ConsulProcess process = ConsulProcess.start();
  private final ApplicationContext announcing =
      ApplicationContext.run(Map.of("vmqtt.consul", process.address()));
  private final ConsulDiscovery there = announcing.getBean(ConsulDiscovery.class);
  private final Consul consulHere = new Consul(HostAndPort.fromString(process.address()));
  private final ConsulDiscovery here =
      new ConsulDiscovery(consulHere, announcing.getBean(ServiceAnnouncer.class));
  private final AtomicReference<Set<Node>> seen = new AtomicReference<>();
  private final List<FakeProcess> processes = new ArrayList<>();

  @BeforeEach
  void watch() {
    here.watch(Role.EDGE_GATEWAY, seen::set);
    awaitSeen();
  }

  @AfterEach
  void close() {
    here.close();
    consulHere.close();
    announcing.close();
    processes.forEach(FakeProcess::close);
    process.close();
  }

  @Test
  void register_seenByTheWatchOfItsRoleAsItIs() {
    FakeProcess gateway = startProcess("gw-1", Role.EDGE_GATEWAY);
    FakeProcess router = startProcess("r-1", Role.ROUTING_SERVICE);
    there.register(gateway.node());
    there.register(router.node());

    awaitSeen(gateway.node());
  }

  @Test
  void register_inConsul_underItsRoleWithTagsAndMeta() throws Exception {
    FakeProcess gateway = startProcess("gw-1", Role.EDGE_GATEWAY);
    there.register(gateway.node());
    awaitSeen(gateway.node());

    JsonNode entry = json(process.get("/v1/health/service/edge-gateway")).get(0);
    JsonNode service = entry.get("Service");
    assertEquals("edge-gateway-gw-1", service.get("ID").asText());
    assertEquals("127.0.0.1", service.get("Address").asText());
    assertEquals(gateway.node().httpPort(), service.get("Port").asInt());
    assertEquals(
        json(
            """
            ["v0.1.0", "grpc-19090", "http-%d", "mqtt-1883"]
            """
                .formatted(gateway.node().httpPort())),
        service.get("Tags"));
    assertEquals("gw-1", service.get("Meta").get("node-id").asText());
    assertEquals("1883", service.get("Meta").get("mqtt-port").asText());
    assertEquals("2026-01-01T00:00:00Z", service.get("Meta").get("started-at").asText());
    JsonNode check = entry.get("Checks").get(1);
    assertEquals("Service 'edge-gateway' check", check.get("Name").asText());
    assertEquals("passing", check.get("Status").asText());
    assertEquals("http", check.get("Type").asText());
  }

  /** Nobody may take it for gone meanwhile. */
  @Test
  void update_whatANodeSays_isSeenWithoutAGap() {
    List<Set<Node>> all = new CopyOnWriteArrayList<>();
    Node before = startProcess("gw-1", Role.EDGE_GATEWAY).node();
    Discovery.Announced announced = there.register(before);
    awaitSeen(before);
    here.watch(Role.EDGE_GATEWAY, all::add);
    Map<String, String> meta = new HashMap<>(before.meta());
    meta.put("mqtt-plant-port", "1884");
    Node after =
        new Node(
            before.id(),
            before.role(),
            before.host(),
            before.grpcPort(),
            before.httpPort(),
            before.version(),
            meta);

    announced.update(after);

    awaitSeen(after);
    await().until(() -> all.equals(List.of(Set.of(before), Set.of(after))));
    announced.close();
    awaitSeen();
  }

  @Test
  void close_orderlyStop_goneAtOnce() {
    FakeProcess first = startProcess("gw-1", Role.EDGE_GATEWAY);
    FakeProcess second = startProcess("gw-2", Role.EDGE_GATEWAY);
    Registration registration = there.register(first.node());
    there.register(second.node());
    awaitSeen(first.node(), second.node());

    registration.close();

    assertFalse(process.get("/v1/agent/services").contains("gw-1"));
    // The process still answers its health check: only the withdrawal can be the reason.
    awaitSeen(second.node());
  }

  @Test
  void close_ofTheWholeDiscovery_withdrawsEverything() {
    there.register(startProcess("gw-1", Role.EDGE_GATEWAY).node());
    there.register(startProcess("r-1", Role.ROUTING_SERVICE).node());
    await().until(() -> process.get("/v1/agent/services").contains("routing-service-r-1"));
    await().until(() -> process.get("/v1/agent/services").contains("edge-gateway-gw-1"));

    there.close();

    assertEquals("{}", process.get("/v1/agent/services").strip());
  }

  @Test
  void watch_processDies_droppedAndCriticalForThoseWhoAskForAll() throws Exception {
    FakeProcess dying = startProcess("gw-1", Role.EDGE_GATEWAY);
    FakeProcess staying = startProcess("gw-2", Role.EDGE_GATEWAY);
    there.register(dying.node());
    there.register(staying.node());
    awaitSeen(dying.node(), staying.node());

    dying.close();

    await().atMost(CHECK_FAILS).until(() -> seen.get().equals(Set.of(staying.node())));
    assertEquals(
        List.of(
            new Member(dying.node(), Member.Health.CRITICAL),
            new Member(staying.node(), Member.Health.PASSING)),
        here.members());
  }

  @Test
  void watch_processHangs_dropped() {
    FakeProcess hanging = startProcess("gw-1", Role.EDGE_GATEWAY);
    there.register(hanging.node());
    awaitSeen(hanging.node());

    hanging.hang();

    await().atMost(CHECK_FAILS).until(() -> seen.get().isEmpty());
  }

  /** A store keeps its id, but not its ports: the new life must replace the old at once. */
  @Test
  void register_sameIdOnOtherPorts_replaces() {
    FakeProcess before = startProcess("store-1", Role.EDGE_GATEWAY);
    there.register(before.node());
    awaitSeen(before.node());
    before.close();

    FakeProcess after = startProcess("store-1", Role.EDGE_GATEWAY);
    here.register(after.node());

    awaitSeen(after.node());
  }

  @Test
  void watch_consulAwayAndBackWithoutMemory_keepsTheLastSetAndRecovers() {
    FakeProcess first = startProcess("gw-1", Role.EDGE_GATEWAY);
    there.register(first.node());
    awaitSeen(first.node());

    process.kill();
    await().until(() -> !consulHere.isReachable());
    assertEquals(Set.of(first.node()), seen.get());

    process.startAgain();
    FakeProcess second = startProcess("gw-2", Role.EDGE_GATEWAY);
    there.register(second.node());
    await().atMost(RECOVERY).until(() -> seen.get().equals(Set.of(first.node(), second.node())));
    assertTrue(consulHere.isReachable());
  }

  @Test
  void register_consulAway_followsWhenItIsBack() {
    process.kill();
    FakeProcess gateway = startProcess("gw-1", Role.EDGE_GATEWAY);
    there.register(gateway.node());
    process.startAgain();

    await().atMost(RECOVERY).until(() -> seen.get().equals(Set.of(gateway.node())));
  }

  @Test
  void register_consulTookTheServiceOut_registersAgain() {
    FakeProcess gateway = startProcess("gw-1", Role.EDGE_GATEWAY);
    there.register(gateway.node());
    awaitSeen(gateway.node());

    process.put("/v1/agent/service/deregister/edge-gateway-gw-1", "");

    await().until(() -> seen.get().isEmpty());
    awaitSeen(gateway.node());
  }

  @Test
  void watch_somebodyElsesServiceUnderOurName_ignored() {
    process.put("/v1/agent/service/register", "{\"Name\":\"edge-gateway\",\"ID\":\"stranger\"}");
    FakeProcess gateway = startProcess("gw-1", Role.EDGE_GATEWAY);
    there.register(gateway.node());

    awaitSeen(gateway.node());
  }

  @Test
  void register_withoutHttp_refused() {
    Node blind = new Node("gw-1", Role.EDGE_GATEWAY, "127.0.0.1", 1, 0, "1", Map.of());

    assertThrows(IllegalArgumentException.class, () -> there.register(blind));
  }

  private FakeProcess startProcess(String id, Role role) {
    FakeProcess started = new FakeProcess(id, role);
    processes.add(started);
    return started;
  }

  private void awaitSeen(Node... nodes) {
    await().until(() -> Set.of(nodes).equals(seen.get()));
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text);
  }
}
