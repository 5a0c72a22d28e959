package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.policy.DeliveryPolicies;
import io.vmqtt.gateway.quota.NamespaceUses;
import io.vmqtt.model.DeliveryPolicy;
import io.vmqtt.model.Durability;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client publishes: MQTT 5.0, sections 3.3, 4.3, 4.6 and 4.9. */
class InboundPublishTest {
  private TestClient client = TestClient.connected(ProtocolVersion.V5);

  @Test
  @Conforms(v5 = "MQTT-3.3.4-1")
  void publish_atMostOnce_isGivenOnAndNotAnswered() {
    client.publish("t", 0, 0);

    assertEquals(List.of("t"), client.cluster.topics());
    assertNull(client.cluster.published.getFirst().callback());
    assertEquals(List.of(), client.output.take());
  }

  /** [MQTT-4.3.2-4], and not before the message is safe. */
  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = {"MQTT-2.3.1-6", "MQTT-3.3.4-1", "MQTT-4.3.2-2"},
      v5 = {"MQTT-2.2.1-5", "MQTT-3.3.4-1", "MQTT-4.3.2-4"})
  void publish_atLeastOnce_pubAckWhenItIsSafe(ProtocolVersion version) {
    client = TestClient.connected(version);
    client.publish("t", 1, 7);
    assertEquals(List.of(), client.output.take());

    client.cluster.answer(0, ReasonCode.SUCCESS);

    assertEquals(List.of("PUBACK 7 00"), client.output.take());
    assertNull(client.cluster.published.getFirst().key());
  }

  @Test
  void publish_toBeRetained_underAKeyOfTheSession() {
    client.connection.publish(TestClient.message("t", 1).withRetain(true), 7, 0);

    assertEquals(List.of("t"), client.session.retained);
    assertEquals(List.of("PUBACK 7 00"), client.output.take());
  }

  @Test
  void publish_nobodySubscribed_pubAckSaysSo() {
    client.publish("t", 1, 7);

    client.cluster.answer(0, ReasonCode.NO_MATCHING_SUBSCRIBERS);

    assertEquals(List.of("PUBACK 7 10"), client.output.take());
  }

  /** [MQTT-4.6.0-2]. */
  @Test
  void publish_answersComeOutOfOrder_pubAcksLeaveInOrder() {
    client.publish("a", 1, 3);
    client.publish("b", 1, 2);
    client.publish("c", 1, 1);

    client.cluster.answer(2, ReasonCode.SUCCESS);
    client.cluster.answer(1, ReasonCode.SUCCESS);
    assertEquals(List.of(), client.output.take());
    client.cluster.answer(0, ReasonCode.SUCCESS);

    assertEquals(List.of("PUBACK 3 00", "PUBACK 2 00", "PUBACK 1 00"), client.output.take());
  }

  /** [MQTT-4.6.0-3]. */
  @Test
  void publish_exactlyOnceAnswersComeOutOfOrder_pubRecsLeaveInOrder() {
    client.publish("a", 2, 3);
    client.publish("b", 2, 2);

    client.cluster.answer(1, ReasonCode.SUCCESS);
    assertEquals(List.of(), client.output.take());
    client.cluster.answer(0, ReasonCode.SUCCESS);

    assertEquals(List.of("PUBREC 3 00", "PUBREC 2 00"), client.output.take());
  }

  @Test
  void publish_differentQos_answersDoNotWaitForEachOther() {
    client.publish("a", 1, 1);
    client.publish("b", 2, 2);

    client.cluster.answer(1, ReasonCode.SUCCESS);

    assertEquals(List.of("PUBREC 2 00"), client.output.take());
  }

  @Test
  void publish_refused_pubAckCarriesTheReason() {
    client.publish("t", 1, 7);

    client.cluster.answer(0, ReasonCode.QUOTA_EXCEEDED);

    assertEquals(List.of("PUBACK 7 97"), client.output.take());
    assertTrue(client.connection.isConnected());
  }

  /** A PUBACK of MQTT 3.1.1 means success, and nothing is acknowledged that was not taken. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Conforms(v311 = {"MQTT-3.3.5-2", "MQTT-4.8.0-2"})
  void publish_refusedBeforeMqtt5_connectionEndsInsteadOfASuccess(int qos) {
    client = TestClient.connected(ProtocolVersion.V3);
    client.publish("t", qos, 7);
    client.publish("later", qos, 8);
    client.cluster.answer(1, ReasonCode.SUCCESS);

    client.cluster.answer(0, ReasonCode.QUOTA_EXCEEDED);

    assertEquals(List.of("closed"), client.output.take());
    assertEquals("with will", client.session.detached);
  }

  @Test
  void publish_answerAfterTheEnd_nothingIsSent() {
    client.publish("t", 1, 7);
    client.publish("t", 2, 8);
    client.connection.connectionLost();

    client.cluster.answer(0, ReasonCode.SUCCESS);
    client.cluster.answer(1, ReasonCode.QUOTA_EXCEEDED);

    assertEquals(List.of(), client.output.take());
  }

  // --- QoS 2 ---

  /** [MQTT-4.3.3-8], [MQTT-4.3.3-11]. */
  @Test
  @Conforms(v5 = {"MQTT-2.2.1-5", "MQTT-3.3.4-1", "MQTT-4.3.3-8", "MQTT-4.3.3-11"})
  void publish_exactlyOnce_pubRecThenPubCompForPubRel() {
    client.publish("t", 2, 7);
    assertEquals(List.of(), client.output.take());
    client.cluster.answer(0, ReasonCode.SUCCESS);
    assertEquals(List.of("PUBREC 7 00"), client.output.take());

    client.connection.pubRel(7);

    assertEquals(List.of("PUBCOMP 7 00"), client.output.take());
  }

  @Test
  void publish_exactlyOnce_packetIdIsNotedBeforeThePublish() {
    client.session.hold();

    client.publish("t", 2, 7);
    assertTrue(client.cluster.published.isEmpty());
    client.session.answer();

    assertEquals(new PublishKey(1, 1, 0), client.cluster.published.getFirst().key());
  }

  /** [MQTT-4.3.3-10]. */
  @Test
  @Conforms(v5 = "MQTT-4.3.3-10")
  void publish_exactlyOnceAgainBeforePubRec_publishedOnceAndAnsweredOnce() {
    client.publish("t", 2, 7);

    client.publish("t", 2, 7);
    client.cluster.answer(0, ReasonCode.SUCCESS);

    assertEquals(1, client.cluster.published.size());
    assertEquals(List.of("PUBREC 7 00"), client.output.take());
  }

  /** [MQTT-4.3.3-10]. */
  @Test
  @Conforms(v5 = "MQTT-4.3.3-10")
  void publish_exactlyOnceAgainAfterPubRec_pubRecAgainAndNoSecondPublish() {
    client.publish("t", 2, 7);
    client.cluster.answer(0, ReasonCode.NO_MATCHING_SUBSCRIBERS);
    client.output.take();

    client.publish("t", 2, 7);

    assertEquals(1, client.cluster.published.size());
    assertEquals(List.of("PUBREC 7 10"), client.output.take());
  }

  /** [MQTT-4.3.3-10]: order holds for repeated answers too. */
  @Test
  void publish_exactlyOnceAgainWhileAnEarlierOneWaits_pubRecDoesNotOvertake() {
    client.publish("a", 2, 1);
    client.publish("b", 2, 2);
    client.cluster.answer(1, ReasonCode.SUCCESS);

    client.publish("b", 2, 2);
    assertEquals(List.of(), client.output.take());
    client.cluster.answer(0, ReasonCode.SUCCESS);

    assertEquals(List.of("PUBREC 1 00", "PUBREC 2 00"), client.output.take());
  }

  /** [MQTT-4.3.3-12]. */
  @Test
  @Conforms(v5 = "MQTT-4.3.3-12")
  void publish_samePacketIdAfterPubComp_isANewMessage() {
    client.publish("t", 2, 7);
    client.cluster.answer(0, ReasonCode.SUCCESS);
    client.connection.pubRel(7);

    client.publish("u", 2, 7);

    assertEquals(List.of("t", "u"), client.cluster.topics());
    assertNotEquals(client.cluster.published.get(0).key(), client.cluster.published.get(1).key());
  }

  /** [MQTT-4.3.3-9]: no PUBREL follows an error, so the next one is a new message. */
  @Test
  @Conforms(v5 = "MQTT-4.3.3-9")
  void publish_samePacketIdAfterPubRecWithError_isANewMessageWithANewKey() {
    client.publish("t", 2, 7);
    client.cluster.answer(0, ReasonCode.QUOTA_EXCEEDED);
    assertEquals(List.of("PUBREC 7 97"), client.output.take());

    client.publish("u", 2, 7);

    assertEquals(List.of("t", "u"), client.cluster.topics());
    assertNotEquals(
        client.cluster.published.get(0).key(),
        client.cluster.published.get(1).key(),
        "with the old key it would be taken for the message that was refused");
  }

  @Test
  void pubRel_unknownPacketId_packetIdentifierNotFound() {
    client.connection.pubRel(9);

    assertEquals(List.of("PUBCOMP 9 92"), client.output.take());
  }

  /** The handshake may have begun on another connection: what is unknown is done already. */
  @Test
  void pubRel_unknownPacketIdOfADurableSession_success() {
    client = TestClient.connected(ProtocolVersion.V5, new FakeSession.Durable());

    client.connection.pubRel(9);

    assertEquals(List.of("PUBCOMP 9 00"), client.output.take());
  }

  @Test
  void pubRel_durableSession_pubCompWhenThePacketIdIsFree() {
    client = TestClient.connected(ProtocolVersion.V5, new FakeSession.Durable());
    client.publish("t", 2, 7);
    client.cluster.answer(0, ReasonCode.SUCCESS);
    client.output.take();
    client.session.hold();

    client.connection.pubRel(7);
    assertEquals(List.of(), client.output.take());
    client.session.answer();

    assertEquals(List.of("PUBCOMP 7 00"), client.output.take());
  }

  // --- receive maximum ---

  /** [MQTT-3.3.4-7]; section 3.3.4: DISCONNECT with 0x93. */
  @Test
  @Conforms(v5 = "MQTT-3.3.4-7")
  void publish_moreThanTheReceiveMaximum_disconnected() {
    client.publish("t", 1, 1);
    client.publish("t", 2, 2);
    client.publish("t", 1, 3);

    ReasonCode reason = client.violates(() -> client.publish("t", 1, 4));

    assertEquals(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED, reason);
    assertEquals(List.of("DISCONNECT 93", "closed"), client.output.take());
    assertEquals(3, client.cluster.published.size());
  }

  @Test
  @Conforms(v5 = "MQTT-3.3.4-7")
  void publish_moreExactlyOnceThanTheReceiveMaximum_disconnected() {
    for (int packetId = 1; packetId <= TestClient.RECEIVE_MAXIMUM; packetId++) {
      client.publish("t", 2, packetId);
    }

    assertEquals(
        ReasonCode.RECEIVE_MAXIMUM_EXCEEDED, client.violates(() -> client.publish("t", 2, 9)));
    assertEquals(TestClient.RECEIVE_MAXIMUM, client.cluster.published.size());
  }

  @Test
  void publish_receiveMaximumReached_atMostOnceAndRepetitionsAreStillTaken() {
    for (int packetId = 1; packetId <= TestClient.RECEIVE_MAXIMUM; packetId++) {
      client.publish("t", 2, packetId);
    }

    client.publish("t", 0, 0);
    client.publish("t", 2, 1);

    assertTrue(client.connection.isConnected());
  }

  @Test
  void publish_answersHaveLeft_thereIsRoomAgain() {
    for (int packetId = 1; packetId <= 20; packetId++) {
      client.publish("t", 1, packetId);
      client.publish("t", 2, 100 + packetId);
      client.cluster.answer(2 * packetId - 2, ReasonCode.SUCCESS);
      client.cluster.answer(2 * packetId - 1, ReasonCode.SUCCESS);
      client.connection.pubRel(100 + packetId);
    }

    assertTrue(client.connection.isConnected());
  }

  /** PUBREC with an error frees its place [MQTT-3.3.4-7]. */
  @Test
  @Conforms(v5 = "MQTT-3.3.4-7")
  void publish_exactlyOnceRefused_thereIsRoomAgain() {
    for (int packetId = 1; packetId <= 20; packetId++) {
      client.publish("t", 2, packetId);
      client.cluster.answer(packetId - 1, ReasonCode.QUOTA_EXCEEDED);
    }

    assertTrue(client.connection.isConnected());
  }

  @Test
  void publish_manyUnansweredBeforeMqtt5_readingStopsUntilHalfIsAnswered() {
    client = TestClient.connected(ProtocolVersion.V3);
    client.publish("t", 1, 1);
    client.publish("t", 1, 2);
    assertTrue(client.output.reading);
    client.publish("t", 1, 3);
    assertFalse(client.output.reading);
    client.publish("what was read already", 1, 4);

    answer(0, 1);
    assertFalse(client.output.reading);
    answer(2);

    assertTrue(client.output.reading);
    assertTrue(client.connection.isConnected());
  }

  /** The PUBRELs would not be read either, and nothing would ever move again. */
  @Test
  void publish_manyPubRecsSentBeforeMqtt5_readingGoesOn() {
    client = TestClient.connected(ProtocolVersion.V3);
    for (int packetId = 1; packetId <= 2 * TestClient.RECEIVE_MAXIMUM; packetId++) {
      client.publish("t", 2, packetId);
    }
    assertFalse(client.output.reading);

    answer(0, 1, 2, 3, 4, 5);

    assertTrue(client.output.reading, "all that is missing now are the client's PUBRELs");
  }

  private void answer(int... publishes) {
    for (int index : publishes) {
      client.cluster.answer(index, ReasonCode.SUCCESS);
      client.connection.speedUp();
    }
  }

  // --- what may not be published ---

  /** [MQTT-3.3.2-2], [MQTT-4.7.3-1], [MQTT-4.7.3-2]. */
  @ParameterizedTest
  @ValueSource(strings = {"a/+", "#", "a\u0000b"})
  @Conforms(v5 = {"MQTT-3.3.2-2", "MQTT-4.7.0-1", "MQTT-4.7.3-2"})
  void publish_invalidTopic_topicNameInvalid(String topic) {
    ReasonCode reason = client.violates(() -> client.publish(topic, 1, 1));

    assertEquals(ReasonCode.TOPIC_NAME_INVALID, reason);
    assertEquals(List.of("DISCONNECT 90", "closed"), client.output.take());
    assertTrue(client.cluster.published.isEmpty());
  }

  /** Section 3.3.2.1: a protocol error where no alias stands for the topic. */
  @Test
  @Conforms(v5 = "MQTT-4.7.3-1")
  void publish_emptyTopicWithoutAlias_protocolError() {
    assertEquals(ReasonCode.PROTOCOL_ERROR, client.violates(() -> client.publish("", 0, 0)));
  }

  /** [MQTT-2.2.1-3]. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Conforms(v5 = "MQTT-2.2.1-3")
  void publish_packetIdZero_protocolError(int qos) {
    assertEquals(ReasonCode.PROTOCOL_ERROR, client.violates(() -> client.publish("t", qos, 0)));
  }

  // --- topic aliases, section 3.3.2.3.4 ---

  @Test
  @Conforms(v5 = "MQTT-3.3.2-12")
  void publish_aliasSetBefore_standsForItsTopic() {
    client.connection.publish(TestClient.message("long/topic", 0), 0, 1);
    client.connection.publish(TestClient.message("other", 0), 0, 2);

    client.connection.publish(TestClient.message("", 0), 0, 1);
    client.connection.publish(TestClient.message("", 1), 5, 2);

    assertEquals(List.of("long/topic", "other", "long/topic", "other"), client.cluster.topics());
  }

  @Test
  void publish_aliasSetAnew_standsForTheNewTopic() {
    client.connection.publish(TestClient.message("old", 0), 0, 1);
    client.connection.publish(TestClient.message("new", 0), 0, 1);

    client.connection.publish(TestClient.message("", 0), 0, 1);

    assertEquals(List.of("old", "new", "new"), client.cluster.topics());
  }

  @Test
  void publish_aliasNeverSet_protocolError() {
    ReasonCode reason =
        client.violates(() -> client.connection.publish(TestClient.message("", 0), 0, 1));

    assertEquals(ReasonCode.PROTOCOL_ERROR, reason);
  }

  /** [MQTT-3.3.2-9]. */
  @Test
  @Conforms(v5 = {"MQTT-3.2.2-17", "MQTT-3.3.2-9", "MQTT-3.3.2-12"})
  void publish_aliasAboveTheMaximum_topicAliasInvalid() {
    client.connection.publish(TestClient.message("t", 0), 0, TestClient.TOPIC_ALIAS_MAXIMUM);

    ReasonCode reason =
        client.violates(
            () ->
                client.connection.publish(
                    TestClient.message("t", 0), 0, TestClient.TOPIC_ALIAS_MAXIMUM + 1));

    assertEquals(ReasonCode.TOPIC_ALIAS_INVALID, reason);
    assertEquals(List.of("DISCONNECT 94", "closed"), client.output.take());
  }

  @Test
  @Conforms(v5 = "MQTT-3.2.2-18")
  void publish_aliasThoughNoneAreAllowed_topicAliasInvalid() {
    Connection withoutAliases =
        new Connection(
            new Entrance(Namespace.NAMELESS, new Limits(1, 1, 1, 1, 0, 0, 1), new OpenAccess()),
            () -> Caller.UNKNOWN,
            client.output,
            client.cluster,
            new Random(1));
    withoutAliases.connect(TestClient.connect(ProtocolVersion.V5));
    withoutAliases.attached(client.session.asSession(), false, null);

    ReasonCode reason =
        client.violates(() -> withoutAliases.publish(TestClient.message("t", 0), 0, 1));

    assertEquals(ReasonCode.TOPIC_ALIAS_INVALID, reason);
  }

  /** Aliases are of one connection [MQTT-3.3.2-7]. */
  @Test
  @Conforms(v5 = "MQTT-3.3.2-7")
  void publish_aliasOfAnotherConnection_isUnknown() {
    client.connection.publish(TestClient.message("t", 0), 0, 1);
    TestClient next = TestClient.connected(ProtocolVersion.V5);

    assertEquals(
        ReasonCode.PROTOCOL_ERROR,
        next.violates(() -> next.connection.publish(TestClient.message("", 0), 0, 1)));
  }

  // --- policies ---

  @Test
  void publish_policyOfNamespaceAndTopic_goesWithTheMessage() {
    DeliveryPolicy fleeting = new DeliveryPolicy(Durability.NONE);
    DeliveryPolicies policies =
        (namespace, message) ->
            message.topic().startsWith(namespace.name() + "/")
                ? fleeting
                : DeliveryPolicy.of(message.qos());
    Connection connection =
        new Connection(
            new Entrance(
                Namespace.of("here"),
                Limits.DEFAULT,
                new OpenAccess(),
                policies,
                NamespaceUses.unnamed()),
            () -> Caller.UNKNOWN,
            client.output,
            client.cluster,
            new Random(1));
    connection.connect(TestClient.connect(ProtocolVersion.V5));
    connection.attached(client.session.asSession(), false, null);

    connection.publish(TestClient.message("here/a", 1), 1, 0);
    connection.publish(TestClient.message("a", 1), 2, 0);

    assertEquals(
        List.of(fleeting, DeliveryPolicy.of(Qos.AT_LEAST_ONCE)),
        client.cluster.published.stream().map(one -> one.message().policy()).toList());
  }

  // --- limits of topics ---

  /** Section 3.4.2.1: not malformed, but not accepted. */
  @Test
  void publish_topicBeyondTheLimits_isRefusedInItsTurn() {
    client.publish("a", 1, 1);
    client.publish("a/b/c/d/e/f", 1, 2);
    client.publish("x".repeat(25), 2, 3);
    assertEquals(List.of("PUBREC 3 90"), client.output.take());

    client.cluster.answer(0, ReasonCode.SUCCESS);

    assertEquals(List.of("PUBACK 1 00", "PUBACK 2 90"), client.output.take());
    assertEquals(List.of("a"), client.cluster.topics());
  }

  @Test
  void publish_topicBeyondTheLimitsAtQos0_topicNameInvalid() {
    assertEquals(
        ReasonCode.TOPIC_NAME_INVALID, client.violates(() -> client.publish("a/b/c/d/e/f", 0, 0)));
  }

  @Test
  void publish_topicBeyondTheLimitsBeforeMqtt5_connectionEnds() {
    client = TestClient.connected(ProtocolVersion.V3);

    client.publish("a/b/c/d/e/f", 1, 1);

    assertEquals(List.of("closed"), client.output.take());
  }

  @Test
  void connect_willTopicBeyondTheLimits_topicNameInvalid() {
    client = new TestClient();

    client.connection.connect(
        new ConnectRequest(
            ProtocolVersion.V5,
            "me",
            true,
            0,
            0,
            10,
            Long.MAX_VALUE,
            new Will(TestClient.message("a/b/c/d/e/f", 0), 0, 0)));

    assertEquals(List.of("CONNACK 90", "closed"), client.output.take());
  }
}
