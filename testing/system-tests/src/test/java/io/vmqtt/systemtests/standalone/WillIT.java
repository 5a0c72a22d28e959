package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.LastWill;
import io.vmqtt.testkit.client.Receipt;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.net.BreakableRelay;
import io.vmqtt.testkit.process.BrokerProcess;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WillIT {
  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();
  @RegisterExtension final Clients clients = new Clients();

  private RecordingClient subscriber(String filter) {
    RecordingClient subscriber = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    subscriber.subscribe(filter, 2);
    return subscriber;
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = "MQTT-3.1.2-8",
      v5 = {"MQTT-3.1.2-7", "MQTT-3.1.2-8"})
  void connectionLost_clientWithAWill_publishesIt(ClientLibrary library) throws IOException {
    String topic = Names.topic();
    RecordingClient subscriber = subscriber(topic);
    try (BreakableRelay relay = new BreakableRelay(broker.mqtt())) {
      RecordingClient dying =
          clients.create(
              library,
              ClientSettings.of(relay.address(), Names.client("dying"))
                  .withWill(new LastWill(topic, "died", 2, false)));
      dying.connect();
      relay.cut();
      assertEquals(
          List.of(new Receipt(topic, "died", 2, false, false)), subscriber.inbox().awaitCount(1));
    }
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = {"MQTT-3.1.2-10", "MQTT-3.14.4-3"},
      v5 = {"MQTT-3.1.2-10", "MQTT-3.14.4-3"})
  void disconnect_clientWithAWill_publishesNone(ClientLibrary library) {
    String topic = Names.topic();
    RecordingClient subscriber = subscriber(topic);
    ClientSettings settings =
        ClientSettings.of(broker.mqtt(), Names.client("leaving"))
            .withWill(new LastWill(topic, "died", 1, false));
    RecordingClient leaving = clients.create(library, settings);
    leaving.connect();
    leaving.disconnect();
    // The same client again: the broker has then dealt with all that the end before caused.
    leaving.connect();
    leaving.publish(topic, "end", 1);
    subscriber.inbox().awaitPayload("end");
    assertEquals(List.of("end"), subscriber.inbox().payloads());
  }

  @Test
  @Conforms(v311 = "MQTT-3.1.2-17")
  void connectionLost_retainedWill_isKept() throws IOException {
    String topic = Names.topic();
    RecordingClient subscriber = subscriber(topic);
    try (BreakableRelay relay = new BreakableRelay(broker.mqtt())) {
      RecordingClient dying =
          clients.create(
              ClientLibrary.PAHO_3,
              ClientSettings.of(relay.address(), Names.client("dying"))
                  .withWill(new LastWill(topic, "died", 1, true)));
      dying.connect();
      relay.cut();
      subscriber.inbox().awaitCount(1);
    }
    RecordingClient later = subscriber(topic);
    assertEquals(List.of(new Receipt(topic, "died", 1, true, false)), later.inbox().awaitCount(1));
  }

  @Test
  void takeover_clientWithAWill_publishesIt() {
    String topic = Names.topic();
    RecordingClient subscriber = subscriber(topic);
    ClientSettings settings = ClientSettings.of(broker.mqtt(), Names.client("twice"));
    RecordingClient first =
        clients.create(
            ClientLibrary.HIVEMQ_5, settings.withWill(new LastWill(topic, "died", 1, false)));
    first.connect();
    RecordingClient second = clients.create(ClientLibrary.HIVEMQ_5, settings);
    second.connect();
    assertEquals("died", subscriber.inbox().awaitCount(1).getFirst().payload());
  }
}
