package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The ends of a connection: MQTT 5.0, sections 3.14, 3.1.2.5 and 4.13. */
class DisconnectTest {
  private TestClient client = TestClient.connected(ProtocolVersion.V5);

  /** [MQTT-3.14.4-3]. */
  @ParameterizedTest
  @EnumSource
  @Conforms(v311 = "MQTT-3.14.4-3", v5 = "MQTT-3.14.4-3")
  void disconnect_normal_closedAndNoWill(ProtocolVersion version) {
    client = TestClient.connected(version);

    client.connection.disconnect(ReasonCode.NORMAL_DISCONNECTION, null);

    assertEquals("clean", client.session.detached);
    assertEquals(List.of("closed"), client.output.take());
    assertTrue(client.connection.isClosed());
  }

  /** Section 3.1.2.5: any reason but 0x00 leaves the will to be published. */
  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {
        "DISCONNECT_WITH_WILL_MESSAGE",
        "UNSPECIFIED_ERROR",
        "IMPLEMENTATION_SPECIFIC_ERROR"
      })
  void disconnect_anyOtherReason_withWill(ReasonCode reason) {
    client.connection.disconnect(reason, null);

    assertEquals("with will", client.session.detached);
    assertEquals(List.of("closed"), client.output.take());
  }

  /** [MQTT-3.1.2-8]. */
  @Test
  @Conforms(v5 = "MQTT-3.1.2-8")
  void connectionLost_noDisconnect_withWill() {
    client.connection.connectionLost();

    assertEquals("with will", client.session.detached);
    assertTrue(client.connection.isClosed());
  }

  @Test
  void connectionLost_afterDisconnect_detachedOnce() {
    client.connection.disconnect(ReasonCode.NORMAL_DISCONNECTION, null);

    client.connection.connectionLost();

    assertEquals("clean", client.session.detached);
  }

  /** Section 3.14.2.2.2. */
  @Test
  void disconnect_newSessionExpiry_isPassedOn() {
    client = withSessionExpiry(100);

    client.connection.disconnect(ReasonCode.NORMAL_DISCONNECTION, 7L);

    assertEquals("clean expiry 7", client.session.detached);
  }

  @Test
  void disconnect_sessionExpiryZero_endsTheSession() {
    client = withSessionExpiry(100);

    client.connection.disconnect(ReasonCode.NORMAL_DISCONNECTION, 0L);

    assertEquals("clean expiry 0", client.session.detached);
  }

  /** Section 3.14.2.2.2: it is a protocol error, and the will is published. */
  @Test
  void disconnect_prolongsASessionThatEndsWithTheConnection_protocolError() {
    ReasonCode reason =
        client.violates(() -> client.connection.disconnect(ReasonCode.NORMAL_DISCONNECTION, 10L));

    assertEquals(ReasonCode.PROTOCOL_ERROR, reason);
    assertEquals(List.of("DISCONNECT 82", "closed"), client.output.take());
    assertEquals("with will", client.session.detached);
  }

  @Test
  void disconnect_sessionExpiryZeroWhereItWasZero_isAllowed() {
    client.connection.disconnect(ReasonCode.NORMAL_DISCONNECTION, 0L);

    assertEquals("clean expiry 0", client.session.detached);
  }

  /** [MQTT-3.1.4-3]. */
  @Test
  @Conforms(v5 = {"MQTT-3.1.4-3", "MQTT-3.14.4-2"})
  void lost_takenOver_version5IsToldSo() {
    client.connection.lost(ReasonCode.SESSION_TAKEN_OVER);

    assertEquals(List.of("DISCONNECT 8e", "closed"), client.output.take());
    assertEquals("with will", client.session.detached);
  }

  /** [MQTT-3.1.4-2] of 3.1.1: there is no DISCONNECT from a server. */
  @Test
  @Conforms(v311 = "MQTT-3.1.4-2")
  void lost_takenOverBeforeMqtt5_closedWithoutAWord() {
    client = TestClient.connected(ProtocolVersion.V3);

    client.connection.lost(ReasonCode.SESSION_TAKEN_OVER);

    assertEquals(List.of("closed"), client.output.take());
  }

  @Test
  void lost_afterTheEnd_changesNothing() {
    client.connection.disconnect(ReasonCode.NORMAL_DISCONNECTION, null);
    client.output.take();

    client.connection.lost(ReasonCode.SESSION_TAKEN_OVER);

    assertEquals(List.of(), client.output.take());
  }

  /** [MQTT-3.1.2-22]. */
  @Test
  @Conforms(v5 = {"MQTT-3.1.2-22", "MQTT-3.14.4-2"})
  void end_keepAliveIsOver_toldAndWithWill() {
    client.connection.end(ReasonCode.KEEP_ALIVE_TIMEOUT);

    assertEquals(List.of("DISCONNECT 8d", "closed"), client.output.take());
    assertEquals("with will", client.session.detached);
  }

  /** [MQTT-3.14.0-1], section 4.13: no more than one DISCONNECT. */
  @Test
  @Conforms(v5 = "MQTT-3.14.4-1")
  void end_twice_toldOnce() {
    client.connection.end(ReasonCode.SERVER_SHUTTING_DOWN);
    client.connection.end(ReasonCode.SERVER_SHUTTING_DOWN);

    assertEquals(List.of("DISCONNECT 8b", "closed"), client.output.take());
  }

  /** [MQTT-3.14.4-1]: nothing is handled after it. */
  @Test
  void anyPacket_afterTheEnd_isNotHandled() {
    client.connection.disconnect(ReasonCode.NORMAL_DISCONNECTION, null);
    client.output.take();

    assertEquals(ReasonCode.PROTOCOL_ERROR, client.violates(() -> client.connection.pingReq()));

    assertEquals(List.of(), client.output.take());
    assertFalse(client.connection.isConnected());
  }

  private static TestClient withSessionExpiry(long seconds) {
    return TestClient.connected(
        new ConnectRequest(ProtocolVersion.V5, "me", false, seconds, 0, 10, Long.MAX_VALUE, null),
        new FakeSession.Durable());
  }
}
