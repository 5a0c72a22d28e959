package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.net.BreakableRelay;
import io.vmqtt.testkit.process.BrokerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SessionIT {
  private static final int QUEUED = 200;
  private static final int SESSION_TAKEN_OVER = 0x8E;

  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();
  @RegisterExtension final Clients clients = new Clients();

  private ClientSettings persistent() {
    return ClientSettings.of(broker.mqtt(), Names.client("persistent")).withPersistentSession();
  }

  private RecordingClient publisher() {
    return clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = {"MQTT-3.1.2-4", "MQTT-3.1.3-2", "MQTT-3.2.2-2", "MQTT-3.2.2-3"},
      v5 = {"MQTT-3.1.2-5", "MQTT-3.1.2-6", "MQTT-3.1.2-23", "MQTT-3.1.3-2", "MQTT-3.2.2-3"})
  void connect_sessionOfBefore_isPresent(ClientLibrary library) {
    RecordingClient client = clients.create(library, persistent());
    assertFalse(client.connect(), "nothing was there before");
    client.disconnect();
    assertTrue(client.connect());
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = {"MQTT-3.1.2-6", "MQTT-3.2.2-1"},
      v5 = {"MQTT-3.1.2-4", "MQTT-3.2.2-2"})
  void connect_clean_findsNothingOfBefore(ClientLibrary library) {
    ClientSettings settings = persistent();
    String topic = Names.topic();
    RecordingClient before = clients.create(library, settings);
    before.connect();
    before.subscribe(topic, 1);
    before.disconnect();

    RecordingClient clean =
        clients.create(library, ClientSettings.of(broker.mqtt(), settings.clientId()));
    assertFalse(clean.connect());
    clean.subscribe(topic + "/end", 1);
    RecordingClient publisher = publisher();
    publisher.publish(topic, "not wanted any more", 1);
    publisher.publish(topic + "/end", "end", 1);
    clean.inbox().awaitPayload("end");
    assertEquals(List.of("end"), clean.inbox().payloads());
  }

  /**
   * All but Paho's MQTT 5 client at QoS 2: it hands a message over before it answers with PUBREC,
   * and no longer knows it when the broker sends it again on the next connection.
   */
  static Stream<Arguments> librariesAndQos() {
    return Stream.of(
        Arguments.of(ClientLibrary.HIVEMQ_3, 1),
        Arguments.of(ClientLibrary.HIVEMQ_3, 2),
        Arguments.of(ClientLibrary.HIVEMQ_5, 1),
        Arguments.of(ClientLibrary.HIVEMQ_5, 2),
        Arguments.of(ClientLibrary.PAHO_3, 1),
        Arguments.of(ClientLibrary.PAHO_3, 2),
        Arguments.of(ClientLibrary.PAHO_5, 1));
  }

  @ParameterizedTest
  @MethodSource("librariesAndQos")
  @Conforms(
      v311 = {"MQTT-3.1.2-5", "MQTT-4.5.0-1", "MQTT-4.6.0-5", "MQTT-4.6.0-6"},
      v5 = {"MQTT-3.1.2-23", "MQTT-4.5.0-1", "MQTT-4.6.0-5", "MQTT-4.6.0-6"})
  void publish_whileSubscriberIsAway_waitsForIt(ClientLibrary library, int qos) {
    String topic = Names.topic();
    RecordingClient subscriber = clients.create(library, persistent());
    subscriber.connect();
    subscriber.subscribe(topic, qos);
    RecordingClient publisher = publisher();
    publisher.publish(topic, "here", qos);
    subscriber.inbox().awaitPayload("here");
    subscriber.disconnect();

    List<String> payloads = new ArrayList<>();
    payloads.add("here");
    IntStream.range(0, QUEUED).forEach(number -> payloads.add("away " + number));
    payloads.stream().skip(1).forEach(payload -> publisher.publish(topic, payload, qos));

    assertTrue(subscriber.connect());
    payloads.add("back");
    publisher.publish(topic, "back", qos);
    subscriber.inbox().awaitExactly(payloads);
  }

  @ParameterizedTest
  @MethodSource("librariesAndQos")
  @Conforms(
      v311 = {"MQTT-4.4.0-1", "MQTT-4.6.0-1"},
      v5 = "MQTT-4.4.0-1")
  void publish_whileTheSubscribersNetworkBreaks_losesNothing(ClientLibrary library, int qos)
      throws IOException {
    String topic = Names.topic();
    try (BreakableRelay relay = new BreakableRelay(broker.mqtt())) {
      RecordingClient subscriber =
          clients.create(
              library,
              ClientSettings.of(relay.address(), Names.client("broken")).withPersistentSession());
      subscriber.connect();
      subscriber.subscribe(topic, qos);
      RecordingClient publisher = publisher();
      List<String> payloads =
          IntStream.range(0, QUEUED).mapToObj(number -> "message " + number).toList();
      for (int i = 0; i < QUEUED; i++) {
        publisher.publish(topic, payloads.get(i), qos);
        if (i == QUEUED / 2) {
          relay.cut();
          subscriber.awaitDisconnected();
        }
      }
      assertTrue(subscriber.connect());
      subscriber.inbox().awaitPayload(payloads.getLast());
      List<String> received = subscriber.inbox().payloads();
      assertEquals(payloads, received.stream().distinct().toList());
      if (qos == 2) {
        assertEquals(payloads.size(), received.size(), "at QoS 2 none comes twice");
      }
    }
  }

  @Test
  void unsubscribe_beforeLeaving_queuesNothing() {
    String topic = Names.topic();
    RecordingClient subscriber = clients.create(ClientLibrary.PAHO_5, persistent());
    subscriber.connect();
    subscriber.subscribe(topic, 1);
    subscriber.subscribe(topic + "/end", 1);
    subscriber.unsubscribe(topic);
    subscriber.disconnect();
    RecordingClient publisher = publisher();
    publisher.publish(topic, "not wanted any more", 1);
    publisher.publish(topic + "/end", "end", 1);
    subscriber.connect();
    subscriber.inbox().awaitPayload("end");
    assertEquals(List.of("end"), subscriber.inbox().payloads());
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(v311 = "MQTT-3.1.4-2", v5 = "MQTT-3.1.4-3")
  void connect_sameClientIdTwice_disconnectsTheFirst(ClientLibrary library) {
    ClientSettings settings = persistent();
    String topic = Names.topic();
    RecordingClient first = clients.create(library, settings);
    first.connect();
    first.subscribe(topic, 1);

    RecordingClient second = clients.create(ClientLibrary.HIVEMQ_5, settings);
    assertTrue(second.connect());

    OptionalInt reason = first.awaitDisconnected();
    assertEquals(
        library.isMqtt5() ? OptionalInt.of(SESSION_TAKEN_OVER) : OptionalInt.empty(), reason);
    publisher().publish(topic, "for the second", 1);
    second.inbox().awaitExactly(List.of("for the second"));
    assertEquals(List.of(), first.inbox().payloads());
  }

  @Test
  @Conforms(v5 = "MQTT-3.1.4-3")
  void connect_transientSessionTwice_disconnectsTheFirst() {
    ClientSettings settings = ClientSettings.of(broker.mqtt(), Names.client("transient"));
    RecordingClient first = clients.create(ClientLibrary.PAHO_5, settings);
    first.connect();
    RecordingClient second = clients.create(ClientLibrary.HIVEMQ_3, settings);
    assertFalse(second.connect());
    assertEquals(OptionalInt.of(SESSION_TAKEN_OVER), first.awaitDisconnected());
  }
}
