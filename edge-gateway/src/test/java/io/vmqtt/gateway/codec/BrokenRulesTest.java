package io.vmqtt.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.transport.PipelineClient;
import io.vmqtt.proto.session.v1.Attach;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What clients must not send, in both versions: MQTT 5 has a word for it, 3.1.1 has none. In the
 * bytes {@code P} stands for the length of properties, of which there are none.
 */
class BrokenRulesTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();

  @AfterEach
  void close() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource({
    "03, 0001 61", // reserved flag
    "0a, 0001 61", // will QoS without a will
    "22, 0001 61", // will retain without a will
    "1e, 0001 61 P 0001 77 0001 78", // will QoS 3
    "06, 0001 61", // will flag, no will
    "06, 0001 61 P 0001 77", // will flag, no message
    "02, 0001 61 P 0001 77 0001 78", // will without its flag
    "82, 0001 61", // user name flag, no user name
    "02, 0001 61 0001 75", // user name, or password, without its flag
    "c2, 0001 61 0001 75", // password flag, no password
    "82, 0001 61 0001 75 0001 70", // password without its flag
    "02, ''", // no client identifier
  })
  @Conforms(
      v311 = {
        "MQTT-3.1.2-3",
        "MQTT-3.1.2-9",
        "MQTT-3.1.2-11",
        "MQTT-3.1.2-13",
        "MQTT-3.1.2-14",
        "MQTT-3.1.2-15",
        "MQTT-3.1.2-18",
        "MQTT-3.1.2-19",
        "MQTT-3.1.2-20",
        "MQTT-3.1.2-21",
        "MQTT-3.1.3-3",
        "MQTT-3.1.4-1"
      },
      v5 = {
        "MQTT-3.1.2-3",
        "MQTT-3.1.2-9",
        "MQTT-3.1.2-11",
        "MQTT-3.1.2-12",
        "MQTT-3.1.2-13",
        "MQTT-3.1.2-16",
        "MQTT-3.1.2-17",
        "MQTT-3.1.2-18",
        "MQTT-3.1.2-19",
        "MQTT-3.1.3-3",
        "MQTT-3.1.4-1"
      })
  void connect_flagsAndPayloadDoNotFit_refused(String flags, String payload) {
    assertConnectRefused(flags, payload);
  }

  @ParameterizedTest
  @CsvSource({
    "02, 0001 ff", // client identifier
    "02, 0003 eda080", // a surrogate
    "02, 0001 00", // U+0000
    "06, 0001 61 P 0001 ff 0001 78", // will topic
    "82, 0001 61 0001 ff", // user name
  })
  @Conforms(
      v311 = {
        "MQTT-1.5.3-1",
        "MQTT-1.5.3-2",
        "MQTT-3.1.3-4",
        "MQTT-3.1.3-10",
        "MQTT-3.1.3-11",
        "MQTT-3.1.4-1"
      },
      v5 = {
        "MQTT-1.5.4-1",
        "MQTT-1.5.4-2",
        "MQTT-3.1.3-4",
        "MQTT-3.1.3-11",
        "MQTT-3.1.3-12",
        "MQTT-3.1.4-1"
      })
  void connect_textIsNoUtf8_refused(String flags, String payload) {
    assertConnectRefused(flags, payload);
  }

  private void assertConnectRefused(String flags, String payload) {
    for (ProtocolVersion version : ProtocolVersion.values()) {
      try (PipelineClient client = new PipelineClient(gateway)) {
        client.sendHex(connect(version, flags, payload));

        if (version == ProtocolVersion.V5) {
          String answer = client.awaitHex();
          assertTrue(answer.startsWith("2003008"), answer);
        } else {
          assertEquals(List.of(), client.read());
        }
        assertTrue(client.isClosed());
        assertTrue(router.requests().isEmpty(), "nobody was asked for a session");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(v311 = "MQTT-3.1.3-1", v5 = "MQTT-3.1.3-1")
  void connect_everyField_isReadInItsOrder(ProtocolVersion version) {
    String payload = "0002 6964 P 0002 7774 0002 7770 0001 75 0001 70";
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.sendHex(connect(version, "ce", payload));

      gateway.runUntil(() -> !router.requests().isEmpty());
      Attach attach = router.requests().getFirst().getAttach();
      assertEquals("id", attach.getClientId());
      assertEquals("wt", attach.getWill().getMessage().getTopic());
      assertEquals("wp", attach.getWill().getMessage().getPayload().toStringUtf8());
      assertEquals(1, attach.getWill().getMessage().getQos());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "80, 0001 P 0001 74 00", // SUBSCRIBE
    "a0, 0001 P 0001 74", // UNSUBSCRIBE
    "60, 0001", // PUBREL
    "41, 0001", // PUBACK
    "51, 0001", // PUBREC
    "71, 0001", // PUBCOMP
    "c1, ''", // PINGREQ
    "e1, ''", // DISCONNECT
    "f1, ''", // AUTH
  })
  @Conforms(
      v311 = {
        "MQTT-2.2.2-1",
        "MQTT-2.2.2-2",
        "MQTT-3.6.1-1",
        "MQTT-3.8.1-1",
        "MQTT-3.10.1-1",
        "MQTT-3.14.1-1"
      },
      v5 = {
        "MQTT-2.1.3-1",
        "MQTT-3.6.1-1",
        "MQTT-3.8.1-1",
        "MQTT-3.10.1-1",
        "MQTT-3.14.1-1",
        "MQTT-3.15.1-1"
      })
  void packet_reservedFlags_malformed(String firstByte, String body) {
    assertEnds(firstByte, body, "81");
  }

  @ParameterizedTest
  @CsvSource({
    "30, 0001 ff P", // PUBLISH
    "30, 0003 eda080 P", // a surrogate
    "82, 0001 P 0001 ff 00", // SUBSCRIBE
    "a2, 0001 P 0001 ff", // UNSUBSCRIBE
  })
  @Conforms(
      v311 = {"MQTT-1.5.3-1", "MQTT-3.3.2-1", "MQTT-3.8.3-1", "MQTT-3.10.3-1"},
      v5 = {"MQTT-1.5.4-1", "MQTT-3.3.2-1", "MQTT-3.8.3-1", "MQTT-3.10.3-1"})
  void packet_textIsNoUtf8_malformed(String firstByte, String body) {
    assertEnds(firstByte, body, "81");
  }

  @ParameterizedTest
  @CsvSource({
    "81, 36, 0001 74 0001 P", // QoS 3
    "81, 38, 0001 74 P", // DUP at QoS 0
    "81, 30, ''", // no topic
    "82, 30, 0000 P", // an empty one
    "90, 30, 0003 61 2f 2b P", // wildcard
    "90, 30, 0001 23 P", // wildcard
    "81, 32, 0001 74 0000 P", // QoS 1, packet identifier 0
    "81, 34, 0001 74 0000 P", // QoS 2, packet identifier 0
  })
  @Conforms(
      v311 = {
        "MQTT-2.3.1-1",
        "MQTT-3.3.1-2",
        "MQTT-3.3.1-4",
        "MQTT-3.3.2-1",
        "MQTT-3.3.2-2",
        "MQTT-4.7.1-1",
        "MQTT-4.7.3-1",
        "MQTT-4.8.0-1"
      },
      v5 = {
        "MQTT-2.2.1-3",
        "MQTT-3.3.1-2",
        "MQTT-3.3.1-4",
        "MQTT-3.3.2-1",
        "MQTT-3.3.2-2",
        "MQTT-4.7.0-1",
        "MQTT-4.7.3-1",
        "MQTT-4.13.1-1"
      })
  void publish_againstTheRules_connectionEnds(String reason, String firstByte, String body) {
    assertEnds(firstByte, body, reason);
  }

  @ParameterizedTest
  @CsvSource({
    "82, 82, 0001 P", // no filter
    "81, 82, 0001 P 0001 74 c0", // reserved bits
    "82, 82, 0001 P 0001 74 03", // QoS 3
    "81, 82, 0000 P 0001 74 00", // packet identifier 0
    "82, a2, 0001 P", // no filter
    "81, a2, 0000 P 0001 74", // packet identifier 0
  })
  @Conforms(
      v311 = {"MQTT-2.3.1-1", "MQTT-3.8.3-3", "MQTT-3.8.3-4", "MQTT-3.10.3-2", "MQTT-4.8.0-1"},
      v5 = {"MQTT-2.2.1-3", "MQTT-3.8.3-2", "MQTT-3.8.3-5", "MQTT-3.10.3-2", "MQTT-4.13.1-1"})
  void subscription_againstTheRules_connectionEnds(String reason, String firstByte, String body) {
    assertEnds(firstByte, body, reason);
  }

  private void assertEnds(String firstByte, String body, String reason) {
    for (ProtocolVersion version : ProtocolVersion.values()) {
      try (PipelineClient client = PipelineClient.connected(gateway, version)) {
        client.sendHex(packet(version, firstByte, body));

        assertEquals(
            version == ProtocolVersion.V5 ? List.of("DISCONNECT " + reason) : List.of(),
            client.read());
        assertTrue(client.isClosed());
        assertTrue(router.publishes().isEmpty());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "26 0001 ff 0001 61", // user property, its name
        "26 0001 61 0001 ff", // user property, its value
        "26 0001 00 0001 61", // U+0000
        "08 0001 ff", // response topic
        "03 0001 ff", // content type
      })
  @Conforms(v5 = {"MQTT-1.5.4-1", "MQTT-1.5.4-2", "MQTT-1.5.7-1", "MQTT-3.3.2-13", "MQTT-3.3.2-19"})
  void publish_propertyIsNoUtf8_malformed(String property) {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      String length = "%02x".formatted(bytes(property));
      client.sendHex(packet(ProtocolVersion.V5, "30", "0001 74 " + length + property));

      assertEquals(List.of("DISCONNECT 81"), client.read());
      assertTrue(router.publishes().isEmpty());
    }
  }

  /** It is a character like any other, at the beginning of a text too. */
  @ParameterizedTest
  @EnumSource
  @Conforms(v311 = "MQTT-1.5.3-3", v5 = "MQTT-1.5.4-3")
  void publish_byteOrderMarkInTheTopic_staysThere(ProtocolVersion version) {
    try (PipelineClient client = PipelineClient.connected(gateway, version)) {
      client.sendHex(packet(version, "30", "0004 efbbbf 61 P"));

      gateway.runUntil(() -> router.publishes().size() == 1);
      assertEquals("\uFEFFa", router.publishes().getFirst().getMessage().getTopic());
    }
  }

  private static String connect(ProtocolVersion version, String flags, String payload) {
    String level = version == ProtocolVersion.V5 ? "05" : "04";
    return packet(version, "10", "0004 4d515454" + level + flags + "000a P" + payload);
  }

  private static String packet(ProtocolVersion version, String firstByte, String body) {
    String filled = body.replace("P", version == ProtocolVersion.V5 ? "00" : "").replace(" ", "");
    return firstByte + "%02x".formatted(bytes(filled)) + filled;
  }

  private static int bytes(String hex) {
    return hex.replace(" ", "").length() / 2;
  }
}
