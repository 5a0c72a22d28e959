package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 3.15, of a client that has come by an authentication method, and is connected. */
class AuthPacketTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final PipelineClient client = new PipelineClient(gateway, new FakeAccess());

  @BeforeEach
  void connect() {
    var _ = gateway.router();
    client.send(
        PipelineClient.connect(ProtocolVersion.V5)
            .properties(PipelineClient.proof("anna"))
            .build());
    assertEquals(List.of("CONNACK 00"), client.await());
  }

  @AfterEach
  void close() {
    client.close();
    gateway.close();
  }

  @Test
  void auth_reauthenticate_successWithTheMethod() {
    client.sendHex("f0 10 19 0e 15 00 04 46 41 4b 45 16 00 04 61 6e 6e 61");

    assertEquals(
        "f013" + "00" + "11" + "15000446414b45" + "160007" + "77656c636f6d65", client.awaitHex());
  }

  @ParameterizedTest
  @CsvSource({
    "82, f0 00", // success, which a server says
    "82, f0 10 00 0e 15 00 04 46 41 4b 45 16 00 04 61 6e 6e 61", // the same at length
    "82, f0 10 1a 0e 15 00 04 46 41 4b 45 16 00 04 61 6e 6e 61", // no such reason code
    "82, f0 01 19", // no method
    "82, f0 02 19 00", // no method
    "82, f0 09 19 07 16 00 04 61 6e 6e 61", // data without a method
    "82, f0 10 19 0e 15 00 04 46 41 4b 45 15 00 04 46 41 4b 45", // two methods
    "82, f0 0f 19 0d 15 00 03 4a 57 54 16 00 04 61 6e 6e 61", // another method
    "82, f0 10 18 0e 15 00 04 46 41 4b 45 16 00 04 61 6e 6e 61", // nothing was asked
    "81, f0 0a 19 07 15 00 04 46 41 4b 45 00", // a byte behind the end
    "81, f0 0c 19 0a 15 00 04 46 41 4b 45 21 00 01", // receive maximum, which does not belong there
    "81, f0 09 19 07 15 00 04 46 ff 4b 45", // method is no UTF-8
    "81, f0 09 19 09 15 00 04 46 41 4b 45", // properties go beyond the packet
  })
  @Conforms(v5 = {"MQTT-3.15.2-1", "MQTT-4.13.1-1"})
  void auth_againstTheRules_connectionEnds(String reason, String packet) {
    client.sendHex(packet);

    assertEquals(List.of("DISCONNECT " + reason), client.read());
    assertTrue(client.isClosed());
  }
}
