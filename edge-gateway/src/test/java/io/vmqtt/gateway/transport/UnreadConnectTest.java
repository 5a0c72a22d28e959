package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.audit.AuditedAccess;
import io.vmqtt.gateway.connection.ProtocolVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A first packet that is refused for what it is: the audit has a line of it all the same. */
class UnreadConnectTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeAccess access = new FakeAccess();
  private final List<String> told = new ArrayList<>();
  private final PipelineClient client =
      new PipelineClient(
          gateway,
          new AuditedAccess(
              "tls",
              access,
              (event, rule) ->
                  told.add(event.kind() + " " + event.why() + " " + event.clientId())));

  @AfterEach
  void close() {
    client.close();
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource({
    "10 0d 00 04 4d 51 54 54 09 02 00 0a 00 01 61, UNSUPPORTED_PROTOCOL_VERSION, ",
    "10 ff ff ff 7f, PACKET_TOO_LARGE, ",
    "10 0d 00 04 4d 51 54 54 04 02 00 0a 00 09 61, MALFORMED_PACKET, ",
    "16 03 01 00 a7, MALFORMED_PACKET, ", // TLS
    "c0 00, PROTOCOL_ERROR, ", // PINGREQ
    // Receive Maximum 0: it could be decoded, and says who it is.
    "10 11 00 04 4d 51 54 54 05 02 00 0a 03 21 00 00 00 01 61, PROTOCOL_ERROR, a"
  })
  void firstPacket_refused_isToldOnce(String packet, String reason, String clientId) {
    var _ = gateway.router();

    client.sendHex(packet + " c0 00");

    assertTrue(client.isClosed());
    assertEquals(List.of(("CONNECT " + reason + " " + (clientId == null ? "" : clientId))), told);
    assertEquals(List.of(), access.credentials);
  }

  /** It had its line. */
  @Test
  void laterPacket_refused_isNotTold() {
    var _ = gateway.router();
    client.send(PipelineClient.connect(ProtocolVersion.V5).build());
    assertEquals("CONNACK 00", client.await().getLast());

    client.sendHex("10 ff ff ff 7f");

    assertTrue(client.isClosed());
    assertEquals(List.of("CONNECT SUCCESS client"), told);
  }

  @Test
  void silence_thatEnds_isNotTold() {
    client.close();

    assertEquals(List.of(), told);
  }
}
