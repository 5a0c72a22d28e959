package io.vmqtt.systemtests.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.Receipt;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.history.History;
import io.vmqtt.testkit.history.NoAcknowledgedMessageLost;
import io.vmqtt.testkit.history.OrderPerPublisherAndTopic;
import io.vmqtt.testkit.history.QosTwoExactlyOnce;
import io.vmqtt.testkit.history.SentMessage;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was acknowledged outlives every process. */
@Tag("slow")
class ColdRestartIT {
  private static final int MESSAGES = 1_000;

  @RegisterExtension static final ClusterProcesses cluster = ClusterProcesses.of(2, 2, 3);
  @RegisterExtension final Clients clients = new Clients();

  /** A subscriber that has subscribed on the first gateway, and left. */
  private String subscriberThatLeft(String topic, int qos) {
    String id = Names.client("subscriber");
    RecordingClient subscriber = persistent(0, id);
    subscriber.connect();
    subscriber.subscribe(topic, qos);
    subscriber.disconnect();
    return id;
  }

  private RecordingClient persistent(int gateway, String id) {
    return clients.create(
        ClientLibrary.HIVEMQ_5,
        ClientSettings.of(cluster.gateway(gateway), id).withPersistentSession());
  }

  private static List<CompletableFuture<Void>> publishAll(
      RecordingClient publisher, String topic, int qos, History history) {
    return LongStream.rangeClosed(1, MESSAGES)
        .mapToObj(sequence -> new SentMessage("publisher", topic, qos, sequence))
        .map(
            message ->
                publisher
                    .publishAsync(topic, message.payload(), qos, false)
                    .thenRun(() -> history.acknowledged(message)))
        .toList();
  }

  private void returnsTo(int gateway, String id, History history) {
    RecordingClient subscriber = persistent(gateway, id);
    assertTrue(subscriber.connect(), "the session is there");
    String last = history.lastAcknowledged().payload();
    for (Receipt receipt : subscriber.inbox().awaitPayload(last)) {
      history.received(id, SentMessage.ofPayload(receipt.payload()));
    }
    history.mustKeep(
        new NoAcknowledgedMessageLost(), new QosTwoExactlyOnce(), new OrderPerPublisherAndTopic());
  }

  @Test
  @Conforms(v5 = {"MQTT-3.1.2-23", "MQTT-3.3.1-5", "MQTT-4.5.0-1"})
  void kill_everyProcess_losesNoSessionMessageOrRetained() {
    String topic = Names.topic();
    String exactTopic = Names.topic();
    History history = new History();
    History exactly = new History();
    String id = subscriberThatLeft(topic, 1);
    String exactId = subscriberThatLeft(exactTopic, 2);
    history.subscribed(id, topic::equals);
    exactly.subscribed(exactId, exactTopic::equals);
    RecordingClient publisher = clients.connect(ClientLibrary.HIVEMQ_5, cluster.gateway(1));
    publishAll(publisher, topic, 1, history).forEach(CompletableFuture::join);
    publishAll(publisher, exactTopic, 2, exactly).forEach(CompletableFuture::join);
    publisher.publish(topic + "/retained", "kept", 1, true);
    assertEquals(MESSAGES, history.acknowledged().size());

    cluster.killAll();
    cluster.startAll();

    returnsTo(2, id, history);
    returnsTo(1, exactId, exactly);
    RecordingClient newcomer = clients.connect(ClientLibrary.PAHO_3, cluster.gateway(0));
    newcomer.subscribe(topic + "/+", 1);
    newcomer.inbox().awaitExactly(List.of("kept"));
  }

  @Test
  void kill_everyStoreUnderLoad_losesNothingThatWasAcknowledged() {
    String topic = Names.topic();
    History history = new History();
    String id = subscriberThatLeft(topic, 1);
    history.subscribed(id, topic::equals);
    RecordingClient publisher =
        clients.create(
            ClientLibrary.HIVEMQ_5,
            ClientSettings.of(cluster.gateway(1), Names.client("publisher"))
                .withPersistentSession()
                .returningTo(cluster.gatewaysFrom(1)));
    publisher.connect();
    List<CompletableFuture<Void>> sent = publishAll(publisher, topic, 1, history);
    sent.get(MESSAGES / 4).join();
    List<ClusterNode> stores = cluster.all(Kind.STORE);
    stores.forEach(store -> store.process().kill());

    cluster.startAll();

    // What could not be acknowledged while the stores were away is acknowledged now.
    sent.forEach(CompletableFuture::join);
    assertEquals(MESSAGES, history.acknowledged().size());
    returnsTo(2, id, history);
  }
}
