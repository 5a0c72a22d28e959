package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.FakeExchange;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.conformance.Conforms;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4.12. */
class EnhancedAuthenticationTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final FakeAccess access = new FakeAccess();
  private final TestClient client = new TestClient(access);

  // --- before CONNACK ---

  @Test
  @Conforms(v5 = {"MQTT-4.12.0-2", "MQTT-4.12.0-5"})
  void connect_mechanismWantsToHearMore_authUntilItIsDecidedThenConnAck() {
    connect("ask");
    assertEquals(List.of("AUTH 18 FAKE who?"), client.output.take());
    assertTrue(client.output.reading);
    assertNull(client.connection.identity());
    assertTrue(client.cluster.attaches.isEmpty());

    auth(ReasonCode.CONTINUE_AUTHENTICATION, "anna");
    client.connection.attached(client.session.asSession(), true, null);

    assertEquals(List.of("CONNACK present FAKE welcome"), client.output.take());
    assertEquals("anna", identity().userName());
    assertEquals(List.of(), access.credentials, "nobody asks for a password, too");
  }

  @Test
  void connect_methodAndPassword_thePasswordCountsForNothing() {
    client.connection.connect(
        request("anna", Long.MAX_VALUE, new Password(new byte[] {1}), FakeExchange.METHOD));

    assertNull(access.exchanges.getFirst().credentials.password());
    assertEquals("root", access.exchanges.getFirst().credentials.userName());
    assertEquals("anna", identity().userName());
  }

  @ParameterizedTest
  @CsvSource({"eve, 86", "busy, 89", "throw, 88"})
  @Conforms(v5 = {"MQTT-3.1.4-2", "MQTT-4.12.0-4"})
  void connect_notProved_connAckSaysWhyAndNoShardIsAsked(String data, String reason) {
    connect(data);

    assertEquals(List.of("CONNACK " + reason, "closed"), client.output.take());
    assertTrue(client.connection.isClosed());
    assertTrue(client.cluster.attaches.isEmpty());
  }

  @Test
  @Conforms(v5 = {"MQTT-4.12.0-1", "MQTT-4.12.0-4"})
  void connect_noSuchMethod_badAuthenticationMethod() {
    client.connection.connect(request("anna", Long.MAX_VALUE, null, "GS2-KRB5"));

    assertEquals(List.of("CONNACK 8c", "closed"), client.output.take());
  }

  @Test
  void connect_answerComesLate_authWaitsForItAndNothingIsRead() {
    connect("later");
    assertTrue(client.connection.isWaiting());
    assertFalse(client.output.reading);
    client.connection.whenReady(() -> auth(ReasonCode.CONTINUE_AUTHENTICATION, "anna"));
    assertEquals(List.of(), client.output.take());

    access.exchanges.getFirst().open.getFirst().complete(FakeExchange.challenge());
    client.cluster.run();

    assertEquals(List.of("AUTH 18 FAKE who?"), client.output.take());
    assertEquals(1, client.cluster.attaches.size(), "what had come counts");
  }

  @Test
  void connectionLost_whileAccessControlIsAsked_theQuestionIsTakenBack() {
    connect("later");

    client.connection.connectionLost();

    assertTrue(access.exchanges.getFirst().open.getFirst().isCancelled());
    assertTrue(client.connection.isClosed());
    client.cluster.run();
    assertEquals(List.of(), client.output.take());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ask", "later"})
  void connect_takesTooLong_isRefused(String data) {
    connect(data);
    client.output.take();

    client.connection.connectTimedOut();
    client.cluster.run();

    assertTrue(client.output.take().getFirst().startsWith("CONNACK 8"));
    assertTrue(client.connection.isClosed());
  }

  /** [MQTT-3.1.2-30]. */
  @Test
  void challenged_anotherPacket_protocolError() {
    connect("ask");

    assertEquals(ReasonCode.PROTOCOL_ERROR, client.violates(() -> client.publish("t", 0, 0)));

    assertEquals(List.of("AUTH 18 FAKE who?", "CONNACK 82", "closed"), client.output.take());
  }

  @Test
  void challenged_disconnect_isTheEndWithoutAWord() {
    connect("ask");
    client.output.take();

    client.connection.disconnect(ReasonCode.NORMAL_DISCONNECTION, null);

    assertEquals(List.of("closed"), client.output.take());
    assertTrue(client.connection.isClosed());
    assertTrue(client.cluster.attaches.isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"RE_AUTHENTICATE, FAKE", "CONTINUE_AUTHENTICATION, SCRAM-SHA-256"})
  void challenged_authThatIsNotTheAnswer_protocolError(ReasonCode reason, String method) {
    connect("ask");
    AuthenticationData said = new AuthenticationData(method, bytes("anna"));

    assertEquals(
        ReasonCode.PROTOCOL_ERROR, client.violates(() -> client.connection.auth(reason, said)));
    assertTrue(client.cluster.attaches.isEmpty());
  }

  /** [MQTT-3.1.2-24]. */
  @ParameterizedTest
  @CsvSource({"ask, 8", "anna, 18"})
  void connect_clientTakesLessThanItMustBeTold_packetTooLarge(String data, long maximum) {
    client.connection.connect(request(data, maximum, null, FakeExchange.METHOD));

    assertEquals(List.of("CONNACK 95", "closed"), client.output.take());
  }

  // --- afterwards ---

  @Test
  @Conforms(v5 = "MQTT-4.12.0-5")
  void reauthenticate_proved_theIdentityGoesOnForLongerAndSoDoPackets() {
    connected();

    auth(ReasonCode.RE_AUTHENTICATE, "ask");
    client.publish("a", 0, 0);
    assertEquals("false", identity().claims().get("proof"));
    auth(ReasonCode.CONTINUE_AUTHENTICATION, "later");
    client.publish("b", 0, 0);
    assertFalse(client.connection.isWaiting());
    FakeExchange again = access.exchanges.getLast();
    assertEquals("anna", Objects.requireNonNull(again.present).userName());
    again.open.getFirst().complete(again.accepted());
    client.cluster.run();
    client.publish("c", 0, 0);

    assertEquals(List.of("AUTH 18 FAKE who?", "AUTH 00 FAKE welcome"), client.output.take());
    assertEquals(List.of("a", "b", "c"), client.cluster.topics());
    assertEquals("true", identity().claims().get("proof"));
    assertEquals(identity(), access.identities.getLast());
    client.cluster.nowMillis = FakeExchange.UNTIL_MILLIS;
    client.connection.look(0, PATIENCE_NANOS);
    assertTrue(client.connection.isConnected());
    client.cluster.nowMillis = 2 * FakeExchange.UNTIL_MILLIS;
    client.connection.look(0, PATIENCE_NANOS);
    assertEquals(List.of("DISCONNECT 87", "closed"), client.output.take());
  }

  @ParameterizedTest
  @CsvSource({"eve, 87", "throw, 87"})
  @Conforms(v5 = "MQTT-4.12.1-2")
  void reauthenticate_notProved_connectionEnds(String data, String reason) {
    connected();

    auth(ReasonCode.RE_AUTHENTICATE, data);

    assertEquals(List.of("DISCONNECT " + reason, "closed"), client.output.take());
    assertEquals("with will", client.session.detached);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ask", "later"})
  @Conforms(v5 = "MQTT-4.12.1-2")
  void reauthenticate_takesTooLong_connectionEnds(String data) {
    connected();
    auth(ReasonCode.RE_AUTHENTICATE, data);
    client.output.take();

    client.connection.look(0, PATIENCE_NANOS);
    client.connection.look(PATIENCE_NANOS, PATIENCE_NANOS);
    assertTrue(client.connection.isConnected());
    client.connection.look(PATIENCE_NANOS + 1, PATIENCE_NANOS);

    assertEquals(List.of("DISCONNECT 87", "closed"), client.output.take());
    access.exchanges.getLast().open.forEach(open -> assertTrue(open.isCancelled()));
  }

  /** Those who come must not end those who are there by keeping the checks busy. */
  @Test
  void reauthenticate_nobodyHasTime_isAskedAgainWhilePacketsGoOn() {
    connected();
    access.room = false;

    auth(ReasonCode.RE_AUTHENTICATE, "anna");
    client.connection.look(0, PATIENCE_NANOS);
    client.publish("a", 0, 0);
    assertEquals(List.of(), client.output.take());
    assertEquals(4, client.cluster.memory.bytes(), "what it has sent waits, and counts");
    assertEquals(4, client.connection.waitingBytes(), "so it is found where memory is short");
    access.room = true;
    client.connection.look(PATIENCE_NANOS, PATIENCE_NANOS);

    assertEquals(List.of("AUTH 00 FAKE welcome"), client.output.take());
    assertEquals("true", identity().claims().get("proof"));
    assertEquals(List.of("a"), client.cluster.topics());
    assertEquals(0, client.cluster.memory.bytes());
    assertEquals(0, client.connection.waitingBytes());
  }

  @Test
  void reauthenticate_nobodyHasTimeForTooLong_connectionEnds() {
    connected();
    access.room = false;
    auth(ReasonCode.RE_AUTHENTICATE, "anna");

    client.connection.look(0, PATIENCE_NANOS);
    client.connection.look(PATIENCE_NANOS, PATIENCE_NANOS);
    assertTrue(client.connection.isConnected());
    client.connection.look(PATIENCE_NANOS + 1, PATIENCE_NANOS);

    assertEquals(List.of("DISCONNECT 89", "closed"), client.output.take());
    assertEquals(0, client.cluster.memory.bytes());
    assertEquals(
        1, access.exchanges.stream().filter(one -> one.unheard).count(), "which is told once");
  }

  @Test
  void reauthenticate_anotherAuthWhileNobodyHasTime_protocolError() {
    connected();
    access.room = false;
    auth(ReasonCode.RE_AUTHENTICATE, "anna");

    assertEquals(
        ReasonCode.PROTOCOL_ERROR, client.violates(() -> auth(ReasonCode.RE_AUTHENTICATE, "anna")));
    assertEquals(0, client.cluster.memory.bytes());
  }

  /** What came first would have to be said again, and the client does not know that. */
  @Test
  void reauthenticate_nobodyHasTimeForTheSecondStep_connectionEnds() {
    connected();
    auth(ReasonCode.RE_AUTHENTICATE, "ask");
    client.output.take();

    auth(ReasonCode.CONTINUE_AUTHENTICATION, "busy");

    assertEquals(List.of("DISCONNECT 89", "closed"), client.output.take());
  }

  @Test
  void reauthenticate_againAndAgain_isToldThatItIsTooOften() {
    connected();
    for (int i = 0; i < Reauthentication.MOST_AT_ONCE; i++) {
      auth(ReasonCode.RE_AUTHENTICATE, "anna");
    }
    client.connection.look(0, PATIENCE_NANOS);
    for (int i = 0; i < Reauthentication.MOST_AT_ONCE; i++) {
      auth(ReasonCode.RE_AUTHENTICATE, "anna");
    }
    client.output.take();

    assertEquals(
        ReasonCode.MESSAGE_RATE_TOO_HIGH,
        client.violates(() -> auth(ReasonCode.RE_AUTHENTICATE, "anna")));

    assertEquals(List.of("DISCONNECT 96", "closed"), client.output.take());
  }

  @Test
  void connected_authOutOfTurn_protocolError() {
    connected();
    assertEquals(
        ReasonCode.PROTOCOL_ERROR,
        client.violates(() -> auth(ReasonCode.CONTINUE_AUTHENTICATION, "anna")));
  }

  @Test
  void connected_authWhileTheLastIsNotAnswered_protocolError() {
    connected();
    auth(ReasonCode.RE_AUTHENTICATE, "later");

    assertEquals(
        ReasonCode.PROTOCOL_ERROR,
        client.violates(() -> auth(ReasonCode.CONTINUE_AUTHENTICATION, "anna")));
    assertTrue(access.exchanges.getLast().open.getFirst().isCancelled());
  }

  @Test
  void connected_anotherMethod_protocolError() {
    connected();

    assertEquals(
        ReasonCode.PROTOCOL_ERROR,
        client.violates(
            () ->
                client.connection.auth(
                    ReasonCode.RE_AUTHENTICATE, new AuthenticationData("JWT", bytes("anna")))));
  }

  @Test
  @Conforms(v5 = "MQTT-4.12.0-7")
  void connected_authWithoutAMethodInConnect_protocolError() {
    TestClient other = TestClient.connected(ProtocolVersion.V5);

    assertEquals(
        ReasonCode.PROTOCOL_ERROR,
        other.violates(
            () ->
                other.connection.auth(
                    ReasonCode.RE_AUTHENTICATE,
                    new AuthenticationData(FakeExchange.METHOD, bytes("anna")))));
  }

  private void connected() {
    connect("anna");
    client.connection.attached(client.session.asSession(), false, null);
    assertEquals(List.of("CONNACK FAKE welcome"), client.output.take());
  }

  private void connect(String data) {
    client.connection.connect(request(data, Long.MAX_VALUE, null, FakeExchange.METHOD));
  }

  static ConnectRequest request(
      String data, long maximumPacketBytes, @Nullable Password password, String method) {
    return new ConnectRequest(
        ProtocolVersion.V5,
        "client",
        true,
        0,
        60,
        65_535,
        maximumPacketBytes,
        null,
        "root",
        password,
        new AuthenticationData(method, bytes(data)));
  }

  private void auth(ReasonCode reason, String data) {
    client.connection.auth(reason, new AuthenticationData(FakeExchange.METHOD, bytes(data)));
  }

  private Identity identity() {
    return Objects.requireNonNull(client.connection.identity());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
