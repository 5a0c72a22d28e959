package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Consul that has lost its memory while every process was down. */
@Tag("slow")
class ForgottenShardMapIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @RegisterExtension static final ClusterProcesses cluster = ClusterProcesses.of(1, 1, 1);
  @RegisterExtension final Clients clients = new Clients();

  private static ClusterNode only(Kind kind) {
    return cluster.all(kind).getFirst();
  }

  private RecordingClient persistent(String id) {
    return clients.create(
        ClientLibrary.HIVEMQ_5, ClientSettings.of(cluster.gateway(0), id).withPersistentSession());
  }

  /** A session with a message that waits for it, on the only store. */
  private String sessionWithAMessage() {
    String id = Names.client("subscriber");
    RecordingClient subscriber = persistent(id);
    subscriber.connect();
    subscriber.subscribe(id, 1);
    subscriber.disconnect();
    clients.connect(ClientLibrary.HIVEMQ_5, cluster.gateway(0)).publish(id, "waits", 1, false);
    return id;
  }

  private static void loseEverythingButTheDisksOfStores() {
    cluster.killAll();
    cluster.consul().kill();
    cluster.consul().startAgain();
  }

  private static void start(ClusterNode... nodes) {
    for (ClusterNode node : nodes) {
      node.start();
    }
    for (ClusterNode node : nodes) {
      node.process().awaitReady("GET /health is 200", () -> HttpProbe.isOk(node.http(), "/health"));
    }
  }

  private static void awaitWord(ClusterNode speaker, String... words) {
    await(speaker.name() + " says " + List.of(words))
        .atMost(PATIENCE)
        .until(
            () ->
                speaker.process().output().stream()
                    .anyMatch(line -> List.of(words).stream().allMatch(line::contains)));
  }

  private static JsonNode awaitShardMap() {
    await("a shard map is in force")
        .atMost(PATIENCE)
        .until(() -> !cluster.status().path("shardMap").path("cluster").asText().isEmpty());
    return cluster.status().path("shardMap");
  }

  @Test
  void consulForgets_storeWithoutShardsStartsFirst_waitsForTheOneThatHasThem() {
    ClusterNode holder = only(Kind.STORE);
    String holderId = holder.status().path("id").asText();
    String id = sessionWithAMessage();
    JsonNode map = cluster.status().path("shardMap");
    ClusterNode latecomer = cluster.addStore();
    awaitWord(latecomer, "gives this store nothing", holderId);

    loseEverythingButTheDisksOfStores();
    start(latecomer, only(Kind.REGISTRY), only(Kind.ROUTER), only(Kind.GATEWAY));

    assertEquals(map, awaitShardMap());
    awaitWord(only(Kind.REGISTRY), "Waiting for stores that hold shards", holderId);
    assertEquals(List.of(), shardsOf(latecomer));

    start(holder);
    only(Kind.GATEWAY).awaitReady();
    RecordingClient subscriber = persistent(id);
    assertTrue(subscriber.connect(), "the session is there");
    subscriber.inbox().awaitExactly(List.of("waits"));
  }

  @Test
  void anotherClusterWasMade_storeOfTheOldOne_refusedAndItsDataUntouched() {
    ClusterNode holder = only(Kind.STORE);
    String id = sessionWithAMessage();
    String old = cluster.status().path("shardMap").path("cluster").asText();

    loseEverythingButTheDisksOfStores();
    start(only(Kind.REGISTRY));
    ClusterNode stranger = cluster.addStore();
    String made = awaitShardMap().path("cluster").asText();
    start(holder, only(Kind.ROUTER), only(Kind.GATEWAY));

    awaitWord(holder, "ERROR", "refused", old, made);
    awaitWord(only(Kind.REGISTRY), "ERROR", "refused", old, made);
    assertEquals(List.of(), shardsOf(holder));
    assertEquals(made, holder.status().path("figures").path("refusedCluster").asText());

    // The way out that the operator's manual names: only the old one's stores, and a new Consul.
    stranger.process().kill();
    loseEverythingButTheDisksOfStores();
    start(only(Kind.REGISTRY), holder, only(Kind.ROUTER), only(Kind.GATEWAY));
    only(Kind.GATEWAY).awaitReady();
    assertEquals(old, awaitShardMap().path("cluster").asText());
    RecordingClient subscriber = persistent(id);
    assertTrue(subscriber.connect(), "the session is there");
    subscriber.inbox().awaitExactly(List.of("waits"));
  }

  private static List<JsonNode> shardsOf(ClusterNode store) {
    return store.status().path("figures").path("shards").valueStream().toList();
  }
}
