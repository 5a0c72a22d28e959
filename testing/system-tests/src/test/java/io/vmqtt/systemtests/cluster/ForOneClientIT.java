package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmqtt.systemtests.AdminApi;
import io.vmqtt.testkit.process.ClusterProcesses;
import io.vmqtt.testkit.raw.PacketBytes;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators see of one client of a cluster, and what they send to it alone. */
class ForOneClientIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Path FILE = OperatedCluster.operators();

  @RegisterExtension
  static final ClusterProcesses cluster =
      ClusterProcesses.of(1, 2, 2).withRegistryOptions("--operators", FILE.toString());

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

  private static RawConnection open(int gateway, RawConnect connect) {
    return RawConnection.openAnd(cluster.gateway(gateway), connect.encoded());
  }

  @Test
  void client_isToldWithItsWillAndItsRates() {
    RawConnect.RawWill will =
        new RawConnect.RawWill("gone/pump", "last words", 2, true, 7, new PacketBytes());
    try (RawConnection pump =
        open(1, RawConnect.kept(5, "told").withKeptSeconds(3600).withWill(will))) {
      assertTrue(as("vera").get("/clients/told").path("rates").isNull());
      JsonNode told = whilePublishing(pump);

      assertEquals("gone/pump", told.at("/will/topic").asText(), told::toString);
      assertEquals(2, told.at("/will/qos").asInt());
      assertTrue(told.at("/will/retain").asBoolean());
      assertEquals("last words".length(), told.at("/will/payloadBytes").asInt());
      assertEquals(7, told.at("/will/delaySeconds").asInt());
      assertEquals(60, told.path("keepAliveSeconds").asInt());
      assertTrue(told.at("/rates/messagesIn").asDouble() > 0, told::toString);
      assertTrue(told.at("/rates/bytesIn").asDouble() > 0, told::toString);
      assertEquals(0, told.at("/rates/messagesOut").asDouble());
      assertEquals(0, told.path("missing").size());
      assertEquals("gone/pump", as("vera").get("/sessions/told").at("/will/topic").asText());
      assertEquals(400, as("vera").ask("GET", "/clients/told?seconds=6", null).status());
      pump.send(Packets.disconnect());
      pump.awaitClosedSilently();
    }
    assertTrue(as("vera").get("/sessions/told").path("will").isNull());
  }

  /** It publishes until an answer says so: nobody knows when the count begins. */
  private static JsonNode whilePublishing(RawConnection client) {
    List<JsonNode> told = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              Thread counting =
                  Thread.startVirtualThread(
                      () -> told.add(as("vera").get("/clients/told?seconds=1")));
              while (counting.isAlive()) {
                client.send(Packets.publish("told/a", "x"));
                var _ = counting.join(Duration.ofMillis(20));
              }
              return told.getLast().at("/rates/messagesIn").asDouble() > 0;
            });
    return told.getLast();
  }

  private static List<String> send(String topic, int qos, String... clients) {
    String ids = String.join("\", \"", clients);
    JsonNode answer =
        as("anna")
            .ask(
                "POST",
                "/messages",
                """
                {"messages": [{"topic": "%s", "payload": "for you", "qos": %d, "clients": ["%s"]}]}
                """
                    .formatted(topic, qos, ids))
            .body();
    List<String> outcomes = new ArrayList<>();
    answer.at("/results/0/clients").forEach(one -> outcomes.add(one.path("outcome").asText()));
    return outcomes;
  }

  @Test
  void messages_forSomeClients_eachHasAnOutcome_andNobodyElseGetsThem() {
    try (RawConnection kept = open(0, RawConnect.kept(5, "kept").withKeptSeconds(3600));
        RawConnection away = open(0, RawConnect.kept(5, "away").withKeptSeconds(3600));
        RawConnection passing = open(1, RawConnect.clean(5, "passing"));
        RawConnection other = open(1, RawConnect.clean(5, "other"));
        RawConnection deaf = open(0, RawConnect.kept(5, "deaf").withKeptSeconds(3600))) {
      for (RawConnection one : List.of(kept, away, passing, other)) {
        one.send(Packets.subscribe(1, "orders/#", 1)).read();
      }
      away.send(Packets.disconnect());
      away.awaitClosedSilently();

      assertEquals(
          List.of("queued", "queued", "delivered", "no-subscription", "unknown"),
          send("orders/1", 1, "kept", "away", "passing", "deaf", "nobody"));
      assertEquals(
          List.of("sent", "offline", "delivered"), send("orders/1", 0, "kept", "away", "passing"));

      for (RawConnection one : List.of(kept, passing)) {
        RawPacket first = one.read();
        assertEquals(PacketType.PUBLISH, first.type());
        assertEquals(PacketType.PUBLISH, one.read().type());
      }
      other.send(Packets.pingReq());
      assertEquals(PacketType.PINGRESP, other.read().type());
      assertEquals(1, as("vera").get("/sessions/away").at("/session/queued").asInt());
      assertEquals(List.of("refused"), send("orders/+", 1, "kept"));
      deaf.send(Packets.disconnect());
    }
    String path = "/messages";
    assertEquals(
        400,
        as("anna")
            .ask("POST", path, "{\"messages\": [{\"topic\": \"a\", \"clients\": []}]}")
            .status());
    assertEquals(
        400,
        as("anna")
            .ask(
                "POST",
                path,
                "{\"messages\": [{\"topic\": \"a\", \"retain\": true, \"clients\": [\"b\"]}]}")
            .status());
    assertEquals(
        403,
        as("vera")
            .ask("POST", path, "{\"messages\": [{\"topic\": \"a\", \"clients\": [\"b\"]}]}")
            .status());
  }

  /** Its session was to stay, and is now to end with this connection: it is where it was. */
  @Test
  void messages_forAClientThatIsBackForTheLastTime_areQueued() {
    try (RawConnection first = open(0, RawConnect.kept(5, "back").withKeptSeconds(3600))) {
      first.send(Packets.subscribe(1, "orders/#", 1)).read();
      first.send(Packets.disconnect());
      first.awaitClosedSilently();
    }
    try (RawConnection last = open(1, RawConnect.kept(5, "back").withKeptSeconds(0))) {
      assertEquals(List.of("queued"), send("orders/2", 1, "back"));
      assertEquals(PacketType.PUBLISH, last.read().type());
    }
  }

  @Test
  void top_clientThatConnectsAgainAndAgain_isNamed() {
    for (int i = 0; i < 4; i++) {
      try (RawConnection client = open(0, RawConnect.clean(5, "nervous"))) {
        client.send(Packets.disconnect());
        client.awaitClosedSilently();
      }
    }
    JsonNode top = as("vera").get("/top?seconds=1");

    JsonNode first = top.at("/flapping/0");
    assertEquals("nervous", first.path("name").asText(), top::toString);
    assertTrue(first.path("count").asInt() >= 2, top::toString);
    assertEquals(0, as("paul").get("/top?seconds=1").path("flapping").size());
  }
}
