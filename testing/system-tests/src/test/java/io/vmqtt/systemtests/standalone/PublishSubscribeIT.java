package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.Receipt;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.process.BrokerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PublishSubscribeIT {
  private static final int MESSAGES = 100;
  private static final int LARGE_BYTES = 1_000_000;
  private static final int BYTE_VALUES = 256;

  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();
  @RegisterExtension final Clients clients = new Clients();

  static Stream<Arguments> librariesAndQos() {
    return Stream.of(ClientLibrary.values())
        .flatMap(library -> IntStream.range(0, 3).mapToObj(qos -> Arguments.of(library, qos)));
  }

  @ParameterizedTest
  @MethodSource("librariesAndQos")
  @Conforms(
      v311 = {"MQTT-3.3.2-3", "MQTT-4.6.0-5", "MQTT-4.6.0-6", "MQTT-7.0.0-2", "MQTT-7.1.1-1"},
      v5 = {"MQTT-3.3.2-3", "MQTT-4.2.0-1", "MQTT-4.6.0-5", "MQTT-4.6.0-6"})
  void publish_hundredMessages_arriveOnceInOrder(ClientLibrary library, int qos) {
    String topic = Names.topic();
    RecordingClient subscriber = clients.connect(library, broker.mqtt());
    RecordingClient publisher = clients.connect(library, broker.mqtt());
    subscriber.subscribe(topic, qos);

    List<String> payloads =
        IntStream.range(0, MESSAGES).mapToObj(number -> "message " + number).toList();
    List<CompletableFuture<Void>> acknowledged = new ArrayList<>();
    for (String payload : payloads) {
      acknowledged.add(publisher.publishAsync(topic, payload, qos, false));
    }
    acknowledged.forEach(CompletableFuture::join);

    subscriber.inbox().awaitExactly(payloads);
    for (Receipt receipt : subscriber.inbox().all()) {
      assertEquals(topic, receipt.topic());
      assertEquals(qos, receipt.qos());
      assertEquals(false, receipt.retained());
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 2, 0", "1, 0, 0", "1, 2, 1", "2, 0, 0", "2, 1, 1", "2, 2, 2"})
  @Conforms(v5 = "MQTT-3.8.4-8")
  void publish_atAnotherQosThanSubscribed_arrivesAtTheLower(
      int published, int subscribed, int delivered) {
    String topic = Names.topic();
    RecordingClient subscriber = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    RecordingClient publisher = clients.connect(ClientLibrary.PAHO_3, broker.mqtt());
    subscriber.subscribe(topic, subscribed);
    publisher.publish(topic, "x", published);
    assertEquals(delivered, subscriber.inbox().awaitCount(1).getFirst().qos());
  }

  @ParameterizedTest
  @EnumSource
  void publish_emptyAndLargeAndBinaryPayloads_arriveUnchanged(ClientLibrary library) {
    String topic = Names.topic();
    RecordingClient subscriber = clients.connect(library, broker.mqtt());
    RecordingClient publisher = clients.connect(library, broker.mqtt());
    subscriber.subscribe(topic, 1);

    StringBuilder everyByte = new StringBuilder();
    IntStream.range(0, BYTE_VALUES).forEach(value -> everyByte.append((char) value));
    List<String> payloads = List.of("", everyByte.toString(), "x".repeat(LARGE_BYTES));
    payloads.forEach(payload -> publisher.publish(topic, payload, 1));

    subscriber.inbox().awaitExactly(payloads);
  }

  @ParameterizedTest
  @CsvSource({
    "a/b/c, a/b/c, true",
    "a/+/c, a/b/c, true",
    "a/+/c, a//c, true",
    "+/+, a/b, true",
    "+/+, a/b/c, false",
    "+, a/b, false",
    "a/#, a, true",
    "a/#, a/b/c/d, true",
    "a/#, ab, false",
    "/+, /a, true",
    "+, /a, false",
    "a/b, a/B, false",
    "a/+/#, a/b, true",
    "a/+/#, a, false",
  })
  @Conforms(
      v311 = {"MQTT-3.8.3-2", "MQTT-4.7.3-4"},
      v5 = {"MQTT-3.3.2-3", "MQTT-4.7.3-4"})
  void subscribe_withWildcards_getsWhatMatches(String filter, String topic, boolean matches) {
    String root = Names.topic();
    RecordingClient subscriber = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    RecordingClient publisher = clients.connect(ClientLibrary.HIVEMQ_3, broker.mqtt());
    subscriber.subscribe(root + "/" + filter, 1);
    subscriber.subscribe(root + "-end", 1);

    publisher.publish(root + "/" + topic, "x", 1);
    // The QoS 1 publish before it was acknowledged after it had been delivered.
    publisher.publish(root + "-end", "end", 1);

    List<String> received =
        subscriber.inbox().awaitPayload("end").stream().map(Receipt::payload).toList();
    assertEquals(matches ? List.of("x", "end") : List.of("end"), received);
  }

  @ParameterizedTest
  @CsvSource({"#", "+/uptime"})
  @Conforms(v5 = "MQTT-4.7.2-1")
  void subscribe_withAWildcardFirst_getsNoDollarTopics(String filter) {
    String dollar = "$" + Names.topic();
    RecordingClient subscriber = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    RecordingClient publisher = clients.connect(ClientLibrary.PAHO_5, broker.mqtt());
    subscriber.subscribe(filter, 0);
    String end = Names.topic() + "/uptime";
    publisher.publish(dollar + "/uptime", "hidden", 1);
    publisher.publish(end, "end", 1);
    assertTrue(
        subscriber.inbox().awaitPayload("end").stream()
            .noneMatch(receipt -> receipt.payload().equals("hidden")));
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(v311 = "MQTT-3.10.4-2", v5 = "MQTT-3.10.4-2")
  void unsubscribe_fromAFilter_endsDeliveries(ClientLibrary library) {
    String topic = Names.topic();
    RecordingClient subscriber = clients.connect(library, broker.mqtt());
    RecordingClient publisher = clients.connect(library, broker.mqtt());
    subscriber.subscribe(topic, 1);
    subscriber.subscribe(topic + "/end", 1);
    publisher.publish(topic, "before", 1);
    subscriber.inbox().awaitPayload("before");
    subscriber.unsubscribe(topic);
    publisher.publish(topic, "after", 1);
    publisher.publish(topic + "/end", "end", 1);
    subscriber.inbox().awaitPayload("end");
    assertEquals(List.of("before", "end"), subscriber.inbox().payloads());
  }

  @ParameterizedTest
  @EnumSource
  void subscribe_asAGroup_sharesEachMessageOnce(ClientLibrary library) {
    String topic = Names.topic();
    String shared = "$share/group/" + topic;
    List<RecordingClient> members = new ArrayList<>();
    for (int member = 0; member < 3; member++) {
      RecordingClient client = clients.connect(library, broker.mqtt());
      client.subscribe(shared, 1);
      client.subscribe(topic + "/end", 1);
      members.add(client);
    }
    RecordingClient alone = clients.connect(library, broker.mqtt());
    alone.subscribe(topic, 1);
    RecordingClient publisher = clients.connect(library, broker.mqtt());

    List<String> payloads =
        IntStream.range(0, MESSAGES).mapToObj(number -> "message " + number).toList();
    payloads.forEach(payload -> publisher.publish(topic, payload, 1));
    publisher.publish(topic + "/end", "end", 1);

    List<String> received = new ArrayList<>();
    for (RecordingClient member : members) {
      List<Receipt> ofMember = member.inbox().awaitPayload("end");
      assertTrue(ofMember.size() > 1, "a member of the group got nothing");
      ofMember.stream()
          .map(Receipt::payload)
          .filter(payload -> !payload.equals("end"))
          .forEach(received::add);
    }
    assertEquals(payloads.stream().sorted().toList(), received.stream().sorted().toList());
    alone.inbox().awaitExactly(payloads);
  }
}
