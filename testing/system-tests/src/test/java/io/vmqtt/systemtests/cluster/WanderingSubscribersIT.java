package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.history.History;
import io.vmqtt.testkit.history.NoAcknowledgedMessageLost;
import io.vmqtt.testkit.history.OrderPerPublisherAndTopic;
import io.vmqtt.testkit.history.QosTwoExactlyOnce;
import io.vmqtt.testkit.history.SentMessage;
import io.vmqtt.testkit.net.BreakableRelay;
import io.vmqtt.testkit.process.ClusterProcesses;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Persistent subscribers that leave and return elsewhere while messages flow. */
@Tag("slow")
class WanderingSubscribersIT {
  private static final long SEED = 20_251;
  private static final int PUBLISHERS = 20;
  private static final int SUBSCRIBERS = 20;
  private static final int MESSAGES_EACH = 500;
  private static final int GROUPS = 5;
  private static final int GATEWAYS = 3;
  private static final int JOURNEYS_EACH = 3;
  private static final int IN_FLIGHT = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @RegisterExtension static final ClusterProcesses cluster = ClusterProcesses.of(2, 2, GATEWAYS);
  @RegisterExtension final Clients clients = new Clients();

  private final String root = Names.topic();
  private final History history = new History();

  /** A subscriber's place among the others, and the client that it is at the moment. */
  private final class Wanderer {
    private final String id = Names.client("wanderer");
    private final int number;
    private RecordingClient client;
    private int gateway;

    Wanderer(int number) {
      this.number = number;
      this.gateway = number % GATEWAYS;
      String prefix = root + "/" + number % GROUPS + "/";
      history.subscribed(id, topic -> topic.startsWith(prefix));
      client = arrive();
      client.subscribe(prefix + "+", 1);
    }

    private RecordingClient arrive() {
      ClientLibrary library = number % 2 == 0 ? ClientLibrary.HIVEMQ_5 : ClientLibrary.HIVEMQ_3;
      RecordingClient arrived =
          clients.create(
              library, ClientSettings.of(cluster.gateway(gateway), id).withPersistentSession());
      arrived
          .inbox()
          .onReceipt(receipt -> history.received(id, SentMessage.ofPayload(receipt.payload())));
      arrived.connect();
      return arrived;
    }

    void travel(int toGateway) {
      client.disconnect();
      gateway = toGateway;
      client = arrive();
    }
  }

  @Test
  @Conforms(
      v311 = {"MQTT-3.1.2-5", "MQTT-4.5.0-1", "MQTT-4.6.0-5", "MQTT-4.6.0-6"},
      v5 = {"MQTT-3.1.2-23", "MQTT-4.5.0-1", "MQTT-4.6.0-5", "MQTT-4.6.0-6"})
  void publish_tenThousandToSubscribersThatMoveBetweenGateways_losesNoneAndKeepsOrder()
      throws Exception {
    List<Wanderer> wanderers = new ArrayList<>();
    for (int number = 0; number < SUBSCRIBERS; number++) {
      wanderers.add(new Wanderer(number));
    }
    List<RecordingClient> publishers = new ArrayList<>();
    for (int number = 0; number < PUBLISHERS; number++) {
      publishers.add(clients.connect(ClientLibrary.HIVEMQ_5, cluster.gateway(number % GATEWAYS)));
    }

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int number = 0; number < PUBLISHERS; number++) {
        RecordingClient publisher = publishers.get(number);
        String name = "publisher-" + number;
        String topic = root + "/" + number % GROUPS + "/" + number;
        all.add(threads.submit(() -> publishAll(publisher, name, topic)));
      }
      for (Wanderer wanderer : wanderers) {
        Random random = new Random(SEED + wanderer.number);
        all.add(threads.submit(() -> wander(wanderer, random)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }

    assertEquals(PUBLISHERS * MESSAGES_EACH, history.acknowledged().size());
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> history.mustKeep(new NoAcknowledgedMessageLost()));
    history.mustKeep(new OrderPerPublisherAndTopic());
  }

  private void publishAll(RecordingClient publisher, String name, String topic) {
    Semaphore window = new Semaphore(IN_FLIGHT);
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    for (int sequence = 1; sequence <= MESSAGES_EACH; sequence++) {
      window.acquireUninterruptibly();
      SentMessage message = new SentMessage(name, topic, 1, sequence);
      sent.add(
          publisher
              .publishAsync(topic, message.payload(), 1, false)
              .thenRun(() -> history.acknowledged(message))
              .whenComplete((done, failure) -> window.release()));
    }
    sent.forEach(CompletableFuture::join);
  }

  /** Moves on each time that a random share of what it is to receive in all has arrived. */
  private void wander(Wanderer wanderer, Random random) {
    int owed = PUBLISHERS / GROUPS * MESSAGES_EACH;
    for (int journey = 1; journey <= JOURNEYS_EACH; journey++) {
      int until = random.nextInt(owed * (journey - 1) / 4, owed * journey / 4);
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> history.countReceivedBy(wanderer.id) >= until);
      wanderer.travel((wanderer.gateway + random.nextInt(1, GATEWAYS)) % GATEWAYS);
    }
  }

  @Test
  @Conforms(v5 = {"MQTT-4.3.3-10", "MQTT-4.4.0-1"})
  void connect_elsewhereInTheMiddleOfQos2_deliversExactlyOnce() throws IOException {
    String topic = Names.topic();
    String id = Names.client("wanderer");
    History exact = new History();
    exact.subscribed(id, topic::equals);
    RecordingClient publisher = clients.connect(ClientLibrary.HIVEMQ_5, cluster.gateway(0));
    try (BreakableRelay relay = new BreakableRelay(cluster.gateway(1))) {
      RecordingClient subscriber =
          clients.create(
              ClientLibrary.HIVEMQ_5,
              ClientSettings.of(relay.address(), id).withPersistentSession());
      subscriber.connect();
      subscriber.subscribe(topic, 2);
      for (int sequence = 1; sequence <= MESSAGES_EACH; sequence++) {
        SentMessage message = new SentMessage("publisher", topic, 2, sequence);
        publisher.publish(topic, message.payload(), 2);
        exact.acknowledged(message);
        if (sequence % 100 == 0) {
          relay.redirectTo(cluster.gateway(sequence / 100 % GATEWAYS));
          relay.cut();
          subscriber.awaitDisconnected();
          assertTrue(subscriber.connect(), "the session is there");
        }
      }
      subscriber
          .inbox()
          .awaitPayload(new SentMessage("publisher", topic, 2, MESSAGES_EACH).payload())
          .forEach(receipt -> exact.received(id, SentMessage.ofPayload(receipt.payload())));
      exact.mustKeep(
          new NoAcknowledgedMessageLost(),
          new QosTwoExactlyOnce(),
          new OrderPerPublisherAndTopic());
    }
  }
}
