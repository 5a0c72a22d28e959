package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.gateway.connection.RecordingOutput.TestMessage;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that a shard pushes for a session that it keeps. */
class DurableDeliveryTest {
  private static final Delivery AT_LEAST_ONCE = Delivery.of(Qos.AT_LEAST_ONCE, false);
  private static final Delivery EXACTLY_ONCE = Delivery.of(Qos.EXACTLY_ONCE, false);

  private final FakeSession session = new FakeSession.Durable();
  private TestClient client = TestClient.connected(ProtocolVersion.V5, session);

  @Test
  void deliver_atLeastOnce_thePacketIdIsTheShards() {
    client.connection.deliver(push("m", 5, 105, 1));

    assertEquals(List.of("PUBLISH m id 105 qos 1"), client.output.take());
    client.connection.pubAck(105);
    assertEquals(List.of(5L), session.acknowledged);
  }

  @Test
  void unfinished_isWhatTheClientHasNotAnsweredToTheEnd() {
    client.connection.deliver(pushAfter(0, 5));
    client.connection.deliver(pushAfter(5, 6));
    client.connection.pubAck(105);

    List<Integer> unfinished = new ArrayList<>();
    client.connection.unfinished(unfinished::add);

    assertEquals(List.of(106), unfinished);
  }

  /** [MQTT-3.3.1-1], [MQTT-4.4.0-1]. */
  @Test
  @Conforms(v5 = "MQTT-3.3.1-1")
  void deliver_sentBefore_dupIsShown() {
    client.connection.deliver(
        new DurableDelivery(
            TestMessage.named("m"),
            5,
            0,
            105,
            Delivery.of(Qos.AT_LEAST_ONCE, true, List.of(9)),
            true,
            false));

    assertEquals(List.of("PUBLISH m id 105 qos 1 dup retain for [9]"), client.output.take());
  }

  /** A push of before a change of path may overtake those that are pushed again after it. */
  @Test
  void deliver_theOneBeforeIsMissing_waitsUntilAllArePushedAgain() {
    client.connection.deliver(pushAfter(0, 5));
    client.connection.deliver(pushAfter(6, 7));
    client.connection.deliver(pushAfter(7, 8));

    assertEquals(List.of("PUBLISH 5 id 105 qos 1"), client.output.take());
    assertEquals(2, session.missedDeliveries);

    client.connection.deliver(pushAfter(5, 6));
    client.connection.deliver(pushAfter(6, 7));

    assertEquals(List.of("PUBLISH 6 id 106 qos 1", "PUBLISH 7 id 107 qos 1"), client.output.take());
    assertEquals(7, client.connection.deliveredThrough());
  }

  @Test
  @Conforms(v5 = "MQTT-2.2.1-2")
  void deliver_atMostOnce_noPacketId() {
    client.connection.deliver(push("m", 0, 0, 0));
    client.connection.deliver(push("m", 0, 0, 0));

    assertEquals(List.of("PUBLISH m qos 0", "PUBLISH m qos 0"), client.output.take());
  }

  @Test
  void deliver_atMostOnceToASlowClient_isDropped() {
    client.output.writable = false;

    client.connection.deliver(push("m", 0, 0, 0));

    assertEquals(List.of(), client.output.take());
  }

  @Test
  void deliver_atLeastOnceToASlowClient_waitsUntilItTakesMore() {
    client.output.writable = false;
    client.connection.deliver(pushAfter(0, 5));
    client.connection.deliver(pushAfter(5, 6));
    assertEquals(List.of(), client.output.take());
    assertEquals(6, client.connection.deliveredThrough(), "the shard need not push them again");

    client.output.writable = true;
    client.connection.deliver(pushAfter(6, 7));
    client.connection.writable();

    assertEquals(
        List.of("PUBLISH 5 id 105 qos 1", "PUBLISH 6 id 106 qos 1", "PUBLISH 7 id 107 qos 1"),
        client.output.take());
    assertEquals(0, client.cluster.memory.bytes());
  }

  /** What the shard has need not wait here too. */
  @Test
  void deliver_memoryIsTight_isAskedForWhenTheClientTakesMore() {
    client.output.toBeSpared = true;
    client.connection.deliver(pushAfter(0, 5));
    client.connection.deliver(pushAfter(5, 6));
    client.connection.writable();
    assertEquals(0, session.missedDeliveries, "it would have to wait again");

    client.output.toBeSpared = false;
    session.resuming = true;
    client.connection.writable();
    session.resuming = false;
    client.connection.writable();
    client.connection.writable();

    assertEquals(2, session.missedDeliveries, "once more, since the first was not taken");
    assertEquals(0, client.connection.deliveredThrough());
    assertEquals(List.of(), client.output.take());
    client.connection.deliver(pushAfter(0, 5));
    assertEquals(List.of("PUBLISH 5 id 105 qos 1"), client.output.take());
  }

  @Test
  void deliver_moreBytesThanMayWait_areAskedForWhenTheClientTakesMore() {
    client.output.writable = false;
    client.connection.deliver(pushOf(new TestMessage("a", TestClient.MAX_QUEUED_BYTES, false), 5));
    client.connection.deliver(pushAfter(5, 6));
    assertEquals(5, client.connection.deliveredThrough());

    client.output.writable = true;
    client.connection.writable();

    assertEquals(List.of("PUBLISH a id 105 qos 1"), client.output.take());
    assertEquals(1, session.missedDeliveries);
  }

  @Test
  void connectionLost_someWait_theirMemoryIsFreeAndTheyCountAsUnsent() {
    client.connection.deliver(pushAfter(0, 5));
    client.output.writable = false;
    client.connection.deliver(pushAfter(5, 6));

    client.connection.connectionLost();

    assertEquals("with will sent through 5", session.detached);
    assertEquals(0, client.cluster.memory.bytes());
  }

  @Test
  @Conforms(v5 = "MQTT-4.4.0-1")
  void deliver_sameSequenceAgain_isSentOnce() {
    client.connection.deliver(push("a", 5, 105, 1));
    client.connection.deliver(push("b", 6, 106, 1));

    client.connection.deliver(push("a", 5, 105, 1));
    client.connection.deliver(push("b", 6, 106, 1));
    client.connection.deliver(push("c", 7, 107, 1));

    assertEquals(
        List.of("PUBLISH a id 105 qos 1", "PUBLISH b id 106 qos 1", "PUBLISH c id 107 qos 1"),
        client.output.take());
    assertEquals(7, client.connection.deliveredThrough());
  }

  /** PUBREL leaves when the PUBREC is durable: after it, nobody sends the PUBLISH again. */
  @Test
  @Conforms(v5 = {"MQTT-4.3.3-4", "MQTT-4.3.3-5"})
  void pubRec_exactlyOnce_pubRelWhenTheShardHasNotedIt() {
    client.connection.deliver(push("m", 5, 105, 2));
    client.output.take();
    session.hold();

    client.connection.pubRec(105, false);
    assertEquals(List.of("received 5"), session.calls);
    assertEquals(List.of(), client.output.take());
    session.answer();
    assertEquals(List.of("PUBREL 105 00"), client.output.take());
    assertEquals(List.of(), session.acknowledged);

    client.connection.pubComp(105);
    assertEquals(List.of(5L), session.acknowledged);
  }

  @Test
  @Conforms(v5 = "MQTT-4.4.0-2")
  void pubRec_withError_deliveryEnds() {
    client.connection.deliver(push("m", 5, 105, 2));
    client.output.take();

    client.connection.pubRec(105, true);

    assertEquals(List.of(5L), session.acknowledged);
    assertEquals(List.of(), client.output.take());
  }

  /** [MQTT-4.3.2-3], [MQTT-4.3.3-3], [MQTT-4.3.3-5]. */
  @ParameterizedTest
  @EnumSource(WrongAnswer.class)
  @Conforms(v5 = {"MQTT-4.3.2-3", "MQTT-4.3.3-3", "MQTT-4.3.3-5"})
  void answer_ofTheWrongKind_protocolErrorAndTheShardKeepsTheMessage(WrongAnswer wrong) {
    client.connection.deliver(push("m", 5, 1, wrong.qos));
    if (wrong.released) {
      client.connection.pubRec(1, false);
    }

    assertEquals(ReasonCode.PROTOCOL_ERROR, client.violates(() -> wrong.send(client.connection)));
    assertEquals(List.of(), session.acknowledged);
  }

  /** PUBREL has not left yet: the shard does not know of the PUBREC. */
  @Test
  @Conforms(v5 = "MQTT-4.3.3-5")
  void pubComp_beforePubRel_protocolErrorAndTheShardKeepsTheMessage() {
    client.connection.deliver(push("m", 5, 1, 2));
    session.hold();
    client.connection.pubRec(1, false);

    assertEquals(ReasonCode.PROTOCOL_ERROR, client.violates(() -> client.connection.pubComp(1)));
    assertEquals(List.of(), session.acknowledged);
  }

  /** [MQTT-4.4.0-1]: after a reconnect it is at PUBREL at once. */
  @Test
  void pubAck_forARelease_protocolError() {
    client.connection.deliver(new DurableDelivery(null, 5, 0, 105, EXACTLY_ONCE, false, true));

    assertEquals(ReasonCode.PROTOCOL_ERROR, client.violates(() -> client.connection.pubAck(105)));
    assertEquals(List.of(), session.acknowledged);
  }

  @Test
  void pubRec_unknownPacketId_pubRelSaysSo() {
    client.connection.pubRec(9, false);

    assertEquals(List.of("PUBREL 9 92"), client.output.take());
    assertEquals(List.of(), session.calls);
  }

  /** [MQTT-4.4.0-1]: after a reconnect the handshake goes on with PUBREL, not PUBLISH. */
  @Test
  @Conforms(v5 = {"MQTT-4.3.3-5", "MQTT-4.4.0-1"})
  void deliver_release_pubRelAndItsPubCompAcknowledges() {
    client.connection.deliver(new DurableDelivery(null, 5, 0, 105, EXACTLY_ONCE, false, true));
    assertEquals(List.of("PUBREL 105 00"), client.output.take());

    client.connection.pubComp(105);

    assertEquals(List.of(5L), session.acknowledged);
  }

  @Test
  void pubAck_twice_acknowledgedOnce() {
    client.connection.deliver(push("m", 5, 105, 1));

    client.connection.pubAck(105);
    client.connection.pubAck(105);

    assertEquals(List.of(5L), session.acknowledged);
  }

  /** [MQTT-4.4.0-1]. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Conforms(v5 = {"MQTT-4.3.3-7", "MQTT-4.4.0-1"})
  void deliver_expiredSinceItBegan_isSentAgain(int qos) {
    client.connection.deliver(
        new DurableDelivery(
            new TestMessage("old", 3, true),
            5,
            0,
            105,
            Delivery.of(Qos.of(qos), false),
            true,
            false));

    assertEquals(List.of("PUBLISH old id 105 qos " + qos + " dup"), client.output.take());
    assertEquals(List.of(), session.acknowledged);
  }

  /** [MQTT-3.3.2-5]: it must leave the queue, though nobody gets it. */
  @Test
  @Conforms(v5 = "MQTT-3.3.2-5")
  void deliver_expired_isAcknowledgedUnsent() {
    client.connection.deliver(pushOf(new TestMessage("old", 10, true), 5));

    assertEquals(List.of(), client.output.take());
    assertEquals(List.of(5L), session.acknowledged);
  }

  /** [MQTT-3.1.2-25]: discard it and behave as if it had been sent. */
  @Test
  @Conforms(v5 = {"MQTT-3.1.2-24", "MQTT-3.1.2-25"})
  void deliver_largerThanTheClientTakes_isAcknowledgedUnsent() {
    client =
        TestClient.connected(
            new ConnectRequest(ProtocolVersion.V5, "me", false, 100, 0, 10, 50, null), session);

    client.connection.deliver(pushOf(new TestMessage("big", 51, false), 5));
    client.connection.deliver(pushOf(new TestMessage("fits", 50, false), 6));

    assertEquals(List.of("PUBLISH fits id 106 qos 1"), client.output.take());
    assertEquals(List.of(5L), session.acknowledged);
    assertEquals(Map.of(Missed.TOO_LARGE, 1), client.cluster.missed);
  }

  @Test
  void deliver_afterTheEnd_nothingIsSent() {
    client.connection.connectionLost();

    client.connection.deliver(push("m", 5, 105, 1));

    assertEquals(List.of(), client.output.take());
    assertEquals(0, client.connection.deliveredThrough());
  }

  @Test
  void deliver_forATransientSession_isNotTaken() {
    assertEquals(
        SessionOwner.Delivered.DROPPED,
        client.connection.deliver(TestMessage.named("m"), AT_LEAST_ONCE, null),
        "messages of this gateway are for sessions of this gateway");
  }

  /** What was never written needs no DUP when it is sent again. */
  @Test
  void connectionLost_someWereSent_theShardIsToldHowFar() {
    client.connection.deliver(push("a", 5, 105, 1));
    client.connection.deliver(push("b", 6, 106, 2));

    client.connection.connectionLost();

    assertEquals("with will sent through 6", session.detached);
  }

  private static DurableDelivery push(String name, long sequence, int packetId, int qos) {
    return new DurableDelivery(
        TestMessage.named(name),
        sequence,
        0,
        packetId,
        Delivery.of(Qos.of(qos), false),
        false,
        false);
  }

  private static DurableDelivery pushAfter(long before, long sequence) {
    return new DurableDelivery(
        TestMessage.named(Long.toString(sequence)),
        sequence,
        before,
        100 + (int) sequence,
        AT_LEAST_ONCE,
        false,
        false);
  }

  private static DurableDelivery pushOf(@Nullable TestMessage message, long sequence) {
    return new DurableDelivery(
        message, sequence, 0, 100 + (int) sequence, AT_LEAST_ONCE, false, false);
  }
}
