package io.vmqtt.systemtests.foreign;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.systemtests.Clients;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.Receipt;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.process.BrokerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What docs/recipes says, with the tools themselves where they can be had. */
class RecipesIT {
  private static final Path RECIPES = Path.of("..", "..", "docs", "recipes");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();
  @RegisterExtension final Clients clients = new Clients();

  private RecordingClient connected(ClientLibrary library) {
    return clients.connect(library, broker.mqtt());
  }

  @Test
  void nodeRed_itsFlow_hearsTemperaturesAndSaysAlarms() throws IOException {
    RecordingClient client = connected(ClientLibrary.HIVEMQ_5);
    client.subscribe("alarms/#", 1);
    client.publish("plant/pump-8/temperature", "20", 1, true); // too cool, whenever it comes
    client.publish("plant/pump-7/temperature", "35.5", 1, true);
    try (NodeRed red = new NodeRed(RECIPES.resolve("node-red.json"), broker.mqtt())) {
      await().atMost(PATIENCE).until(() -> !client.inbox().all().isEmpty());
      Receipt alarm = client.inbox().all().getFirst();
      assertEquals("alarms/pump-7", alarm.topic(), red::log);
      assertEquals(
          JSON.readTree("{\"temperature\": 35.5, \"source\": \"plant/pump-7/temperature\"}"),
          JSON.readTree(alarm.payload()),
          red::log);

      RecordingClient watcher = connected(ClientLibrary.PAHO_5);
      watcher.subscribe("node-red/status", 1);
      await().atMost(PATIENCE).until(() -> !watcher.inbox().all().isEmpty());
      assertEquals("online", watcher.inbox().all().getFirst().payload(), red::log);
      red.stop();
      List<String> heard =
          watcher.inbox().awaitPayload("offline").stream().map(Receipt::payload).toList();
      assertEquals(List.of("online", "offline"), heard, red::log);
      assertEquals(1, client.inbox().all().size(), red::log);
    }
  }

  /** Home Assistant itself cannot be had here: somebody does by MQTT what it does. */
  @Test
  void homeAssistant_comesLater_findsTheDeviceByWhatIsRetained() throws IOException {
    byte[] description = Files.readAllBytes(RECIPES.resolve("home-assistant.json"));
    RecordingClient device = connected(ClientLibrary.PAHO_3);
    device.publish(
        "homeassistant/sensor/pump-7/temperature/config",
        new String(description, StandardCharsets.ISO_8859_1),
        1,
        true);
    device.publish("plant/pump-7/status", "online", 1, true);
    device.publish("plant/pump-7/temperature", "21.5", 1, true);

    RecordingClient home = connected(ClientLibrary.PAHO_3);
    home.subscribe("homeassistant/+/+/+/config", 1);
    Receipt found = home.inbox().awaitCount(1).getFirst();
    assertTrue(found.retained());
    JsonNode told = JSON.readTree(found.payload().getBytes(StandardCharsets.ISO_8859_1));
    assertEquals("°C", told.path("unit_of_measurement").asText());
    for (String topic : List.of("availability_topic", "state_topic")) {
      home.subscribe(told.path(topic).asText(), 1);
    }
    assertEquals(
        List.of(told.path("payload_available").asText(), "21.5"),
        home.inbox().awaitCount(3).stream().skip(1).map(Receipt::payload).toList());
  }
}
