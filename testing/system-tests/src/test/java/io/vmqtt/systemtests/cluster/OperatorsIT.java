package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.vmqtt.systemtests.AdminApi;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators see of a whole cluster, and have it do: two gateways, two stores. */
class OperatorsIT {
  private static final int ADMINISTRATIVE_ACTION = 0x98;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Path FILE = OperatedCluster.operators();
  private static final Path AUDIT = OperatedCluster.file("");
  private static final Path NAMESPACES = OperatedCluster.file("plant: {sessions: 1000000}\n");

  /** What somebody is told of alarms. */
  private static final List<JsonNode> TOLD = new CopyOnWriteArrayList<>();

  private static final HttpServer LISTENER = listener();

  @RegisterExtension
  static final ClusterProcesses cluster =
      ClusterProcesses.of(1, 2, 2)
          .withNamespaces("plant")
          .withRegistryOptions(
              "--operators",
              FILE.toString(),
              "--namespaces",
              NAMESPACES.toString(),
              "--operator-audit",
              AUDIT.toString(),
              "--alarm-webhook",
              "http://127.0.0.1:" + LISTENER.getAddress().getPort() + "/alarms");

  private static HttpServer listener() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/alarms",
          exchange -> {
            TOLD.add(new ObjectMapper().readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  static void awaitOperators() {
    await().atMost(PATIENCE).until(() -> as("root").ask("GET", "/me", null).status() == 200);
  }

  @AfterAll
  static void deleteFile() throws IOException {
    LISTENER.stop(0);
    Files.delete(FILE);
    Files.delete(NAMESPACES);
    Files.delete(AUDIT);
  }

  private static AdminApi as(String name) {
    return OperatedCluster.as(cluster, name);
  }

  /** All items of a list, page by page. */
  private static List<JsonNode> walk(AdminApi api, String path, int limit) {
    List<JsonNode> all = new ArrayList<>();
    String cursor = "";
    while (true) {
      JsonNode page = api.get(path + "&limit=" + limit + cursor);
      assertEquals(0, page.path("missing").size(), page::toString);
      assertTrue(page.path("items").size() <= limit, page::toString);
      page.path("items").forEach(all::add);
      if (page.path("next").isNull()) {
        return all;
      }
      cursor = "&cursor=" + AdminApi.encoded(page.path("next").asText());
    }
  }

  private static List<String> texts(List<JsonNode> items, String field) {
    return items.stream().map(item -> item.path(field).asText()).toList();
  }

  @Test
  void clients_ofAllGateways_areOneList() {
    List<RawConnection> open = new ArrayList<>();
    try {
      TreeSet<String> expected = new TreeSet<>();
      for (int i = 0; i < 25; i++) {
        String id = "walk-" + i;
        expected.add(id);
        open.add(RawConnection.openAnd(cluster.gateway(i % 2), RawConnect.clean(5, id).encoded()));
      }
      List<JsonNode> all = walk(as("vera"), "/clients?id=walk-*", 4);

      assertEquals(List.copyOf(expected), texts(all, "clientId"));
      assertEquals(2, texts(all, "gateway").stream().distinct().count());
      String gateway = all.getFirst().path("gateway").asText();
      List<JsonNode> ofOne = walk(as("vera"), "/clients?id=walk-*&gateway=" + gateway, 100);
      assertTrue(ofOne.size() == 12 || ofOne.size() == 13, ofOne::toString);
      assertEquals(0, walk(as("vera"), "/clients?id=walk-*&protocol=3.1.1", 10).size());
      assertEquals(25, walk(as("vera"), "/clients?id=walk-*&address=127.0.0.0/8", 10).size());
      assertEquals(0, walk(as("vera"), "/clients?id=walk-*&user=*", 10).size());
      assertEquals(0, walk(as("vera"), "/clients?id=walk-*&persistent=true", 10).size());
      assertEquals(
          0, walk(as("vera"), "/clients?id=walk-*&connectedSince=2099-01-01T00:00:00Z", 10).size());
    } finally {
      open.forEach(RawConnection::close);
    }
  }

  @Test
  void client_found_located_andDisconnected() {
    try (RawConnection pump =
        RawConnection.openAnd(
            cluster.gateway(1), RawConnect.kept(5, "pump/7 ü").withKeptSeconds(3600).encoded())) {
      String path = "/clients/" + AdminApi.encoded("pump/7 ü");
      JsonNode client = as("vera").get(path);
      JsonNode location = as("vera").get(path + "/location");

      assertEquals("5", client.path("protocol").asText());
      assertEquals(3600, client.path("sessionExpirySeconds").asLong());
      assertTrue(location.path("attached").asBoolean(), location::toString);
      assertEquals(client.path("gateway"), location.path("gateway"));
      assertTrue(
          cluster.all(Kind.STORE).stream()
              .anyMatch(store -> store.status().path("id").equals(location.path("leader"))),
          location::toString);

      assertEquals(403, as("vera").ask("DELETE", path, null).status());
      assertEquals(200, as("anna").ask("DELETE", path, null).status());
      OperatedCluster.awaitNoted(
          cluster, "operator=vera from=127.0.0.1 did=\"DELETE /api/v1" + path + "\" status=403");
      OperatedCluster.awaitNoted(
          cluster, "operator=anna from=127.0.0.1 did=\"DELETE /api/v1" + path + "\" status=200");

      RawPacket last = pump.read();
      assertEquals(PacketType.DISCONNECT, last.type());
      assertEquals(ADMINISTRATIVE_ACTION, last.reasonCode());
      await().atMost(PATIENCE).until(() -> as("vera").ask("GET", path, null).status() == 404);
      assertFalse(as("vera").get(path + "/location").path("attached").asBoolean());
    }
    assertEquals(404, as("vera").ask("GET", "/clients/nobody/location", null).status());
    assertEquals(404, as("anna").ask("DELETE", "/clients/nobody", null).status());
  }

  @Test
  void explain_walksTheWayOfAMessage() {
    String to = "/explain?to=why&topic=";
    assertEquals("not", as("vera").get(to + "why/a").path("verdict").asText());
    try (RawConnection client =
        RawConnection.openAnd(
            cluster.gateway(1), RawConnect.kept(5, "why").withKeptSeconds(3600).encoded())) {
      client.send(Packets.subscribe(1, "why/+", 1)).read();

      JsonNode now = as("vera").get(to + "why/a&qos=2&from=why");
      assertEquals("would be delivered now with QoS 1", now.path("text").asText(), now::toString);
      List<JsonNode> steps = new ArrayList<>();
      now.path("steps").forEach(steps::add);
      assertEquals(
          List.of("publisher", "router", "session", "subscription", "receiver", "queue"),
          texts(steps, "step"));
      assertEquals("why/+", steps.get(1).at("/facts/routes/0/filter").asText(), now::toString);
      assertEquals(steps.get(0).path("node"), steps.get(4).path("node"), now::toString);
      assertTrue(
          cluster.all(Kind.STORE).stream()
              .anyMatch(store -> store.status().path("id").equals(steps.get(2).path("node"))),
          now::toString);

      JsonNode missed = as("vera").get(to + "why/a/b");
      assertEquals("not", missed.path("verdict").asText());
      assertTrue(missed.path("text").asText().contains("nearest why/+"), missed::toString);
      client.send(Packets.disconnect());
      client.awaitClosedSilently();
    }
    await()
        .atMost(PATIENCE)
        .until(() -> as("vera").get(to + "why/a").path("verdict").asText().equals("queued"));
    assertEquals("not", as("vera").get(to + "why/a&qos=0").path("verdict").asText());
    assertEquals(0, as("vera").get("/sessions/why").at("/session/queued").asInt());
    assertEquals(403, as("paul").ask("GET", to + "why/a&namespace=", null).status());
  }

  @Test
  void explain_sessionThatEndsWithItsConnection_itsGatewayIsAsked() {
    try (RawConnection one =
            RawConnection.openAnd(cluster.gateway(0), RawConnect.clean(5, "fleeting").encoded());
        RawConnection two =
            RawConnection.openAnd(cluster.gateway(1), RawConnect.clean(5, "mate").encoded())) {
      one.send(Packets.subscribe(1, "fleet/#", 0)).read();
      one.send(Packets.subscribe(2, "$share/fleet/turns", 1)).read();
      two.send(Packets.subscribe(1, "$share/fleet/turns", 1)).read();

      String to = "/explain?to=fleeting&topic=";
      assertEquals(
          "would be delivered now with QoS 0",
          as("vera").get(to + "fleet/1").path("text").asText());
      assertEquals(
          "would reach it in its turn: it is one of 2 members of $share/fleet/turns",
          as("vera").get(to + "turns").path("text").asText());
      List<JsonNode> routes = walk(as("vera"), "/routes?filter=turns", 1);
      assertEquals(List.of("fleet"), texts(routes, "group"));
      assertEquals(2, routes.getFirst().path("origins").size(), routes::toString);
      String gateway = as("vera").get("/clients/fleeting").path("gateway").asText();
      assertEquals(
          List.of("fleet/#"),
          texts(walk(as("vera"), "/routes?filter=fleet*&origin=" + gateway, 1), "filter"));
      assertEquals(403, as("paul").ask("GET", "/routes?namespace=", null).status());
      assertEquals(0, walk(as("paul"), "/routes?filter=turns", 1).size());
    }
  }

  @Test
  void session_withQueue_isLookedAtAndEnded() {
    List<String> ids = IntStream.range(0, 12).mapToObj(i -> "queue-%02d".formatted(i)).toList();
    for (String id : ids) {
      try (RawConnection away =
          RawConnection.openAnd(
              cluster.gateway(0), RawConnect.kept(5, id).withKeptSeconds(3600).encoded())) {
        away.send(Packets.subscribe(1, "queue/" + id, 1)).read();
        away.send(Packets.disconnect());
        away.awaitClosedSilently();
      }
    }
    JsonNode results =
        as("anna")
            .ask(
                "POST",
                "/messages",
                """
                {"messages": [
                  {"topic": "queue/queue-03", "payload": "first"},
                  {"topic": "queue/queue-03", "payloadBase64": "c2Vjb25k", "qos": 2},
                  {"topic": "queue/nobody", "payload": "x"},
                  {"topic": "queue/+", "payload": "x"}]}
                """)
            .body()
            .path("results");
    List<String> outcomes = new ArrayList<>();
    results.forEach(one -> outcomes.add(one.path("outcome").asText()));
    assertEquals(List.of("published", "published", "no-subscribers", "refused"), outcomes);

    assertEquals(ids, texts(walk(as("vera"), "/sessions?id=queue-*", 5), "clientId"));
    assertEquals(
        List.of("queue-03"),
        texts(walk(as("vera"), "/sessions?id=queue-*&minQueued=1", 5), "clientId"));
    JsonNode details = as("vera").get("/sessions/queue-03");
    assertEquals("queue/queue-03", details.at("/subscriptions/0/filter").asText());
    assertEquals(2, details.at("/session/queued").asInt());

    String messages = "/sessions/queue-03/messages";
    assertEquals(403, as("vera").ask("GET", messages, null).status());
    JsonNode first = as("anna").get(messages + "?limit=1");
    assertEquals("first", OperatedCluster.decoded(first.at("/messages/0/message/payload")));
    JsonNode second = as("anna").get(messages + "?limit=1&from=" + first.path("next").asLong());
    assertEquals("second", OperatedCluster.decoded(second.at("/messages/0/message/payload")));
    assertTrue(second.path("next").isNull(), second::toString);
    assertEquals(2, as("vera").get("/sessions/queue-03").at("/session/queued").asInt());

    assertEquals(
        2, as("anna").ask("DELETE", "/sessions/queue-03", null).body().path("queued").asInt());
    assertEquals(404, as("vera").ask("GET", "/sessions/queue-03", null).status());
    try (RawConnection back = RawConnection.open(cluster.gateway(1))) {
      assertFalse(back.send(RawConnect.kept(5, "queue-03").encoded()).read().sessionPresent());
    }
  }

  @Test
  void sessionOfAConnectedClient_ended_clientIsDisconnected() {
    try (RawConnection client =
        RawConnection.openAnd(
            cluster.gateway(1), RawConnect.kept(5, "ended").withKeptSeconds(3600).encoded())) {
      assertEquals(200, as("anna").ask("DELETE", "/sessions/ended", null).status());
      assertEquals(ADMINISTRATIVE_ACTION, client.read().reasonCode());
    }
    assertEquals(404, as("vera").ask("GET", "/sessions/ended", null).status());
  }

  @Test
  void retained_ofAllShards_areOneList() {
    List<String> topics = IntStream.range(0, 23).mapToObj(i -> "kept/%02d/ä".formatted(i)).toList();
    StringBuilder batch = new StringBuilder("{\"messages\": [");
    topics.forEach(
        topic ->
            batch
                .append("{\"topic\": \"")
                .append(topic)
                .append("\", \"payload\": \"v\", \"retain\": true},"));
    batch.setCharAt(batch.length() - 1, ']');
    assertEquals(200, as("anna").ask("POST", "/messages", batch.append('}').toString()).status());

    assertEquals(topics, texts(walk(as("vera"), "/retained?filter=kept/%23", 4), "topic"));
    assertEquals(
        List.of("kept/07/ä"), texts(walk(as("vera"), "/retained?filter=kept/07/%2B", 4), "topic"));
    assertEquals(403, as("vera").ask("GET", "/retained?payloads=true", null).status());
    assertEquals(
        "v",
        OperatedCluster.decoded(
            as("anna").get("/retained?filter=kept/%23&payloads=true").at("/items/0/payload")));

    as("anna")
        .ask("POST", "/messages", "{\"messages\": [{\"topic\": \"kept/07/ä\", \"retain\": true}]}");
    assertEquals(22, walk(as("vera"), "/retained?filter=kept/%23", 100).size());
  }

  @Test
  void operatorOfANamespace_seesNoOther() {
    try (RawConnection _ =
            RawConnection.openAnd(
                cluster.gatewaysFrom(0, "plant").getFirst(),
                RawConnect.clean(5, "scoped").encoded());
        RawConnection _ =
            RawConnection.openAnd(cluster.gateway(0), RawConnect.clean(5, "scoped").encoded())) {
      assertEquals(2, walk(as("vera"), "/clients?id=scoped", 10).size());
      List<JsonNode> own = walk(as("paul"), "/clients?id=scoped", 10);
      assertEquals(List.of("plant"), texts(own, "namespace"));
      assertEquals("plant", as("paul").get("/clients/scoped").path("namespace").asText());
      assertEquals(403, as("paul").ask("GET", "/clients?namespace=", null).status());
      assertEquals(403, as("paul").ask("DELETE", "/clients/scoped?namespace=", null).status());
      assertEquals(403, as("paul").ask("GET", "/nodes", null).status());
    }
  }

  @Test
  void nobody_comesInWithoutProof() {
    AdminApi.Answer none =
        new AdminApi(OperatedCluster.registry(cluster), null).ask("GET", "/clients", null);
    assertEquals(401, none.status());
    assertEquals(401, none.body().path("status").asInt());
    assertEquals(
        401,
        AdminApi.as(OperatedCluster.registry(cluster), "root", "wrong")
            .ask("GET", "/me", null)
            .status());
    assertEquals(
        401,
        AdminApi.as(OperatedCluster.registry(cluster), "mallory", "correct horse")
            .ask("GET", "/me", null)
            .status());
    assertEquals(
        401,
        new AdminApi(OperatedCluster.registry(cluster), null)
            .ask("POST", "/login", "{\"name\": \"mallory\", \"password\": \"x\"}")
            .status());
    OperatedCluster.awaitNoted(
        cluster, "operator=?mallory from=127.0.0.1 did=\"POST /api/v1/login\" status=401");
    AdminApi.Answer token =
        new AdminApi(OperatedCluster.registry(cluster), null)
            .ask("POST", "/login", "{\"name\": \"vera\", \"password\": \"correct horse\"}");
    String bearer = "Bearer " + token.body().path("token").asText();
    assertEquals(
        "vera",
        new AdminApi(OperatedCluster.registry(cluster), bearer).get("/me").path("name").asText());
    assertEquals(
        401,
        new AdminApi(OperatedCluster.registry(cluster), bearer + "x")
            .ask("GET", "/me", null)
            .status());
    assertEquals(
        403,
        new AdminApi(OperatedCluster.registry(cluster), bearer)
            .ask("DELETE", "/clients/nobody", null)
            .status());
  }

  @Test
  void nodes_answerNobodyWhoDoesNotKnowTheKey() throws Exception {
    for (Kind kind : List.of(Kind.GATEWAY, Kind.ROUTER, Kind.STORE)) {
      String operation =
          kind == Kind.GATEWAY ? "clients" : kind == Kind.ROUTER ? "routes" : "sessions";
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://"
                          + cluster.all(kind).getFirst().http()
                          + "/node/operations/"
                          + operation))
              .header("Content-Type", "application/json")
              .header("Authorization", "Bearer guessed")
              .POST(HttpRequest.BodyPublishers.ofString("{\"filter\":{},\"limit\":1}"))
              .build();
      try (HttpClient client = HttpClient.newHttpClient()) {
        assertEquals(
            401, client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
      }
    }
  }

  @Test
  void wrongQuestions_areToldWhatIsWrong() {
    for (String path :
        List.of(
            "/clients?limit=0",
            "/clients?limit=many",
            "/clients?address=10.0.0",
            "/clients?protocol=6",
            "/clients?gateway=none",
            "/clients?connectedSince=yesterday",
            "/clients?connectedSince=%2B1000000000-12-31T23:59:59Z",
            "/clients?persistent=1",
            "/sessions?attached=yes",
            "/retained?payloads=on",
            "/clients?cursor=!",
            "/routes?cursor=!",
            "/routes?router=none",
            "/routes?limit=0",
            "/explain?topic=a/%2B&to=c",
            "/explain?to=&topic=a",
            "/explain?qos=3&topic=a&to=c",
            "/explain?retain=maybe&topic=a&to=c",
            "/sessions?limit=10001",
            "/retained?filter=a%23")) {
      AdminApi.Answer answer = as("root").ask("GET", path, null);
      assertEquals(400, answer.status(), path);
      String parameter = path.substring(path.indexOf('?') + 1, path.indexOf('='));
      assertTrue(answer.body().path("detail").asText().contains(parameter), answer::toString);
    }
    assertEquals(404, as("root").ask("GET", "/nonsense", null).status());
    for (String body :
        List.of(
            "{}",
            "{\"messages\": []}",
            "{\"messages\": [null]}",
            "{\"messages\": [{\"payload\": \"x\"}]}",
            "{\"messages\": [{\"topic\": \"a\", \"qos\": 3}]}",
            "{\"messages\": [{\"topic\": \"a\", \"payloadBase64\": \"!\"}]}",
            "{\"messages\": [{\"topic\": \"a\", \"contentType\": \"\\u0000\"}]}",
            "no JSON")) {
      AdminApi.Answer answer = as("root").ask("POST", "/messages", body);
      assertEquals(400, answer.status(), () -> body + answer);
    }
    assertEquals(400, as("root").ask("DELETE", "/clients/c?reason=138", null).status());
    assertEquals(
        0,
        as("root").get("/clients?id=x&connectedSince=1700-01-01T00:00:00Z").at("/missing").size());
  }

  @Test
  void nodeThatDoesNotAnswer_isNamed() {
    ClusterNode silent = cluster.all(Kind.GATEWAY).get(1);
    String id = silent.status().path("id").asText();
    silent.process().pause();
    try {
      JsonNode missing = as("vera").get("/clients").path("missing");
      assertEquals(id, missing.path(0).path("node").asText(), missing::toString);
    } finally {
      silent.process().resume();
    }
    await().atMost(PATIENCE).until(() -> as("vera").get("/clients").path("missing").isEmpty());
  }

  private static boolean isTold(String event, String kind, String node) {
    return TOLD.stream()
        .anyMatch(
            told ->
                told.path("event").asText().equals(event)
                    && told.at("/alarm/kind").asText().equals(kind)
                    && told.at("/alarm/node").asText("").equals(node));
  }

  private static boolean hasAlarm(String list, String kind, String node) {
    for (JsonNode alarm : as("vera").get("/alarms").path(list)) {
      if (alarm.path("kind").asText().equals(kind)
          && (node.isEmpty() || alarm.path("node").asText().equals(node))) {
        return true;
      }
    }
    return false;
  }

  @Test
  void storeThatIsAway_raisesAlarms_thatAreTold_andClearedWhenItIsBack() {
    ClusterNode away = cluster.all(Kind.STORE).get(1);
    String id = away.status().path("id").asText();
    away.process().pause();
    try {
      await().atMost(PATIENCE).until(() -> hasAlarm("items", "node-down", id));
      await().atMost(PATIENCE).until(() -> hasAlarm("items", "shard-without-majority", ""));
      await().atMost(PATIENCE).until(() -> isTold("raised", "node-down", id));
    } finally {
      away.process().resume();
    }
    await().atMost(PATIENCE).until(() -> !hasAlarm("items", "node-down", id));
    await().atMost(PATIENCE).until(() -> !hasAlarm("items", "shard-without-majority", ""));
    assertTrue(hasAlarm("cleared", "node-down", id));
    await().atMost(PATIENCE).until(() -> isTold("cleared", "node-down", id));
    assertEquals(403, as("paul").ask("GET", "/alarms", null).status());
    assertEquals(400, as("vera").ask("GET", "/alarms?cleared=1001", null).status());
  }

  @Test
  void rulesAndBans_areChangedForAllGateways_andTakenBack() {
    AdminApi root = as("root");
    assertEquals(428, root.ask("PUT", "/access", "{}").status());
    JsonNode before = root.get("/access");
    AdminApi.Answer changed =
        root.follow(
            '"' + before.path("version").asText() + '"',
            "PUT",
            "/access",
            "{\"rules\": [{\"deny\": \"subscribe\", \"topics\": \"secret\"}, {\"default\":"
                + " \"allow\"}]}");
    assertEquals(200, changed.status(), changed::toString);
    assertEquals("root", changed.body().path("by").asText());
    assertEquals(412, root.follow("\"1\"", "PUT", "/access", "{}").status());
    assertEquals(403, as("anna").follow("*", "PUT", "/access", "{}").status());
    for (int gateway = 0; gateway < 2; gateway++) {
      try (RawConnection curious =
          RawConnection.openAnd(
              cluster.gateway(gateway), RawConnect.clean(5, "curious").encoded())) {
        await().atMost(PATIENCE).until(() -> subscribed(curious) == 0x87);
      }
    }
    AdminApi.Answer empty = root.follow("*", "PUT", "/access", "{}");
    assertEquals(200, empty.status(), empty::toString);
    String version = changed.body().path("version").asText();
    assertEquals(
        changed.body().path("content"), root.get("/access/versions/" + version).path("content"));
    assertEquals(
        200, root.follow("*", "POST", "/access/versions/" + version + "/restore", null).status());
    assertEquals(changed.body().path("content"), root.get("/access").path("content"));
    assertEquals(200, root.follow("*", "PUT", "/access", "{}").status());

    try (RawConnection pump =
        RawConnection.openAnd(cluster.gateway(1), RawConnect.clean(5, "stolen").encoded())) {
      String over = "{\"client-id\": \"stolen\", \"until\": \"2026-01-01T00:00:00Z\"}";
      assertEquals(400, as("anna").ask("POST", "/bans", over).status());
      String ban = "{\"client-id\": \"stolen\", \"namespace\": null, \"until\": null}";
      assertEquals(200, as("anna").ask("POST", "/bans", ban).status());
      assertEquals(0x8A, pump.read().reasonCode());
    }
    assertEquals("anna", root.get("/bans").at("/content/bans/0/by").asText());
    assertEquals(403, as("paul").ask("DELETE", "/bans?clientId=none", null).status());
    assertEquals(200, as("anna").ask("DELETE", "/bans?clientId=stolen", null).status());
    assertEquals(404, as("anna").ask("DELETE", "/bans?clientId=stolen", null).status());
    String did =
        "\"operator\":\"anna\",\"from\":\"127.0.0.1\",\"method\":\"DELETE\","
            + "\"request\":\"/api/v1/bans?clientId=stolen\",\"status\":404}";
    await().atMost(PATIENCE).until(() -> Files.readString(AUDIT).contains(did));

    assertEquals(
        409,
        root.follow("*", "PUT", "/namespaces", "{}").status(),
        "the file of the registry says which there are");
  }

  private static int subscribed(RawConnection client) {
    return client.send(Packets.subscribe(1, "secret", 1)).read().reasonCode();
  }

  @Test
  void shardsAndNodes_areAllThere() {
    JsonNode shards = as("vera").get("/shards").path("items");
    assertTrue(shards.size() > 0, shards::toString);
    shards.forEach(shard -> assertTrue(shard.path("leader").isTextual(), shard::toString));
    assertEquals(6, as("vera").get("/nodes").path("items").size());
  }
}
