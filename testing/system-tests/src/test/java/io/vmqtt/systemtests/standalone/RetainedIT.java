package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.Receipt;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.process.BrokerProcess;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetainedIT {
  /** The queue of a session that ends with its connection holds 10,000 by default. */
  private static final int MORE_THAN_ANY_QUEUE_HOLDS = 12_000;

  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();
  @RegisterExtension final Clients clients = new Clients();

  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = {"MQTT-3.3.1-5", "MQTT-3.3.1-6", "MQTT-3.3.1-8", "MQTT-3.3.1-9"},
      v5 = {"MQTT-3.3.1-5", "MQTT-3.3.1-9", "MQTT-3.3.1-12"})
  void retainedPublish_laterSubscriber_getsTheLatest(ClientLibrary library) {
    String topic = Names.topic();
    RecordingClient publisher = clients.connect(library, broker.mqtt());
    publisher.publish(topic, "old", 1, true);
    publisher.publish(topic, "new", 1, true);

    RecordingClient subscriber = clients.connect(library, broker.mqtt());
    subscriber.subscribe(topic, 1);

    Receipt receipt = subscriber.inbox().awaitCount(1).getFirst();
    assertEquals(new Receipt(topic, "new", 1, true, false), receipt);
    publisher.publish(topic, "live", 1, true);
    subscriber.inbox().awaitExactly(List.of("new", "live"));
    assertFalse(
        subscriber.inbox().all().getLast().retained(), "to those subscribed it is not retained");
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = {"MQTT-3.3.1-10", "MQTT-3.3.1-11"},
      v5 = {"MQTT-3.3.1-6", "MQTT-3.3.1-7"})
  void retainedPublish_empty_clearsTheTopic(ClientLibrary library) {
    String topic = Names.topic();
    RecordingClient publisher = clients.connect(library, broker.mqtt());
    publisher.publish(topic, "old", 1, true);
    publisher.publish(topic, "", 1, true);

    RecordingClient subscriber = clients.connect(library, broker.mqtt());
    subscriber.subscribe(topic, 1);
    publisher.publish(topic, "live", 1);

    subscriber.inbox().awaitPayload("live");
    assertEquals(List.of("live"), subscriber.inbox().payloads());
  }

  @Test
  @Conforms(v5 = "MQTT-3.3.1-9")
  void retainedPublish_subscriptionWithWildcards_getsAllThatMatch() {
    String root = Names.topic();
    RecordingClient publisher = clients.connect(ClientLibrary.HIVEMQ_3, broker.mqtt());
    for (int room = 0; room < 50; room++) {
      publisher.publish(root + "/room-" + room + "/temperature", "t" + room, 1, true);
      publisher.publish(root + "/room-" + room + "/light", "l" + room, 1, true);
    }

    RecordingClient subscriber = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    subscriber.subscribe(root + "/+/temperature", 1);

    List<Receipt> receipts = subscriber.inbox().awaitCount(50);
    assertTrue(receipts.stream().allMatch(Receipt::retained));
    assertEquals(50, receipts.stream().map(Receipt::topic).distinct().count());
    assertTrue(receipts.stream().allMatch(receipt -> receipt.topic().endsWith("/temperature")));
  }

  @Test
  void retainedPublish_sharedSubscription_getsNone() {
    String topic = Names.topic();
    RecordingClient publisher = clients.connect(ClientLibrary.PAHO_5, broker.mqtt());
    publisher.publish(topic, "retained", 1, true);

    RecordingClient subscriber = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    subscriber.subscribe("$share/group/" + topic, 1);
    publisher.publish(topic, "live", 1);

    subscriber.inbox().awaitPayload("live");
    assertEquals(List.of("live"), subscriber.inbox().payloads());
  }

  @Test
  @Conforms(v311 = "MQTT-3.8.4-3")
  void retainedPublish_subscribedAgain_comesAgain() {
    String topic = Names.topic();
    RecordingClient publisher = clients.connect(ClientLibrary.PAHO_3, broker.mqtt());
    publisher.publish(topic, "retained", 1, true);
    RecordingClient subscriber = clients.connect(ClientLibrary.HIVEMQ_3, broker.mqtt());
    subscriber.subscribe(topic, 1);
    subscriber.inbox().awaitCount(1);
    subscriber.subscribe(topic, 1);
    subscriber.inbox().awaitExactly(List.of("retained", "retained"));
  }

  @Test
  void retainedPublish_atQos0_isKeptToo() {
    String topic = Names.topic();
    RecordingClient publisher = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    publisher.publish(topic, "retained", 0, true);
    // Nobody tells when a publish at QoS 0 has been kept: each SUBSCRIBE asks again.
    RecordingClient subscriber = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    await()
        .until(
            () -> {
              subscriber.subscribe(topic, 1);
              return subscriber.inbox().all();
            },
            receipts -> receipts.contains(new Receipt(topic, "retained", 0, true, false)));
  }

  /** They come as the client takes them, and nothing of them waits in a queue. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void retainedPublish_moreThanAnyQueueHolds_allCome(int qos) {
    String root = Names.topic();
    RecordingClient publisher = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    CompletableFuture.allOf(
            IntStream.range(0, MORE_THAN_ANY_QUEUE_HOLDS)
                .mapToObj(i -> publisher.publishAsync(root + "/" + i, "v" + i, 1, true))
                .toArray(CompletableFuture[]::new))
        .join();

    RecordingClient subscriber = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    subscriber.subscribe(root + "/#", qos);

    List<Receipt> receipts = subscriber.inbox().awaitCount(MORE_THAN_ANY_QUEUE_HOLDS);
    assertEquals(
        MORE_THAN_ANY_QUEUE_HOLDS, receipts.stream().map(Receipt::topic).distinct().count());
  }
}
