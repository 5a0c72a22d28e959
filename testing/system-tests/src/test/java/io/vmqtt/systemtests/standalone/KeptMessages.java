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
import io.vmqtt.testkit.net.Address;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/** Messages for a session whose client is away; whoever acknowledged them has to keep them. */
final class KeptMessages {
  private static final int MESSAGES = 1_000;

  private final Clients clients;
  private final String topic = Names.topic();
  private final int qos;
  private final String name = Names.client("subscriber");
  private final History history = new History();

  /** Subscribes, and leaves. */
  KeptMessages(Clients clients, Address broker, int qos) {
    this.clients = clients;
    this.qos = qos;
    RecordingClient subscriber = subscriber(broker);
    subscriber.connect();
    subscriber.subscribe(topic, qos);
    subscriber.disconnect();
    history.subscribed(name, topic::equals);
  }

  private RecordingClient subscriber(Address broker) {
    return clients.create(
        ClientLibrary.HIVEMQ_5, ClientSettings.of(broker, name).withPersistentSession());
  }

  /** Publishes all of them, and waits until all are acknowledged. */
  void publishAll(Address broker) {
    begin(ClientLibrary.HIVEMQ_5, broker).forEach(CompletableFuture::join);
    assertEquals(MESSAGES, history.acknowledged().size());
  }

  /** Publishes all of them, and waits until a third is acknowledged. */
  void publishSome(Address broker) {
    begin(ClientLibrary.HIVEMQ_3, broker).get(MESSAGES / 3).join();
  }

  private List<CompletableFuture<Void>> begin(ClientLibrary library, Address broker) {
    RecordingClient publisher = clients.connect(library, broker);
    return LongStream.rangeClosed(1, MESSAGES)
        .mapToObj(sequence -> new SentMessage("publisher", topic, qos, sequence))
        .map(
            message ->
                publisher
                    .publishAsync(topic, message.payload(), qos, false)
                    .thenRun(() -> history.acknowledged(message)))
        .toList();
  }

  /** Fetches them; fails where one that was acknowledged is not there, is there twice, or late. */
  void mustBeKept(Address broker) {
    RecordingClient subscriber = subscriber(broker);
    assertTrue(subscriber.connect(), "the session is there");
    subscriber.inbox().awaitPayload(history.lastAcknowledged().payload());
    recordReceived(subscriber);
    history.mustKeep(
        new NoAcknowledgedMessageLost(), new QosTwoExactlyOnce(), new OrderPerPublisherAndTopic());
  }

  /** Fetches what there is, and says whether acknowledged messages are missing. */
  void mustBeFoundToBeLost(Address broker) {
    RecordingClient subscriber = subscriber(broker);
    SentMessage marker = new SentMessage("marker", topic, 1, 1);
    if (!subscriber.connect()) {
      subscriber.subscribe(topic, qos);
    }
    clients.connect(ClientLibrary.HIVEMQ_5, broker).publish(topic, marker.payload(), 1);
    subscriber.inbox().awaitPayload(marker.payload());
    recordReceived(subscriber);
    AssertionError found =
        assertThrows(AssertionError.class, () -> history.mustKeep(new NoAcknowledgedMessageLost()));
    assertTrue(String.valueOf(found.getMessage()).contains("never received"), found::getMessage);
  }

  private void recordReceived(RecordingClient subscriber) {
    for (Receipt receipt : subscriber.inbox().all()) {
      history.received(name, SentMessage.ofPayload(receipt.payload()));
    }
  }
}
