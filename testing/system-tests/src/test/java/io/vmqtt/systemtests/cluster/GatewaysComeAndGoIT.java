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
import io.vmqtt.testkit.history.History;
import io.vmqtt.testkit.history.NoAcknowledgedMessageLost;
import io.vmqtt.testkit.history.OrderPerPublisherAndTopic;
import io.vmqtt.testkit.history.SentMessage;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gateways are added and stopped while clients publish and receive. */
class GatewaysComeAndGoIT {
  private static final int PAIRS = 6;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @RegisterExtension static final ClusterProcesses cluster = ClusterProcesses.of(2, 2, 3);
  @RegisterExtension final Clients clients = new Clients();

  /** Publishers and persistent subscribers, in pairs, that go on until they are told to stop. */
  private final class Load implements AutoCloseable {
    private final History history = new History();
    private final List<RecordingClient> all = new ArrayList<>();
    private final List<RecordingClient> publishers = new ArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();

    Load() {
      String root = Names.topic();
      for (int pair = 0; pair < PAIRS; pair++) {
        String topic = root + "/" + pair;
        String id = Names.client("subscriber");
        history.subscribed(id, topic::equals);
        RecordingClient subscriber = returning(pair, id);
        subscriber
            .inbox()
            .onReceipt(receipt -> history.received(id, SentMessage.ofPayload(receipt.payload())));
        subscriber.connect();
        subscriber.subscribe(topic, 1);
        RecordingClient publisher = returning(pair + 1, Names.client("publisher"));
        publisher.connect();
        publishers.add(publisher);
        all.add(subscriber);
        all.add(publisher);
      }
      for (int pair = 0; pair < PAIRS; pair++) {
        RecordingClient publisher = publishers.get(pair);
        String topic = root + "/" + pair;
        String name = "publisher-" + pair;
        running.add(threads.submit(() -> publish(publisher, name, topic)));
      }
      awaitMore(PAIRS * 20);
    }

    private RecordingClient returning(int firstGateway, String id) {
      List<Address> gateways = cluster.gatewaysFrom(firstGateway);
      return clients.create(
          ClientLibrary.HIVEMQ_5,
          ClientSettings.of(gateways.getFirst(), id).withPersistentSession().returningTo(gateways));
    }

    private void publish(RecordingClient publisher, String name, String topic) {
      for (long sequence = 1; !stopped.get(); sequence++) {
        SentMessage message = new SentMessage(name, topic, 1, sequence);
        CompletableFuture<Void> acknowledged =
            publisher.publishAsync(topic, message.payload(), 1, false);
        acknowledged.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        history.acknowledged(message);
      }
    }

    /** Waits until so many more messages have been acknowledged. */
    void awaitMore(int count) {
      int target = history.acknowledged().size() + count;
      await().atMost(PATIENCE).until(() -> history.acknowledged().size() >= target);
    }

    /** How often clients have connected, beyond the first time. */
    int returns() {
      return all.stream().mapToInt(client -> client.connections() - 1).sum();
    }

    void finish() throws Exception {
      stopped.set(true);
      for (Future<?> one : running) {
        one.get();
      }
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .untilAsserted(() -> history.mustKeep(new NoAcknowledgedMessageLost()));
      history.mustKeep(new OrderPerPublisherAndTopic());
    }

    @Override
    public void close() {
      stopped.set(true);
      threads.close();
    }
  }

  private static long gatewaysInStatus(String health) {
    long count = 0;
    for (JsonNode node : cluster.status().path("nodes")) {
      if (node.path("role").asText().equals(Kind.GATEWAY.serviceName())
          && node.path("health").asText().equals(health)) {
        count++;
      }
    }
    return count;
  }

  @Test
  void addGateway_underLoad_appearsAndServes() throws Exception {
    try (Load load = new Load()) {
      int before = cluster.all(Kind.GATEWAY).size();
      ClusterNode added = cluster.addGateway();
      cluster.awaitPassing(Kind.GATEWAY, before + 1);
      await().atMost(PATIENCE).until(() -> gatewaysInStatus("passing") == before + 1);

      String topic = Names.topic();
      RecordingClient subscriber = clients.connect(ClientLibrary.PAHO_5, added.mqtt());
      subscriber.subscribe(topic, 1);
      RecordingClient publisher = clients.connect(ClientLibrary.PAHO_3, cluster.gateway(0));
      publisher.publish(topic, "to the new one", 1);
      subscriber.inbox().awaitPayload("to the new one");
      RecordingClient other = clients.connect(ClientLibrary.HIVEMQ_3, cluster.gateway(1));
      other.subscribe(topic, 2);
      subscriber.publish(topic, "from the new one", 2);
      other.inbox().awaitPayload("from the new one");

      load.awaitMore(PAIRS * 20);
      load.finish();
      assertEquals(0, load.returns(), "nobody was disturbed");
    }
  }

  @Test
  void stopGateway_underLoad_costsItsClientsAReconnectAndNothingElse() throws Exception {
    ClusterNode leaving = cluster.all(Kind.GATEWAY).getFirst();
    try (Load load = new Load()) {
      int before = cluster.all(Kind.GATEWAY).size();
      leaving.process().stop();
      cluster.awaitPassing(Kind.GATEWAY, before - 1);
      load.awaitMore(PAIRS * 20);
      load.finish();
      assertTrue(load.returns() > 0, "its clients went elsewhere");
    } finally {
      cluster.startAll();
    }
  }

  @Test
  void killGateway_underLoad_losesNothingThatWasAcknowledged() throws Exception {
    ClusterNode dying = cluster.all(Kind.GATEWAY).get(1);
    try (Load load = new Load()) {
      dying.process().kill();
      load.awaitMore(PAIRS * 20);
      load.finish();
      assertTrue(load.returns() > 0, "its clients went elsewhere");
    } finally {
      cluster.startAll();
    }
  }
}
