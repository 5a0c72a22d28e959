package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vmqtt.systemtests.AdminApi;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What operators see inside of processes of a cluster and between them and clients, and single
 * retained messages of it.
 */
class InsideOfNodesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Path FILE = OperatedCluster.operators();

  @RegisterExtension
  static final ClusterProcesses cluster =
      ClusterProcesses.of(1, 2, 2)
          .withReplicas(2)
          .withNamespaces("plant")
          .withRegistryOptions("--operators", FILE.toString());

  @BeforeAll
  static void awaitOperators() {
    await().atMost(PATIENCE).until(() -> as("root").ask("GET", "/me", null).status() == 200);
  }

  @AfterAll
  static void deleteFile() throws IOException {
    Files.delete(FILE);
  }

  private static AdminApi as(String name) {
    return OperatedCluster.as(cluster, name);
  }

  /** The id of the first of a kind. */
  private static String idOf(Kind kind) {
    return cluster.all(kind).getFirst().status().path("id").asText();
  }

  @Test
  void configuration_ofEveryNode_saysWhereItIsFrom() {
    JsonNode all = as("vera").get("/configuration");
    assertEquals(0, all.path("missing").size(), all::toString);
    assertEquals(6, all.path("items").size(), all::toString);
    assertEquals(403, as("paul").ask("GET", "/configuration", null).status());

    JsonNode registry = as("vera").get("/nodes/" + idOf(Kind.REGISTRY) + "/configuration");
    JsonNode operators = option(registry, "operators");
    assertEquals(FILE.toString(), operators.path("value").asText());
    assertEquals("command line", operators.path("source").asText());
    assertFalse(registry.toString().contains("argon2"), registry::toString);
    JsonNode shown = option(registry, "http-tls");
    assertEquals("NONE", shown.path("value").asText());
    assertEquals("default", shown.path("source").asText());
    assertEquals(404, as("vera").ask("GET", "/nodes/none/configuration", null).status());
  }

  @Test
  void options_thatCanChange_doUntilTheyAreAsAtTheStart() {
    String path = "/nodes/" + idOf(Kind.GATEWAY) + "/configuration";
    String body = "{\"options\": {\"sys-interval\": %s, \"log-repeats\": %s}}";
    assertEquals(403, as("anna").ask("PUT", path, body.formatted("\"1s\"", "\"5\"")).status());
    assertEquals(409, as("root").ask("PUT", path, body.formatted("\"1s\"", "\"x\"")).status());
    assertEquals(409, as("root").ask("PUT", path, "{\"options\": {\"port\": \"1884\"}}").status());
    assertEquals("default", option(as("vera").get(path), "sys-interval").path("source").asText());

    assertEquals(200, as("root").ask("PUT", path, body.formatted("\"1s\"", "\"5\"")).status());
    JsonNode changed = option(as("vera").get(path), "sys-interval");
    assertEquals("1s", changed.path("value").asText());
    assertEquals("run time", changed.path("source").asText());
    assertTrue(changed.path("changeable").asBoolean());
    assertEquals(200, as("root").ask("PUT", path, body.formatted("null", "null")).status());
    assertEquals("default", option(as("vera").get(path), "log-repeats").path("source").asText());
  }

  @Test
  void listeners_ofAGateway_areTold_andOthersHaveNone() {
    JsonNode list = as("vera").get("/nodes/" + idOf(Kind.GATEWAY) + "/listeners");
    JsonNode first = list.at("/listeners/0");
    assertEquals("default", first.path("name").asText(), list::toString);
    assertEquals(cluster.gateway(0).port(), first.path("port").asInt(), list::toString);
    assertTrue(first.path("accepting").asBoolean(), list::toString);
    assertEquals(0, list.path("failures").size(), list::toString);
    String registry = "/nodes/" + idOf(Kind.REGISTRY) + "/listeners";
    assertEquals(404, as("vera").ask("GET", registry, null).status());
    assertEquals(0, as("vera").get("/hold-offs").path("items").size());
    assertEquals(403, as("paul").ask("GET", "/hold-offs", null).status());
  }

  @Test
  void audit_ofAnAdmin_hasWhatOthersTriedToDo() {
    assertEquals(403, as("vera").ask("DELETE", "/sessions/of-nobody", null).status());
    assertEquals(404, as("anna").ask("DELETE", "/sessions/of-nobody", null).status());
    assertEquals(403, as("anna").ask("GET", "/audit", null).status());

    await()
        .atMost(PATIENCE)
        .until(
            () -> as("root").get("/audit?operator=*n*").path("items").findValuesAsText("request"),
            all -> all.contains("/api/v1/sessions/of-nobody") && all.contains("/api/v1/audit"));
    JsonNode latest = as("root").get("/audit?operator=vera&limit=1").at("/items/0");
    assertEquals("/api/v1/sessions/of-nobody", latest.path("request").asText(), latest::toString);
    assertFalse(latest.path("allowed").asBoolean(), latest::toString);
    assertEquals(403, latest.path("status").asInt(), latest::toString);
  }

  @Test
  void figures_ofEachRole_tellOfItsLinksAndOfAStoreItsDisk() {
    JsonNode gateway = as("vera").get("/nodes/" + idOf(Kind.GATEWAY)).path("figures");
    assertEquals("gateway-router", gateway.at("/links/0/kind").asText(), gateway::toString);
    String router = gateway.at("/links/0/peer").asText();
    JsonNode links = as("vera").get("/nodes/" + router).at("/figures/links");
    assertEquals(4, links.size(), links::toString); // two gateways, two stores
    assertEquals("router-gateway", links.path(0).path("kind").asText(), links::toString);
    JsonNode store = as("vera").get("/nodes/" + idOf(Kind.STORE)).path("figures");
    assertEquals(router, store.at("/links/0/peer").asText(), store::toString);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                as("vera")
                    .get("/nodes/" + router)
                    .at("/figures/links/3/roundTripMicros")
                    .canConvertToLong());
    JsonNode disk = store.path("disk");
    assertTrue(disk.path("freeBytes").asLong() > disk.path("minFreeBytes").asLong());
    assertTrue(disk.path("totalBytes").asLong() >= disk.path("freeBytes").asLong());
  }

  @Test
  void leader_wanted_takesOverAndStays() {
    JsonNode shard = as("vera").get("/shards").at("/items/0");
    String before = shard.at("/replicas/0/store").asText();
    String next = shard.at("/replicas/1/store").asText();
    String path = "/shards/0/leader";
    String body = "{\"store\": \"" + next + "\"}";
    assertEquals(403, as("vera").ask("PUT", path, body).status());
    assertEquals(403, as("paul").ask("PUT", path, body).status());
    assertEquals(400, as("anna").ask("PUT", path, "{}").status());
    assertEquals(404, as("anna").ask("PUT", "/shards/9999/leader", body).status());
    AdminApi.Answer strange = as("anna").ask("PUT", path, "{\"store\": \"nobody\"}");
    assertEquals(409, strange.status());
    assertTrue(strange.body().path("detail").asText().contains("'nobody' does not hold"));

    JsonNode preferred = as("anna").ask("PUT", path, body).body();
    assertEquals(next, preferred.at("/replicas/0").asText(), preferred::toString);
    OperatedCluster.awaitNoted(
        cluster, "operator=anna from=127.0.0.1 did=\"PUT /api/v1" + path + "\" status=200");
    await().atMost(PATIENCE).until(() -> next.equals(leaderOf(0)));
    assertEquals(preferred.path("epoch"), as("anna").ask("PUT", path, body).body().path("epoch"));

    // One behind the other, before the registry hears from Consul what it has said itself.
    as("anna").ask("PUT", path, "{\"store\": \"" + before + "\"}");
    as("anna").ask("PUT", path, body);
    JsonNode back = as("anna").ask("PUT", path, "{\"store\": \"" + before + "\"}").body();
    assertEquals(before, back.at("/replicas/0").asText(), back::toString);
    await().atMost(PATIENCE).until(() -> before.equals(leaderOf(0)));
  }

  @Test
  void queue_cleared_isEmptyAndTheSessionStays() throws Exception {
    String path = "/sessions/cleared/messages";
    assertEquals(404, as("anna").ask("DELETE", path, null).status());
    byte[] connect = RawConnect.kept(5, "cleared").withKeptSeconds(600).encoded();
    try (RawConnection client = RawConnection.openAnd(cluster.gateway(0), connect)) {
      client.send(Packets.subscribe(1, "clear/#", 1)).read();
      client.send(Packets.disconnect());
      client.awaitClosedSilently();
    }
    int count = 2_500; // more than are given up at once
    try (RawConnection publisher = connected(1, "clear-filler")) {
      for (int i = 0; i < count; i++) {
        publisher.send(Packets.publish("clear/" + i, "x", 1, 1)).read();
      }
      assertEquals(403, as("vera").ask("DELETE", path, null).status());
      assertEquals(404, as("paul").ask("DELETE", path, null).status());
      JsonNode cleared = as("anna").ask("DELETE", path, null).body();
      assertEquals(count, cleared.path("cleared").asInt(), cleared::toString);
      publisher.send(Packets.publish("clear/later", "y", 1, 2)).read();
    }
    try (RawConnection client = RawConnection.openAnd(cluster.gateway(1), connect)) {
      assertEquals("y", client.read().payload(5));
    }
    OperatedCluster.awaitNoted(
        cluster, "operator=anna from=127.0.0.1 did=\"DELETE /api/v1" + path + "\" status=200");
  }

  @Test
  void systemTopics_countTheProcessesOfTheCluster() {
    try (RawConnection watcher = connected(1, "cluster-watcher")) {
      watcher.send(Packets.subscribe(1, "$SYS/cluster/nodes/+", 0)).read();
      Map<String, String> counts = new TreeMap<>();
      while (counts.size() < 4) {
        RawPacket packet = watcher.read();
        counts.put(packet.topic(), packet.payload(5));
      }
      assertEquals("1", counts.get("$SYS/cluster/nodes/cluster-registry"), counts::toString);
      assertEquals("2", counts.get("$SYS/cluster/nodes/session-store"), counts::toString);
    }
  }

  private static String leaderOf(int shard) {
    return as("vera").get("/shards").path("items").path(shard).path("leader").asText();
  }

  private static JsonNode option(JsonNode node, String name) {
    for (JsonNode one : node.path("options")) {
      if (one.path("option").asText().equals(name)) {
        return one;
      }
    }
    throw new AssertionError(name + " is not among " + node);
  }

  @Test
  void logLevels_ofEveryRole_areChangedAndTakenBack() {
    for (Kind kind : Kind.values()) {
      String path = "/nodes/" + idOf(kind) + "/log-levels";
      String body = "{\"levels\": {\"io.vmqtt.nobody\": \"TRACE\"}}";
      assertEquals(403, as("anna").ask("PUT", path, body).status());
      JsonNode changed = as("root").ask("PUT", path, body).body();
      assertEquals("TRACE", logger(changed, "io.vmqtt.nobody").path("level").asText());
      assertTrue(logger(as("vera").get(path), "io.vmqtt.nobody").path("changed").asBoolean());
      OperatedCluster.awaitNoted(
          cluster, "operator=root from=127.0.0.1 did=\"PUT /api/v1" + path + "\" status=200");
      as("root").ask("PUT", path, "{\"levels\": {\"io.vmqtt.nobody\": null}}");
      assertTrue(logger(as("vera").get(path), "io.vmqtt.nobody").isMissingNode());
    }
    String path = "/nodes/" + idOf(Kind.STORE) + "/log-levels";
    assertEquals(400, as("root").ask("PUT", path, "{}").status());
    assertEquals(400, as("root").ask("PUT", path, "{\"levels\": {\"a\": \"LOUD\"}}").status());
    AdminApi.Answer refused =
        as("root").ask("PUT", path, "{\"levels\": {\"io.vmqtt.audit\": \"OFF\"}}");
    assertEquals(409, refused.status());
    assertTrue(refused.body().path("detail").asText().contains("stays as it is"));
  }

  private static JsonNode logger(JsonNode levels, String name) {
    for (JsonNode one : levels.path("loggers")) {
      if (one.path("logger").asText().equals(name)) {
        return one;
      }
    }
    return MissingNode.getInstance();
  }

  @Test
  void dumps_ofEveryRole_passThroughTheRegistry() throws IOException {
    for (Kind kind : Kind.values()) {
      String node = "/nodes/" + idOf(kind);
      String threads =
          new String(as("root").download(node + "/thread-dump"), StandardCharsets.UTF_8);
      assertTrue(threads.contains("\"main\""), threads);
      Set<String> parts = new TreeSet<>();
      try (ZipInputStream zip =
          new ZipInputStream(
              new ByteArrayInputStream(as("root").download(node + "/diagnostics")))) {
        ZipEntry entry = zip.getNextEntry();
        while (entry != null) {
          parts.add(entry.getName());
          entry = zip.getNextEntry();
        }
      }
      assertEquals(
          Set.of(
              "configuration.json",
              "jvm.json",
              "log-levels.json",
              "metrics.txt",
              "status.json",
              "threads.txt"),
          parts);
      assertTrue(as("vera").get(node).at("/figures/jvm/heapUsedBytes").asLong() > 0);
    }
  }

  @Test
  void heapAndRecording_areForAdminsAlone_andWrittenDown() {
    String node = "/nodes/" + idOf(Kind.GATEWAY);
    for (String dump : List.of("/heap-dump", "/flight-recording", "/thread-dump", "/diagnostics")) {
      assertEquals(403, as("anna").ask("GET", node + dump, null).status());
      OperatedCluster.awaitNoted(
          cluster,
          "operator=anna from=127.0.0.1 did=\"GET /api/v1" + node + dump + "\" status=403");
    }
    byte[] heap = as("root").download(node + "/heap-dump");
    assertEquals("JAVA PROFILE", new String(heap, 0, 12, StandardCharsets.US_ASCII));
    byte[] recording = as("root").download(node + "/flight-recording?seconds=1");
    assertEquals("FLR", new String(recording, 0, 3, StandardCharsets.US_ASCII));
    AdminApi.Answer answer = as("root").ask("GET", node + "/flight-recording?seconds=301", null);
    assertEquals(400, answer.status());
    assertTrue(answer.body().path("detail").asText().contains("seconds"), answer::toString);
  }

  /** Which of both is the first is nobody's business. */
  @Test
  void secondDump_whileOneIsUnderWay_isRefused() throws Exception {
    String node = "/nodes/" + idOf(Kind.STORE);
    try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> dump =
          () -> as("root").statusOfDownload(node + "/flight-recording?seconds=4");
      await() // on a machine so busy that one was over before the other came, once more
          .atMost(PATIENCE)
          .until(
              () ->
                  other.invokeAll(List.of(dump, dump)).stream()
                      .map(Future::resultNow)
                      .collect(Collectors.toSet())
                      .equals(Set.of(200, 409)));
    }
    await().atMost(PATIENCE).until(() -> as("root").statusOfDownload(node + "/thread-dump") == 200);
  }

  @Test
  void retainedOfOneTopic_isSetShownAndDeleted() {
    String path = "/retained/" + AdminApi.encoded("single/ä/b");
    assertEquals(404, as("vera").ask("GET", path, null).status());
    assertEquals(403, as("vera").ask("PUT", path, "{\"payload\": \"x\"}").status());
    assertEquals(400, as("anna").ask("PUT", path, "{}").status());
    assertEquals(400, as("anna").ask("GET", "/retained/a%2F%23", null).status());
    try (RawConnection hears =
        RawConnection.openAnd(cluster.gateway(0), RawConnect.clean(5, "hears").encoded())) {
      hears.send(Packets.subscribe(1, "single/#", 1)).read();
      assertEquals(200, as("anna").ask("PUT", path, "{\"payload\": \"x\"}").status());
      assertEquals("x", hears.read().payload(5));
    }
    JsonNode shown = as("anna").get(path);
    assertEquals("x", OperatedCluster.decoded(shown.path("payload")));
    assertTrue(as("vera").get(path).path("payload").isNull());
    assertEquals(403, as("vera").ask("GET", path + "?payloads=true", null).status());
    assertEquals(404, as("paul").ask("GET", path, null).status());
    assertEquals("single/ä/b", as("anna").ask("DELETE", path, null).body().path("topic").asText());
    OperatedCluster.awaitNoted(
        cluster, "operator=anna from=127.0.0.1 did=\"DELETE /api/v1" + path + "\" status=200");
    assertEquals(404, as("anna").ask("DELETE", path, null).status());
  }

  @Test
  void retained_exported_haveALineEach() {
    int count = 1_500; // more than a page
    for (int from = 0; from < count; from += 500) {
      String batch =
          IntStream.range(from, from + 500)
              .mapToObj(
                  i ->
                      "{\"topic\": \"export/%04d\", \"payload\": \"v%d\", \"retain\": true}"
                          .formatted(i, i))
              .collect(Collectors.joining(",", "{\"messages\": [", "]}"));
      assertEquals(200, as("anna").ask("POST", "/messages", batch).status());
    }
    assertEquals(403, as("vera").ask("GET", "/retained.ndjson", null).status());
    List<String> lines =
        new String(
                as("anna").download("/retained.ndjson?filter=export/%23"), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertEquals(count, lines.size());
    for (int i = 0; i < count; i++) {
      assertTrue(lines.get(i).contains("\"topic\":\"export/%04d\"".formatted(i)), lines.get(i));
    }
    assertTrue(lines.getFirst().contains("\"payload\":\"djA=\""), lines.getFirst());
    assertEquals(0, as("paul").download("/retained.ndjson?filter=export/%23").length);
  }

  @Test
  void trace_packetsOfAClientAtAllGateways_areOneList() {
    assertEquals(403, as("vera").ask("POST", "/traces", "{\"client\": \"traced\"}").status());
    for (String body :
        List.of(
            "{}",
            "{\"client\": \"c\", \"address\": \"10.0.0.1\"}",
            "{\"client\": \"c\", \"seconds\": 3601}",
            "{\"filter\": \"a#\"}",
            "{\"address\": \"ten\"}")) {
      AdminApi.Answer answer = as("root").ask("POST", "/traces", body);
      assertEquals(400, answer.status(), () -> body + answer);
    }
    JsonNode started =
        as("anna").ask("POST", "/traces", "{\"client\": \"traced\", \"seconds\": 600}").body();
    assertEquals(2, started.path("gateways").size(), started::toString);
    String path = "/traces/" + started.path("id").asText();
    for (int gateway = 0; gateway < 2; gateway++) {
      try (RawConnection client =
          RawConnection.openAnd(
              cluster.gateway(gateway), RawConnect.clean(5, "traced").encoded())) {
        client.send(Packets.subscribe(1, "trace/" + gateway, 1)).read();
        client.send(Packets.disconnect());
        client.awaitClosedSilently();
      }
    }
    List<String> packets = new ArrayList<>();
    List<String> nodes = new ArrayList<>();
    StringBuilder cursor = new StringBuilder();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              JsonNode page = as("anna").get(path + "/events?limit=3" + cursor);
              assertEquals(0, page.path("leftOut").asInt());
              assertFalse(page.path("over").asBoolean(), page::toString);
              for (JsonNode event : page.path("events")) {
                packets.add(event.path("packet").asText());
                nodes.add(event.path("node").asText());
              }
              cursor.setLength(0);
              cursor.append("&cursor=").append(AdminApi.encoded(page.path("next").asText()));
              return packets.size() >= 12;
            });
    for (String packet :
        List.of("CONNECT", "CONNACK", "SUBSCRIBE", "SUBACK", "DISCONNECT", "closed")) {
      assertEquals(2, packets.stream().filter(packet::equals).count(), packets::toString);
    }
    assertEquals(2, nodes.stream().distinct().count());
    JsonNode all = as("anna").get("/traces").path("items");
    assertEquals(1, all.size(), all::toString);
    assertEquals("traced", all.path(0).path("client").asText());
    assertEquals(12, all.path(0).path("events").asInt());
    assertEquals(0, as("paul").get("/traces").path("items").size());
    assertEquals(404, as("paul").ask("GET", path + "/events", null).status());
    assertEquals(404, as("paul").ask("DELETE", path, null).status());
    assertEquals(200, as("anna").ask("DELETE", path, null).status());
    assertEquals(404, as("anna").ask("GET", path + "/events", null).status());
  }

  /** Each gateway counts what passes at itself; the rates are of all. */
  @Test
  void top_busiestTopicsAndClients_ofAllGateways() throws Exception {
    for (String id : List.of("short-queue", "long-queue")) {
      RawConnection.openAnd(
              cluster.gateway(0), RawConnect.kept(5, id).withKeptSeconds(600).encoded())
          .send(Packets.subscribe(1, "top-queue/" + id, 1))
          .read();
    }
    try (RawConnection publisher = connected(1, "queue-filler")) {
      for (int i = 0; i < 3; i++) {
        publisher.send(Packets.publish("top-queue/long-queue", "x", 1, i + 1)).read();
      }
      publisher.send(Packets.publish("top-queue/short-queue", "x", 1, 9)).read();
    }
    try (RawConnection subscriber = connected(0, "busy-subscriber");
        RawConnection loud = connected(0, "loud");
        RawConnection quiet = connected(1, "quiet");
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      subscriber.send(Packets.subscribe(1, "top/#", 0)).read();
      Future<JsonNode> asked = thread.submit(() -> as("vera").get("/top?seconds=3&limit=5"));
      while (!asked.isDone()) {
        for (int i = 0; i < 10; i++) {
          loud.send(Packets.publish("top/loud", "x"));
          subscriber.read();
        }
        quiet.send(Packets.publish("top/quiet", "x"));
        subscriber.read();
      }
      JsonNode top = asked.get();
      assertEquals(0, top.path("missing").size(), top::toString);
      assertEquals("top/loud", top.path("topics").path(0).path("name").asText(), top::toString);
      assertEquals("top/quiet", top.path("topics").path(1).path("name").asText());
      double loudRate = top.path("topics").path(0).path("perSecond").asDouble();
      double quietRate = top.path("topics").path(1).path("perSecond").asDouble();
      assertTrue(quietRate > 0 && loudRate > 5 * quietRate, top::toString);
      assertEquals("loud", top.path("senders").path(0).path("name").asText());
      assertEquals("busy-subscriber", top.path("receivers").path(0).path("name").asText());
      assertEquals("long-queue", top.path("queues").path(0).path("name").asText());
      assertEquals(3, top.path("queues").path(0).path("count").asInt());
      assertEquals(1, top.path("queues").path(1).path("count").asInt());
    }
    assertEquals(400, as("vera").ask("GET", "/top?seconds=6", null).status());
    assertEquals(400, as("vera").ask("GET", "/top?limit=0", null).status());
    assertEquals(0, as("paul").get("/top?seconds=1").path("topics").size());
  }

  private static RawConnection connected(int gateway, String id) {
    return RawConnection.openAnd(cluster.gateway(gateway), RawConnect.clean(5, id).encoded());
  }
}
