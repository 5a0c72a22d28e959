package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator who asks for it reads of each client. */
class ConnectionLogIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<String> IDS = Set.of("polite", "rude");
  private static final byte[] DISCONNECT = {(byte) 0xE0, 0};

  @RegisterExtension
  static final BrokerProcess broker = BrokerProcess.standalone("--log-connections");

  @RegisterExtension
  static final BrokerProcess json =
      BrokerProcess.standalone("--log-connections", "--log-format", "json");

  @Test
  void connectAndLeave_eachWithItsReason() {
    broker.process();
    RawConnection.openAnd(broker.mqtt(), Packets.connect("polite")).send(DISCONNECT);
    RawConnection.openAnd(broker.mqtt(), Packets.connect311("rude")).cut();
    RawConnection.openAnd(broker.mqtt(), Packets.connect("twice")).send(Packets.connect("twice"));
    RawConnection.openAnd(broker.mqtt(), Packets.connect("two\nlines")).cut();

    awaitLine("client 'polite' at /127.0.0.1:", " connected, MQTT V5");
    awaitLine("client 'polite' at /127.0.0.1:", " is gone, MQTT V5: NORMAL_DISCONNECTION (0x00)");
    awaitLine("client 'rude' at /127.0.0.1:", " is gone, MQTT V3: the connection was lost");
    awaitLine("client 'twice' at /127.0.0.1:", " is gone, MQTT V5: PROTOCOL_ERROR (0x82)");
    awaitLine("client 'two?lines' at /127.0.0.1:", " connected, MQTT V5");
  }

  @Test
  void json_everyLineIsAnObject_withWhoItIsAboutInFields() throws Exception {
    json.process();
    RawConnection.openAnd(json.mqtt(), Packets.connect("polite")).send(DISCONNECT);
    RawConnection.openAnd(json.mqtt(), Packets.connect311("rude")).cut();

    await().untilAsserted(() -> assertEquals(4, ofClients().size()));
    List<JsonNode> clients = ofClients();
    assertEquals(
        IDS,
        clients.stream().map(event -> event.path("clientId").asText()).collect(Collectors.toSet()));
    // One kind of event has one name, whoever it is about.
    assertEquals(2, clients.stream().map(event -> event.path("event").asText()).distinct().count());
    for (JsonNode event : clients) {
      assertEquals("INFO", event.path("level").asText(), event::toString);
      assertTrue(event.path("namespace").isTextual(), event::toString);
      assertTrue(event.path("message").asText().contains(event.path("clientId").asText()));
      Instant.parse(event.path("time").asText());
    }
    assertTrue(events().stream().anyMatch(event -> event.path("message").asText().equals("ready")));
  }

  private static List<JsonNode> events() throws JsonProcessingException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : json.process().output()) {
      JsonNode event = JSON.readTree(line);
      assertTrue(event.isObject(), line);
      events.add(event);
    }
    return events;
  }

  /** Others have come before, to see whether the broker serves. */
  private static List<JsonNode> ofClients() throws JsonProcessingException {
    return events().stream()
        .filter(event -> IDS.contains(event.path("clientId").asText()))
        .toList();
  }

  private static void awaitLine(String start, String end) {
    await()
        .untilAsserted(
            () -> {
              List<String> output = broker.process().output();
              if (output.stream().noneMatch(line -> line.contains(start) && line.endsWith(end))) {
                throw new AssertionError("no '" + start + "..." + end + "' in " + output);
              }
            });
  }
}
