package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.FakeAccess.How;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Permission;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.ScopedName;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Access control that refuses, answers late, never answers, or fails: sections 3.1.4, 5.4. */
class AccessControlTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final FakeAccess access = new FakeAccess();

  /** An answer to CONNECT that is not there yet. */
  private final CompletableFuture<Authentication> authentication = new CompletableFuture<>();

  private TestClient client = new TestClient(access);

  // --- CONNECT ---

  @Test
  void connect_accepted_identityIsCompleteBeforeTheShardIsAsked() {
    access.answerConnect(authentication);
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
    assertNull(client.connection.identity());
    assertTrue(client.cluster.attaches.isEmpty());

    Identity identity = access.credentials.getFirst().identity(Namespace.of("there"));
    authentication.complete(new Authentication.Accepted(identity));
    client.cluster.run();

    assertEquals(identity, client.connection.identity());
    assertEquals(Namespace.NAMELESS, access.credentials.getFirst().namespace());
    assertEquals(TestClient.CALLER.address(), identity.peer());
    assertEquals(
        ScopedName.of(Namespace.of("there"), "client"),
        client.cluster.attaches.getFirst().clientId());
  }

  @Test
  void look_proofHasEnded_soDoesTheConnection() {
    access.answerConnect(authentication);
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
    Identity said = access.credentials.getFirst().identity(Namespace.NAMELESS);
    authentication.complete(
        new Authentication.Accepted(
            new Identity(said.namespace(), said.clientId(), "anna", null, null, Map.of(), 5_000)));
    client.cluster.run();
    client.connection.attached(client.session.asSession(), false, null);
    client.output.take();

    client.cluster.nowMillis = 4_999;
    client.connection.look(0, PATIENCE_NANOS);
    assertEquals(List.of(), client.output.take());

    client.cluster.nowMillis = 5_000;
    client.connection.look(0, PATIENCE_NANOS);
    assertEquals(List.of("DISCONNECT 87", "closed"), client.output.take());
  }

  @Test
  void connect_withoutClientId_identityHasTheAssignedOne() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V5, ""));

    assertEquals(
        client.cluster.attaches.getFirst().clientId(), access.credentials.getFirst().clientId());
    assertEquals(22, access.credentials.getFirst().clientId().length());
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = "MQTT-3.2.2-5",
      v5 = {"MQTT-3.1.4-2", "MQTT-3.2.2-7"})
  void connect_refused_connAckSaysWhyAndNoShardIsAsked(ProtocolVersion version) {
    access.answerConnect(
        CompletableFuture.completedFuture(
            new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD)));

    client.connection.connect(TestClient.connect(version));

    assertEquals(List.of("CONNACK 86", "closed"), client.output.take());
    assertTrue(client.cluster.attaches.isEmpty());
    assertTrue(client.connection.isClosed());
  }

  @Test
  void connect_answerComesLate_packetsWaitAndNothingIsRead() {
    access.answerConnect(authentication);
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
    client.connection.whenReady(() -> client.publish("a", 0, 0));
    assertTrue(client.connection.isWaiting());
    assertFalse(client.output.reading);
    assertEquals(List.of(), client.output.take());

    authentication.complete(accepted());
    client.cluster.run();
    assertTrue(client.connection.isWaiting(), "now for the shard");
    client.connection.attached(client.session.asSession(), false, null);

    assertEquals(List.of("CONNACK"), client.output.take());
    assertEquals(List.of("a"), client.cluster.topics());
    assertTrue(client.output.reading);
  }

  @Test
  void connect_answerIsThereAtOnce_takesNoTurn() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    assertEquals(1, client.cluster.attaches.size());
    assertTrue(client.cluster.tasks.isEmpty());
  }

  @Test
  void connect_noAnswer_refusedInTimeAndTheQuestionIsTakenBack() {
    access.answerConnect(authentication);
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    client.connection.unavailable();
    client.cluster.run();

    assertEquals(List.of("CONNACK 88", "closed"), client.output.take());
    assertTrue(authentication.isCancelled());
    assertEquals(1, client.cluster.accessFailures);
    assertTrue(client.cluster.attaches.isEmpty());
  }

  @Test
  void connect_accessControlFails_nobodyIsLetIn() {
    access.answerConnect(CompletableFuture.failedFuture(new IllegalStateException("down")));

    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    assertEquals(List.of("CONNACK 88", "closed"), client.output.take());
    assertEquals(1, client.cluster.accessFailures);
  }

  @Test
  void connectionLost_whileAuthenticating_leavesNothing() {
    access.answerConnect(authentication);
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    client.connection.connectionLost();

    assertTrue(client.connection.isClosed());
    assertFalse(client.connection.isWaiting());
    assertTrue(authentication.isCancelled());
    client.cluster.run();
    assertTrue(client.cluster.attaches.isEmpty());
    assertEquals(List.of(), client.output.take());
  }

  /** As behind a CONNECT that waits for its shard: what came before the end counts. */
  @Test
  void connectionLost_whileAuthenticatingWithPacketsBehind_theyAreHandledFirst() {
    access.answerConnect(authentication);
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
    client.connection.whenReady(() -> client.publish("a", 0, 0));

    client.connection.connectionLost();
    authentication.complete(accepted());
    client.cluster.run();
    client.connection.attached(client.session.asSession(), false, null);

    assertEquals(List.of("a"), client.cluster.topics());
    assertEquals("with will", client.session.detached);
  }

  @Test
  void end_whileAuthenticating_version5IsToldWhyAndTheQuestionIsTakenBack() {
    access.answerConnect(authentication);
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    client.connection.end(ReasonCode.SERVER_SHUTTING_DOWN);

    assertEquals(List.of("CONNACK 88", "closed"), client.output.take());
    assertTrue(authentication.isCancelled());
  }

  @ParameterizedTest
  @CsvSource({"DENIES, 87", "FAILS, 88", "THROWS, 88"})
  @Conforms(v5 = "MQTT-3.1.4-2")
  void connect_willNotPermitted_refused(How how, String reason) {
    access.now(how);

    client.connection.connect(withWill());

    assertEquals(List.of("CONNACK " + reason, "closed"), client.output.take());
    assertEquals(List.of("will gone"), access.asked);
    assertTrue(client.cluster.attaches.isEmpty());
  }

  @Test
  void connect_willPermittedLate_shardIsAskedThen() {
    access.now(How.LATER);
    client.connection.connect(withWill());
    assertTrue(client.cluster.attaches.isEmpty());

    access.open.getFirst().complete(Permission.GRANTED);
    client.cluster.run();

    assertEquals(1, client.cluster.attaches.size());
  }

  // --- PUBLISH ---

  /** At QoS 0 MQTT has no word for it; the connection goes on. */
  @ParameterizedTest
  @EnumSource
  void publish_deniedAtMostOnce_isDroppedAndCounted(ProtocolVersion version) {
    connected(version);
    access.now(How.DENIES);

    client.publish("t", 0, 0);

    assertEquals(List.of(), client.cluster.topics());
    assertEquals(List.of(), client.output.take());
    assertEquals(1, client.cluster.denied);
    assertTrue(client.connection.isConnected());
  }

  @ParameterizedTest
  @CsvSource({
    "1, DENIES, PUBACK 7 87",
    "2, DENIES, PUBREC 7 87",
    "1, FAILS, PUBACK 7 83",
    "2, THROWS, PUBREC 7 83"
  })
  void publish_notPermitted_acknowledgementCarriesTheReason(int qos, How how, String answer) {
    connected(ProtocolVersion.V5);
    access.now(how);

    client.publish("t", qos, 7);

    assertEquals(List.of(answer), client.output.take());
    assertEquals(List.of(), client.cluster.topics());
    assertTrue(client.connection.isConnected());
  }

  /** [MQTT-3.3.5-2] of 3.1.1: an acknowledgement would say that it was taken. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Conforms(v311 = "MQTT-3.3.5-2")
  void publish_notPermittedBeforeMqtt5_connectionEnds(int qos) {
    connected(ProtocolVersion.V3);
    access.now(How.DENIES);

    client.publish("t", qos, 7);

    assertEquals(List.of("closed"), client.output.take());
    assertEquals("with will", client.session.detached);
    assertEquals(List.of(), client.cluster.topics());
  }

  /** [MQTT-4.6.0-2]. */
  @Test
  void publish_deniedBehindOneThatIsUnderWay_isAnsweredInItsTurn() {
    connected(ProtocolVersion.V5);
    client.publish("a", 1, 1);
    access.now(How.DENIES);
    client.publish("b", 1, 2);
    assertEquals(List.of(), client.output.take());

    client.cluster.answer(0, ReasonCode.SUCCESS);

    assertEquals(List.of("PUBACK 1 00", "PUBACK 2 87"), client.output.take());
  }

  @Test
  void publish_permissionIsThereAtOnce_takesNoTurn() {
    connected(ProtocolVersion.V5);

    client.publish("t", 0, 0);

    assertEquals(List.of("t"), client.cluster.topics());
    assertTrue(client.cluster.tasks.isEmpty());
    assertEquals(client.connection.identity(), access.identities.getLast());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void publish_permittedLate_packetsBehindWaitForIt(int qos) {
    connected(ProtocolVersion.V5);
    access.now(How.LATER);
    client.publish("a", qos, qos == 0 ? 0 : 1);
    assertTrue(client.connection.isWaiting());
    assertFalse(client.output.reading);
    access.now(How.GRANTS);
    client.connection.whenReady(() -> client.publish("b", 0, 0));
    assertEquals(List.of(), client.cluster.topics());

    access.open.getFirst().complete(Permission.GRANTED);
    client.cluster.run();

    assertEquals(List.of("a", "b"), client.cluster.topics());
    assertFalse(client.connection.isWaiting());
    assertTrue(client.output.reading);
  }

  @Test
  void publish_packetBehindHasToWaitItself_thoseBehindThatWaitOn() {
    connected(ProtocolVersion.V5);
    access.now(How.LATER);
    client.publish("a", 0, 0);
    client.connection.whenReady(() -> client.publish("b", 0, 0));
    client.connection.whenReady(() -> client.connection.pingReq());

    access.open.getFirst().complete(Permission.GRANTED);
    client.cluster.run();
    assertEquals(List.of("a"), client.cluster.topics());
    assertEquals(List.of(), client.output.take());
    access.open.getLast().complete(Permission.GRANTED);
    client.cluster.run();

    assertEquals(List.of("a", "b"), client.cluster.topics());
    assertEquals(List.of("PINGRESP"), client.output.take());
  }

  @Test
  void publish_noAnswer_refusedInTimeAndTheConnectionGoesOn() {
    connected(ProtocolVersion.V5);
    access.now(How.LATER);
    client.publish("t", 1, 7);

    client.connection.look(0, PATIENCE_NANOS);
    client.connection.look(PATIENCE_NANOS, PATIENCE_NANOS);
    client.cluster.run();
    assertTrue(client.connection.isWaiting());
    client.connection.look(PATIENCE_NANOS + 1, PATIENCE_NANOS);
    client.cluster.run();

    assertEquals(List.of("PUBACK 7 83"), client.output.take());
    assertTrue(access.open.getFirst().isCancelled());
    assertEquals(1, client.cluster.accessFailures);
    assertFalse(client.connection.isWaiting());
  }

  /** Each question has its own time. */
  @Test
  void look_anotherQuestionMeanwhile_isNotGivenUpForTheFirst() {
    connected(ProtocolVersion.V5);
    access.now(How.LATER);
    client.publish("a", 0, 0);
    client.connection.look(0, PATIENCE_NANOS);
    access.open.getFirst().complete(Permission.GRANTED);
    client.cluster.run();
    client.publish("b", 0, 0);

    client.connection.look(PATIENCE_NANOS + 1, PATIENCE_NANOS);

    assertFalse(access.open.getLast().isDone());
  }

  @Test
  void connectionLost_whilePermissionIsOpen_publishedAllTheSame() {
    connected(ProtocolVersion.V5);
    access.now(How.LATER);
    client.publish("t", 1, 7);

    client.connection.connectionLost();
    assertNull(client.session.detached);
    access.open.getFirst().complete(Permission.GRANTED);
    client.cluster.run();

    assertEquals(List.of("t"), client.cluster.topics());
    assertEquals("with will", client.session.detached);
  }

  @Test
  void lost_whilePermissionIsOpen_nothingIsPublishedAndTheQuestionIsTakenBack() {
    connected(ProtocolVersion.V5);
    access.now(How.LATER);
    client.publish("t", 1, 7);

    client.connection.lost(ReasonCode.SESSION_TAKEN_OVER);
    client.cluster.run();

    assertEquals(List.of("DISCONNECT 8e", "closed"), client.output.take());
    assertEquals(List.of(), client.cluster.topics());
    assertTrue(access.open.getFirst().isCancelled());
  }

  // --- SUBSCRIBE ---

  @ParameterizedTest
  @CsvSource({
    "V5, DENIES, SUBACK 1 [87]",
    "V5, FAILS, SUBACK 1 [83]",
    "V5, THROWS, SUBACK 1 [83]",
    "V3, DENIES, SUBACK 1 [80]"
  })
  @Conforms(
      v311 = {"MQTT-3.8.4-5", "MQTT-3.9.3-2"},
      v5 = {"MQTT-3.8.4-7", "MQTT-3.9.3-2"})
  void subscribe_notPermitted_subAckSaysSo(ProtocolVersion version, How how, String subAck) {
    connected(version);
    access.now(how);

    client.connection.subscribe(1, filters("a"), 0);

    assertEquals(List.of(subAck), client.output.take());
    assertTrue(client.session.filters.isEmpty());
  }

  @Test
  @Conforms(v5 = {"MQTT-3.8.4-5", "MQTT-3.8.4-6", "MQTT-3.9.3-1"})
  void subscribe_someLate_eachGetsItsOwnAnswerInOneSubAck() {
    connected(ProtocolVersion.V5);
    access.now(How.LATER);
    client.connection.subscribe(1, filters("a", "b", "c"), 0);
    assertTrue(client.connection.isWaiting());
    assertFalse(client.output.reading);

    access.open.get(2).complete(Permission.GRANTED);
    access.open.get(0).complete(Permission.GRANTED);
    client.cluster.run();
    assertEquals(List.of(), client.output.take());
    access.open.get(1).complete(Permission.DENIED);
    client.cluster.run();

    assertEquals(List.of("SUBACK 1 [01, 87, 01]"), client.output.take());
    assertEquals(List.of("subscribe a qos 1", "subscribe c qos 1"), client.session.calls);
    assertTrue(client.output.reading);
  }

  @Test
  void subscribe_someWithoutAnswer_onlyThoseAreRefused() {
    connected(ProtocolVersion.V5);
    access.now(How.LATER);
    client.connection.subscribe(1, filters("a", "b"), 0);
    access.open.getFirst().complete(Permission.GRANTED);

    client.connection.look(0, PATIENCE_NANOS);
    client.connection.look(PATIENCE_NANOS + 1, PATIENCE_NANOS);
    client.cluster.run();

    assertEquals(List.of("SUBACK 1 [01, 83]"), client.output.take());
  }

  private void connected(ProtocolVersion version) {
    client = TestClient.connected(client, TestClient.connect(version), new FakeSession.Transient());
  }

  private Authentication accepted() {
    return new Authentication.Accepted(access.credentials.getFirst().identity(Namespace.NAMELESS));
  }

  static ConnectRequest withWill() {
    Will will = new Will(TestClient.message("gone", 1), 0, 0);
    return new ConnectRequest(
        ProtocolVersion.V5, "client", true, 0, 60, 65_535, Long.MAX_VALUE, will);
  }

  private static List<RequestedSubscription> filters(String... filters) {
    return Arrays.stream(filters)
        .map(filter -> new RequestedSubscription(filter, SubscriptionOptions.of(Qos.AT_LEAST_ONCE)))
        .toList();
  }
}
