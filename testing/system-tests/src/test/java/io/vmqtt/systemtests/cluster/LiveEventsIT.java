package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.vmqtt.systemtests.AdminApi;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators hear as it happens: messages, and what becomes of processes. */
class LiveEventsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Path FILE = OperatedCluster.operators();

  @RegisterExtension
  static final ClusterProcesses cluster =
      ClusterProcesses.of(1, 2, 2)
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

  @Test
  void messages_subscribed_areHeardOfEveryGateway_inForceFromTheFirstEventOn() throws Exception {
    assertEquals(403, as("vera").ask("GET", "/messages?filter=heard/%23", null).status());
    assertEquals(400, as("anna").ask("GET", "/messages", null).status());
    assertEquals(400, as("anna").ask("GET", "/messages?filter=a%23", null).status());
    assertEquals(403, as("paul").ask("GET", "/messages?filter=a&namespace=other", null).status());
    String kept = "{\"payload\": \"kept\"}";
    assertEquals(200, as("anna").ask("PUT", "/retained/heard%2Fkept", kept).status());
    Queue<String> told = new ConcurrentLinkedQueue<>();
    try (ExecutorService reader = Executors.newSingleThreadExecutor();
        Stream<String> lines =
            as("anna").lines("/messages?filter=heard/%23&filter=alone&qos=1&retained=true")) {
      var _ = reader.submit(() -> lines.filter(line -> !line.isEmpty()).forEach(told::add));
      await().atMost(PATIENCE).until(() -> told.contains("event: subscribed"));
      for (int gateway = 0; gateway < 2; gateway++) {
        try (RawConnection client =
            RawConnection.openAnd(cluster.gateway(gateway), RawConnect.clean(5, "").encoded())) {
          assertEquals(
              0, client.send(Packets.publish("heard/" + gateway, "x", 1, 1)).read().reasonCode());
          client.send(Packets.publish("unheard", "x", 1, 2)).read();
        }
      }
      assertEquals(
          200,
          as("anna").ask("POST", "/messages", "{\"messages\": [{\"topic\": \"alone\"}]}").status());
      await().atMost(PATIENCE).until(() -> count(told, "data: {", "\"topic\"") == 4);
      for (String topic : List.of("heard/0", "heard/1", "alone", "heard/kept")) {
        assertEquals(1, count(told, '"' + topic + '"', "\"qos\":1"), told::toString);
      }
      assertEquals(1, count(told, "heard/kept", "\"retain\":true"), told::toString);
      assertEquals(1, count(told, "heard/0", "\"payload\":\"eA==\""), told::toString);
    }
    assertEquals(200, as("anna").ask("DELETE", "/retained/heard%2Fkept", null).status());
  }

  @Test
  void messages_filterWithAComma_isOneFilter() throws Exception {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    assertNotEquals(200, as("anna").ask("HEAD", "/messages?filter=a", null).status());
    try (ExecutorService reader = Executors.newSingleThreadExecutor();
        Stream<String> lines = as("anna").lines("/messages?filter=comma,a")) {
      var _ = reader.submit(() -> lines.filter(line -> !line.isEmpty()).forEach(told::add));
      await().atMost(PATIENCE).until(() -> told.contains("event: subscribed"));
      for (String topic : List.of("comma", "a", "comma,a")) {
        String message = "{\"messages\": [{\"topic\": \"" + topic + "\"}]}";
        assertEquals(200, as("anna").ask("POST", "/messages", message).status());
      }
      await().atMost(PATIENCE).until(() -> count(told, "\"topic\":\"comma,a\"", "") == 1);
      assertEquals(1, count(told, "\"topic\"", ""), told::toString);
    }
  }

  @Test
  void messages_subscribed_gatewayDies_goesOnByTheOther() throws Exception {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    try (ExecutorService reader = Executors.newSingleThreadExecutor();
        Stream<String> lines = as("anna").lines("/messages?filter=goes/on")) {
      var _ = reader.submit(() -> lines.filter(line -> !line.isEmpty()).forEach(told::add));
      await().atMost(PATIENCE).until(() -> count(told, "\"gateway\"", "") == 1);
      ClusterNode gateway =
          cluster.all(Kind.GATEWAY).stream()
              .filter(one -> count(told, one.status().path("id").asText(), "") == 1)
              .findFirst()
              .orElseThrow();

      gateway.process().kill();
      await().atMost(PATIENCE).until(() -> count(told, "event: subscribed", "") == 2);
      assertEquals(1, count(told, "event: gap", ""), told::toString);
      // Consul may still take the one that is gone for healthy, and it may be asked.
      String message = "{\"messages\": [{\"topic\": \"goes/on\"}]}";
      await()
          .atMost(PATIENCE)
          .until(() -> as("anna").ask("POST", "/messages", message).status() == 200);
      await().atMost(PATIENCE).until(() -> count(told, "\"topic\":\"goes/on\"", "") > 0);

      gateway.start();
      gateway.awaitReady();
    }
  }

  /** What there is comes first, then a gateway that goes, and comes back as another. */
  @Test
  void changes_nodesThatComeAndGo_areToldAsTheyDo() throws Exception {
    ClusterNode gateway = cluster.all(Kind.GATEWAY).getLast();
    String id = gateway.status().path("id").asText();
    Queue<String> told = new ConcurrentLinkedQueue<>();
    try (ExecutorService reader = Executors.newSingleThreadExecutor();
        Stream<String> lines = as("vera").lines("/changes")) {
      var _ =
          reader.submit(() -> lines.filter(line -> line.startsWith("data: {")).forEach(told::add));
      await().atMost(PATIENCE).until(() -> count(told, "node-up", "") >= 6);
      assertEquals(1, count(told, "node-up", id), told::toString);

      gateway.process().kill();
      await().atMost(PATIENCE).until(() -> count(told, "node-down", id) == 1);

      gateway.start();
      gateway.awaitReady();
      String next = gateway.status().path("id").asText();
      await().atMost(PATIENCE).until(() -> count(told, "node-up", next) == 1);
    }
    assertEquals(
        401,
        new AdminApi(cluster.all(Kind.REGISTRY).getFirst().http(), null)
            .ask("GET", "/changes", null)
            .status());
  }

  private static long count(Queue<String> told, String kind, String id) {
    return told.stream().filter(line -> line.contains(kind) && line.contains(id)).count();
  }
}
