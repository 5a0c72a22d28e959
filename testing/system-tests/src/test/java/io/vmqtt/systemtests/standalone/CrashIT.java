package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.Receipt;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.history.History;
import io.vmqtt.testkit.history.NoAcknowledgedMessageLost;
import io.vmqtt.testkit.history.OrderPerPublisherAndTopic;
import io.vmqtt.testkit.history.QosTwoExactlyOnce;
import io.vmqtt.testkit.history.SentMessage;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.HastyRelay;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was acknowledged outlives the process, however that ends. */
class CrashIT {
  private static final int MESSAGES = 1_000;

  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();
  @RegisterExtension final Clients clients = new Clients();

  private RecordingClient subscriber(String topic, int qos, String clientId) {
    RecordingClient subscriber =
        clients.create(
            ClientLibrary.HIVEMQ_5,
            ClientSettings.of(broker.mqtt(), clientId).withPersistentSession());
    subscriber.connect();
    subscriber.subscribe(topic, qos);
    subscriber.disconnect();
    return subscriber;
  }

  private static void awaitComplete(RecordingClient subscriber, History history) {
    subscriber.inbox().awaitPayload(history.lastAcknowledged().payload());
  }

  private static void record(RecordingClient subscriber, String name, History history) {
    for (Receipt receipt : subscriber.inbox().all()) {
      history.received(name, SentMessage.ofPayload(receipt.payload()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void kill_afterAcknowledgement_losesNothing(int qos) {
    broker.process();
    String topic = Names.topic();
    History history = new History();
    String name = Names.client("subscriber");
    RecordingClient subscriber = subscriber(topic, qos, name);
    history.subscribed(name, topic::equals);
    RecordingClient publisher = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    publishAll(publisher, topic, qos, history);
    assertEquals(MESSAGES, history.acknowledged().size());

    broker.process().kill();
    broker.start();

    assertTrue(subscriber.connect(), "the session is there");
    awaitComplete(subscriber, history);
    record(subscriber, name, history);
    history.mustKeep(
        new NoAcknowledgedMessageLost(), new QosTwoExactlyOnce(), new OrderPerPublisherAndTopic());
  }

  private static void publishAll(
      RecordingClient publisher, String topic, int qos, History history) {
    List<CompletableFuture<Void>> all =
        LongStream.rangeClosed(1, MESSAGES)
            .mapToObj(sequence -> new SentMessage("publisher", topic, qos, sequence))
            .map(
                message ->
                    publisher
                        .publishAsync(topic, message.payload(), qos, false)
                        .thenRun(() -> history.acknowledged(message)))
            .toList();
    all.forEach(CompletableFuture::join);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void kill_whilePublishing_losesNothingThatWasAcknowledged(int qos) {
    broker.process();
    String topic = Names.topic();
    History history = new History();
    String name = Names.client("subscriber");
    RecordingClient subscriber = subscriber(topic, qos, name);
    history.subscribed(name, topic::equals);
    RecordingClient publisher = clients.connect(ClientLibrary.HIVEMQ_3, broker.mqtt());
    List<CompletableFuture<Void>> sent =
        LongStream.rangeClosed(1, MESSAGES)
            .mapToObj(sequence -> new SentMessage("publisher", topic, qos, sequence))
            .map(
                message ->
                    publisher
                        .publishAsync(topic, message.payload(), qos, false)
                        .thenRun(() -> history.acknowledged(message)))
            .toList();
    sent.get(MESSAGES / 3).join();

    broker.process().kill();
    broker.start();

    assertTrue(subscriber.connect(), "the session is there");
    awaitComplete(subscriber, history);
    record(subscriber, name, history);
    history.mustKeep(
        new NoAcknowledgedMessageLost(), new QosTwoExactlyOnce(), new OrderPerPublisherAndTopic());
  }

  /** The checker has to find what the tests above do not find here. */
  @Test
  void kill_acknowledgementsThatDidNotWaitForTheDisk_areFoundOut() {
    broker.process();
    String topic = Names.topic();
    History history = new History();
    String name = Names.client("subscriber");
    RecordingClient subscriber = subscriber(topic, 1, name);
    history.subscribed(name, topic::equals);
    try (HastyRelay relay = new HastyRelay(broker.mqtt())) {
      RecordingClient publisher = clients.connect(ClientLibrary.HIVEMQ_3, relay.address());
      List<CompletableFuture<Void>> sent =
          LongStream.rangeClosed(1, MESSAGES)
              .mapToObj(sequence -> new SentMessage("publisher", topic, 1, sequence))
              .map(
                  message ->
                      publisher
                          .publishAsync(topic, message.payload(), 1, false)
                          .thenRun(() -> history.acknowledged(message)))
              .toList();
      sent.get(MESSAGES / 3).join();
      broker.process().kill();
    }
    broker.start();

    SentMessage marker = new SentMessage("marker", topic, 1, 1);
    clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt()).publish(topic, marker.payload(), 1);
    subscriber.connect();
    subscriber.inbox().awaitPayload(marker.payload());
    record(subscriber, name, history);
    AssertionError found =
        assertThrows(AssertionError.class, () -> history.mustKeep(new NoAcknowledgedMessageLost()));
    assertTrue(String.valueOf(found.getMessage()).contains("never received"), found::getMessage);
  }

  @Test
  void kill_withRetainedMessages_keepsThem() {
    broker.process();
    String root = Names.topic();
    RecordingClient publisher = clients.connect(ClientLibrary.PAHO_5, broker.mqtt());
    publisher.publish(root + "/kept", "kept", 1, true);
    publisher.publish(root + "/cleared", "cleared", 1, true);
    publisher.publish(root + "/cleared", "", 1, true);

    broker.process().kill();
    broker.start();

    RecordingClient subscriber = clients.connect(ClientLibrary.HIVEMQ_3, broker.mqtt());
    subscriber.subscribe(root + "/#", 1);
    RecordingClient marker = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    subscriber.inbox().awaitPayload("kept");
    marker.publish(root + "/end", "end", 1);
    subscriber.inbox().awaitExactly(List.of("kept", "end"));
  }

  @Test
  void stop_inOrder_tellsClientsOfMqtt5() {
    broker.process();
    RecordingClient client = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    int exit = broker.process().stop();
    assertEquals(0x8B, client.awaitDisconnected().orElse(0));
    broker.start();
    assertEquals(143, exit, "the exit code of SIGTERM");
  }
}
