package io.vmqtt.systemtests.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClientState;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.BrokerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A file of listeners that changes while clients are there. */
class ListenersFileIT {
  private static final Address PLANT = Address.local(FreePorts.next());
  private static final Path FILE = write("{}");

  @RegisterExtension
  static final BrokerProcess broker = BrokerProcess.standalone("--listeners-file", FILE.toString());

  private static Path write(String text) {
    try {
      return Files.writeString(Files.createTempFile("listeners", ".yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void delete() throws IOException {
    Files.delete(FILE);
  }

  @Test
  void file_listenersComeAndGo_clientsOfOthersDoNotNotice() throws Exception {
    List<MqttClientDisconnectedContext> ends = new CopyOnWriteArrayList<>();
    Mqtt5BlockingClient stays = client(broker.mqtt(), "stays", ends);
    stays.connect();
    stays.subscribeWith().topicFilter("news").qos(MqttQos.AT_LEAST_ONCE).send();

    Files.writeString(FILE, "plant: {address: \"" + PLANT + "\"}");
    awaitLine("listener plant is at ");
    List<MqttClientDisconnectedContext> endsOfPlant = new CopyOnWriteArrayList<>();
    Mqtt5BlockingClient goes = client(PLANT, "goes", endsOfPlant);
    goes.connect();
    try (var received = stays.publishes(MqttGlobalPublishFilter.ALL)) {
      goes.publishWith()
          .topic("news")
          .qos(MqttQos.AT_LEAST_ONCE)
          .payload("1".getBytes(UTF_8))
          .send();
      assertEquals(
          "1",
          new String(
              received.receive(20, TimeUnit.SECONDS).orElseThrow().getPayloadAsBytes(), UTF_8));
    }

    Files.writeString(FILE, "{}");
    await().until(() -> !endsOfPlant.isEmpty());
    assertTrue(
        endsOfPlant.getFirst().getCause() instanceof Mqtt5DisconnectException told
            && told.getMqttMessage().getReasonCode()
                == Mqtt5DisconnectReasonCode.ADMINISTRATIVE_ACTION,
        () -> endsOfPlant.getFirst().getCause().toString());
    assertEquals(MqttClientState.CONNECTED, stays.getState());
    stays.publishWith().topic("other").qos(MqttQos.AT_LEAST_ONCE).send();
    assertEquals(List.of(), ends);
    stays.disconnect();
  }

  private static Mqtt5BlockingClient client(
      Address at, String clientId, List<MqttClientDisconnectedContext> ends) {
    return Mqtt5Client.builder()
        .identifier(clientId)
        .serverHost(at.host())
        .serverPort(at.port())
        .addDisconnectedListener(ends::add)
        .buildBlocking();
  }

  private static void awaitLine(String part) {
    await().until(() -> broker.process().output().stream().anyMatch(line -> line.contains(part)));
  }
}
