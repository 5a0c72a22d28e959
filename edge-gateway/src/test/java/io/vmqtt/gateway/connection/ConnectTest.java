package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.WillOwner;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.model.ClientId;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** MQTT 3.1.1 and 5.0, sections 3.1 and 3.2. */
class ConnectTest {
  private final TestClient client = new TestClient();

  @ParameterizedTest
  @EnumSource
  @Conforms(v311 = "MQTT-3.1.4-4", v5 = "MQTT-3.1.4-5")
  void connect_sessionGiven_accepted(ProtocolVersion version) {
    client.connection.connect(TestClient.connect(version));
    assertTrue(client.connection.isWaiting());
    assertEquals(List.of(), client.output.take());

    client.connection.attached(client.session.asSession(), false, null);

    assertEquals(List.of("CONNACK"), client.output.take());
    assertTrue(client.connection.isConnected());
  }

  @Test
  void connect_accepted_saysHowLongItTook() {
    client.cluster.nowMillis = 1_000;
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
    client.cluster.nowMillis = 1_007;

    client.connection.attached(client.session.asSession(), false, null);

    assertEquals(List.of(0L), client.cluster.decidedAfterNanos);
    assertEquals(List.of(7_000_000L), client.cluster.acceptedAfterNanos);
  }

  /** [MQTT-3.2.2-2], [MQTT-3.2.2-3]. */
  @Test
  @Conforms(v5 = "MQTT-3.2.2-3")
  void attached_sessionWasThere_sessionPresent() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    client.connection.attached(client.session.asSession(), true, null);

    assertEquals(List.of("CONNACK present"), client.output.take());
  }

  @Test
  void connect_everythingAsked_isAskedOfTheCluster() {
    Will will = new Will(TestClient.message("will", 1), 30, 60);

    client.connection.connect(
        new ConnectRequest(ProtocolVersion.V5, "me", false, 7200, 10, 40, 1000, will));

    assertEquals(
        List.of(
            new Cluster.AttachRequest(
                "me",
                false,
                7200,
                TestClient.MAX_IN_FLIGHT,
                will.with(will.message().withPublisher(ClientId.hash64("me"))),
                new WillOwner(Namespace.NAMELESS, "me", null, null, Map.of()))),
        client.cluster.attaches);
    assertEquals("me", client.connection.clientId());
    assertEquals(ClientId.hash64("me"), client.connection.publisher());
    assertEquals(10, client.connection.agreed().keepAliveSeconds());
  }

  /** Section 3.1.2.11.3. */
  @Test
  void connect_smallReceiveMaximum_isTheWindowOfItsDeliveries() {
    client.connection.connect(
        new ConnectRequest(ProtocolVersion.V5, "me", true, 0, 0, 1, 1000, null));

    assertEquals(1, client.cluster.attaches.getFirst().receiveMaximum());
  }

  /** [MQTT-3.1.0-2]. */
  @Test
  @Conforms(v5 = "MQTT-3.1.0-2")
  void connect_second_protocolError() {
    TestClient connected = TestClient.connected(ProtocolVersion.V5);

    ReasonCode reason =
        connected.violates(
            () -> connected.connection.connect(TestClient.connect(ProtocolVersion.V5)));

    assertEquals(ReasonCode.PROTOCOL_ERROR, reason);
    assertEquals(List.of("DISCONNECT 82", "closed"), connected.output.take());
    assertEquals("with will", connected.session.detached);
  }

  /** [MQTT-3.1.0-1]; nothing is said to a client that does not even begin with CONNECT. */
  @Test
  @Conforms(v5 = {"MQTT-3.1.0-1", "MQTT-3.14.0-1"})
  void anyPacket_beforeConnect_protocolErrorAndSilence() {
    for (Packet packet : EVERY_PACKET) {
      TestClient fresh = new TestClient();

      ReasonCode reason = fresh.violates(packet.sentBy(fresh.connection));

      assertEquals(ReasonCode.PROTOCOL_ERROR, reason, packet.name);
      assertEquals(List.of("closed"), fresh.output.take(), packet.name);
      assertTrue(fresh.cluster.published.isEmpty(), packet.name);
    }
  }

  @Test
  void anyPacket_beforeTheAnswerToConnect_isTheTransportsToHoldBack() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    assertTrue(client.connection.isWaiting());
    assertEquals(
        ReasonCode.PROTOCOL_ERROR,
        client.violates(() -> client.connection.pingReq()),
        "handled all the same, it would not be answered");
  }

  /** [MQTT-3.1.3-6], [MQTT-3.2.2-16]. */
  @Test
  @Conforms(v5 = {"MQTT-3.1.3-6", "MQTT-3.1.3-7", "MQTT-3.2.2-16"})
  void connect_emptyClientId_oneIsAssignedAndTold() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V5, ""));
    client.connection.attached(client.session.asSession(), false, null);

    String assigned = client.cluster.attaches.getFirst().clientId();
    assertEquals(22, assigned.length());
    assertNotNull(client.output.accepted);
    assertEquals(assigned, client.output.accepted.assignedClientId());
    TestClient other = new TestClient();
    Connection another =
        new Connection(
            new Entrance(Namespace.NAMELESS, new Limits(1, 1, 1, 1, 1, 0, 1), new OpenAccess()),
            () -> Caller.UNKNOWN,
            other.output,
            other.cluster,
            new Random(43));
    another.connect(TestClient.connect(ProtocolVersion.V5, ""));
    assertNotEquals(assigned, other.cluster.attaches.getFirst().clientId());
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(v311 = "MQTT-3.1.3-5", v5 = "MQTT-3.1.3-5")
  void connect_clientIdOfLettersAndDigits_isTaken(ProtocolVersion version) {
    String characters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (int at = 0; at < characters.length(); at++) {
      String longest = characters.substring(at, Math.min(at + 23, characters.length()));
      for (String clientId : List.of(longest, longest.substring(0, 1))) {
        TestClient fresh = new TestClient();

        fresh.connection.connect(TestClient.connect(version, clientId));
        fresh.connection.attached(fresh.session.asSession(), false, null);

        assertEquals(List.of("CONNACK"), fresh.output.take());
        assertEquals(clientId, fresh.cluster.attaches.getFirst().clientId());
      }
    }
  }

  @Test
  void connect_clientIdGiven_noneIsAssigned() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
    client.connection.attached(client.session.asSession(), false, null);

    assertNotNull(client.output.accepted);
    assertNull(client.output.accepted.assignedClientId());
  }

  /** [MQTT-3.2.2.3.2]: the client must know how long its session stays. */
  @Test
  void connect_storeAllowsLessThanAsked_connAckSaysHowMuch() {
    client.connection.connect(
        new ConnectRequest(ProtocolVersion.V5, "me", false, 500, 0, 10, Long.MAX_VALUE, null));
    client.connection.attached(client.session.asSession(), false, 60L);

    assertNotNull(client.output.accepted);
    assertEquals(60, client.output.accepted.sessionExpirySeconds());
  }

  /** [MQTT-3.1.3-6] of 3.1.1. */
  @Test
  @Conforms(v311 = "MQTT-3.1.3-6")
  void connect_emptyClientIdWithCleanSession_oneIsAssigned() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V3, ""));

    assertEquals(22, client.cluster.attaches.getFirst().clientId().length());
  }

  /** [MQTT-3.1.3-7], [MQTT-3.1.3-8] of 3.1.1. */
  @Test
  @Conforms(v311 = "MQTT-3.1.3-7")
  void connect_emptyClientIdWithoutCleanSession_identifierRejected() {
    client.connection.connect(
        new ConnectRequest(
            ProtocolVersion.V3,
            "",
            false,
            ConnectRequest.NEVER_EXPIRES,
            0,
            65_535,
            Long.MAX_VALUE,
            null));

    assertEquals(List.of("CONNACK 85", "closed"), client.output.take());
    assertTrue(client.connection.isClosed());
    assertTrue(client.cluster.attaches.isEmpty());
  }

  /** [MQTT-3.1.3-4], [MQTT-1.5.4-1]. */
  @Test
  @Conforms(v5 = {"MQTT-1.5.4-1", "MQTT-1.5.4-2", "MQTT-3.1.3-4", "MQTT-3.1.3-8"})
  void connect_clientIdThatIsNoUtf8_identifierNotValid() {
    for (String clientId : List.of("a\u0000b", "\uD800")) {
      TestClient fresh = new TestClient();

      fresh.connection.connect(TestClient.connect(ProtocolVersion.V5, clientId));

      assertEquals(List.of("CONNACK 85", "closed"), fresh.output.take());
    }
  }

  @Test
  void connect_nobodyToAsk_serverUnavailable() {
    client.cluster.available = false;

    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    assertEquals(List.of("CONNACK 88", "closed"), client.output.take());
  }

  @Test
  void unavailable_whileAttaching_serverUnavailable() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V3));

    client.connection.unavailable();

    assertEquals(List.of("CONNACK 88", "closed"), client.output.take());
    assertTrue(client.connection.isClosed());
  }

  @Test
  void unavailable_whenConnected_changesNothing() {
    TestClient connected = TestClient.connected(ProtocolVersion.V5);

    connected.connection.unavailable();

    assertTrue(connected.connection.isConnected());
    assertEquals(List.of(), connected.output.take());
  }

  /** [MQTT-3.1.4-3], and [MQTT-3.2.0-1]: no packet but CONNACK may be the first. */
  @Test
  @Conforms(v5 = {"MQTT-3.1.4-3", "MQTT-3.2.0-1", "MQTT-3.14.0-1"})
  void lost_whileAttaching_acceptedAndToldThatItIsTakenOver() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    client.connection.lost(ReasonCode.SESSION_TAKEN_OVER);

    assertEquals(List.of("CONNACK", "DISCONNECT 8e", "closed"), client.output.take());
    client.connection.attached(client.session.asSession(), false, null);
    assertEquals("with will", client.session.detached, "an answer that is late");
    assertEquals(List.of(), client.output.take());
  }

  /** [MQTT-3.2.2-5]: with session present 0 it would have to drop what it keeps. */
  @Test
  void lost_whileAttachingToGoOn_sessionPresent() {
    client.connection.connect(
        new ConnectRequest(ProtocolVersion.V5, "me", false, 9, 0, 10, Long.MAX_VALUE, null));

    client.connection.lost(ReasonCode.SESSION_TAKEN_OVER);

    assertEquals(List.of("CONNACK present", "DISCONNECT 8e", "closed"), client.output.take());
  }

  @Test
  @Conforms(v311 = "MQTT-3.2.2-6")
  void lost_whileAttachingBeforeMqtt5_closedWithoutAWord() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V3));

    client.connection.lost(ReasonCode.SESSION_TAKEN_OVER);

    assertEquals(List.of("closed"), client.output.take());
  }

  /** [MQTT-3.1.2-24]. */
  @Test
  @Conforms(v5 = "MQTT-3.1.2-24")
  void connect_clientTakesNoConnAck_packetTooLargeAndNobodyIsAsked() {
    client.connection.connect(
        new ConnectRequest(ProtocolVersion.V5, "me", true, 0, 0, 10, 7, null));

    assertEquals(List.of("CONNACK 95", "closed"), client.output.take());
    assertTrue(client.cluster.attaches.isEmpty());
  }

  // --- what comes behind CONNECT ---

  @Test
  void whenReady_packets_areHandledInOrderBeforeTheEndOfTheClient() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
    client.connection.whenReady(() -> client.publish("a", 0, 0));
    client.connection.whenReady(() -> client.publish("b", 1, 1));
    client.connection.connectionLost();
    assertEquals(List.of(), client.cluster.topics());

    client.connection.attached(client.session.asSession(), false, null);

    assertEquals(List.of("a", "b"), client.cluster.topics());
    assertEquals("with will", client.session.detached);
    assertTrue(client.connection.isClosed());
  }

  @Test
  @Conforms(v5 = "MQTT-3.1.4-6")
  void whenReady_refused_packetsFindTheConnectionClosed() {
    AtomicBoolean closed = new AtomicBoolean();
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
    client.connection.whenReady(() -> closed.set(client.connection.isClosed()));

    client.connection.unavailable();

    assertTrue(closed.get());
  }

  @Test
  void attached_clientGoneMeanwhile_sessionIsGivenBack() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
    client.connection.connectionLost();

    client.connection.attached(client.session.asSession(), false, null);

    assertEquals("with will", client.session.detached);
    assertEquals(List.of(), client.output.take());
  }

  /** [MQTT-3.2.2-21]. */
  @Test
  void connect_keepAliveAboveTheLimit_serverKeepAlive() {
    assertServerKeepAlive(ProtocolVersion.V5, 120, 60, 60);
  }

  @Test
  void connect_noKeepAliveThoughThereIsALimit_serverKeepAlive() {
    assertServerKeepAlive(ProtocolVersion.V5, 0, 60, 60);
  }

  @Test
  @Conforms(v5 = "MQTT-3.2.2-22")
  void connect_keepAliveWithinTheLimit_noneOfTheServers() {
    assertServerKeepAlive(ProtocolVersion.V5, 60, 60, null);
    assertServerKeepAlive(ProtocolVersion.V5, 1, 60, null);
    assertServerKeepAlive(ProtocolVersion.V5, 0, 0, null);
  }

  @Test
  void connect_keepAliveAboveTheLimitBeforeMqtt5_stands() {
    assertServerKeepAlive(ProtocolVersion.V3, 120, 60, null);
  }

  private static void assertServerKeepAlive(
      ProtocolVersion version, int asked, int limit, @Nullable Integer told) {
    TestClient fresh = new TestClient(limit);

    fresh.connection.connect(
        new ConnectRequest(version, "me", true, 0, asked, 10, Long.MAX_VALUE, null));
    fresh.connection.attached(fresh.session.asSession(), false, null);

    assertNotNull(fresh.output.accepted);
    assertEquals(told, fresh.output.accepted.serverKeepAliveSeconds());
    assertEquals(told == null ? asked : told, fresh.connection.agreed().keepAliveSeconds());
  }

  @Test
  @Conforms(v5 = {"MQTT-3.2.2-8", "MQTT-3.14.0-1"})
  void end_whileAttaching_version5IsToldWhy() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    client.connection.end(ReasonCode.SERVER_SHUTTING_DOWN);

    // Section 3.2.2.2 does not have 0x8B.
    assertEquals(List.of("CONNACK 88", "closed"), client.output.take());
  }

  /** [MQTT-3.1.2-2]. */
  @Test
  @Conforms(v5 = "MQTT-3.1.2-2")
  void end_protocolVersionUnknown_refusesTheConnect() {
    client.connection.end(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);

    assertEquals(List.of("CONNACK 84", "closed"), client.output.take());
  }

  @Test
  @Conforms(v5 = "MQTT-3.14.0-1")
  void end_beforeConnect_closesWithoutAWord() {
    client.connection.end(ReasonCode.MALFORMED_PACKET);

    assertEquals(List.of("closed"), client.output.take());
    assertFalse(client.connection.isConnected());
  }

  /** A packet that a client may send once it is connected. */
  private record Packet(String name, Sender sender) {
    Executable sentBy(Connection connection) {
      return () -> sender.send(connection);
    }
  }

  private interface Sender {
    void send(Connection connection);
  }

  private static final List<Packet> EVERY_PACKET =
      List.of(
          new Packet("PUBLISH", c -> c.publish(TestClient.message("t", 0), 0, 0)),
          new Packet("PUBACK", c -> c.pubAck(1)),
          new Packet("PUBREC", c -> c.pubRec(1, false)),
          new Packet("PUBREL", c -> c.pubRel(1)),
          new Packet("PUBCOMP", c -> c.pubComp(1)),
          new Packet("SUBSCRIBE", c -> c.subscribe(1, List.of(), 0)),
          new Packet("UNSUBSCRIBE", c -> c.unsubscribe(1, List.of("t"))),
          new Packet("PINGREQ", Connection::pingReq),
          new Packet("DISCONNECT", c -> c.disconnect(ReasonCode.NORMAL_DISCONNECTION, null)));
}
