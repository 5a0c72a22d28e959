package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.connection.RecordingOutput.TestMessage;
import io.vmqtt.gateway.connection.SessionOwner.Delivered;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages to a client whose session ends with its connection: section 4.3 of MQTT 5.0. */
class TransientDeliveryTest {
  private static final Delivery AT_LEAST_ONCE = Delivery.of(Qos.AT_LEAST_ONCE, false);

  private TestClient client = TestClient.connected(ProtocolVersion.V5);

  @Test
  @Conforms(v5 = {"MQTT-2.2.1-2", "MQTT-4.3.1-1"})
  void deliver_atMostOnce_publishWithoutPacketId() {
    assertTrue(deliver("m", 0));

    assertEquals(List.of("PUBLISH m qos 0"), client.output.take());
  }

  @Test
  void deliver_flagsAndIdentifiers_areShown() {
    Delivered outcome =
        client.connection.deliver(
            TestMessage.named("m"),
            Delivery.of(Qos.AT_LEAST_ONCE, true, List.of(3, 268_435_455)),
            null);

    assertEquals(Delivered.GIVEN, outcome);
    assertEquals(List.of("PUBLISH m id 1 qos 1 retain for [3, 268435455]"), client.output.take());
  }

  /** [MQTT-4.3.1-1]: QoS 0 may be lost, and a slow client loses its own. */
  @Test
  void deliver_atMostOnceToASlowClient_isDropped() {
    client.output.writable = false;

    assertFalse(deliver("m", 0));

    assertEquals(List.of(), client.output.take());
    assertTrue(client.connection.isConnected());
  }

  @Test
  void deliver_beforeConnAck_isNotTaken() {
    client = new TestClient();
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    assertFalse(deliver("m", 1));
    assertEquals(List.of(), client.output.take());
  }

  @Test
  void deliver_afterTheEnd_isNotTaken() {
    client.connection.connectionLost();

    assertFalse(deliver("m", 1));
    assertEquals(List.of(), client.output.take());
  }

  /** [MQTT-3.3.4-9]. */
  @Test
  @Conforms(v5 = {"MQTT-3.3.4-9", "MQTT-4.3.2-1", "MQTT-4.3.2-2", "MQTT-4.9.0-2"})
  void deliver_moreThanTheWindow_waitsForPubAck() {
    deliver("a", 1);
    deliver("b", 1);
    deliver("c", 1);
    assertEquals(List.of("PUBLISH a id 1 qos 1", "PUBLISH b id 2 qos 1"), client.output.take());

    client.connection.pubAck(1);

    assertEquals(List.of("PUBLISH c id 3 qos 1"), client.output.take());
  }

  @Test
  @Conforms(v5 = {"MQTT-3.3.4-9", "MQTT-4.9.0-1"})
  void deliver_clientAllowsLessThanTheServer_itsReceiveMaximumCounts() {
    client =
        TestClient.connected(
            new ConnectRequest(ProtocolVersion.V5, "me", true, 0, 0, 1, Long.MAX_VALUE, null),
            new FakeSession.Transient());

    deliver("a", 1);
    deliver("b", 1);

    assertEquals(List.of("PUBLISH a id 1 qos 1"), client.output.take());
  }

  /** [MQTT-3.3.4-10]: only PUBLISH waits for the window. */
  @Test
  @Conforms(v5 = {"MQTT-3.3.4-10", "MQTT-4.9.0-3"})
  void deliver_windowFull_atMostOnceAndAnswersStillLeave() {
    deliver("a", 1);
    deliver("b", 1);
    client.output.take();

    deliver("q0", 0);
    client.connection.pingReq();

    assertEquals(List.of("PUBLISH q0 qos 0", "PINGRESP"), client.output.take());
  }

  @Test
  void deliver_clientNotWritable_waitsUntilItIs() {
    client.output.writable = false;
    deliver("a", 1);
    deliver("b", 1);
    assertEquals(List.of(), client.output.take());

    client.output.writable = true;
    client.connection.writable();

    assertEquals(List.of("PUBLISH a id 1 qos 1", "PUBLISH b id 2 qos 1"), client.output.take());
  }

  @Test
  void deliver_moreBytesThanMayWait_disconnected() {
    client.output.writable = false;
    TestMessage large = new TestMessage("large", TestClient.MAX_QUEUED_BYTES, false);
    assertTrue(deliver(large, 1));
    assertTrue(client.cluster.memory.bytes() >= TestClient.MAX_QUEUED_BYTES);

    assertFalse(deliver("b", 1));

    assertEquals(List.of("DISCONNECT 97", "closed"), client.output.take());
    assertEquals(0, client.cluster.memory.bytes(), "what waited is gone");
  }

  @Test
  void deliver_atMostOnceWhileMemoryIsTight_isDropped() {
    client.output.toBeSpared = true;

    assertFalse(deliver("m", 0));

    assertEquals(List.of(), client.output.take());
    assertEquals(Map.of(Missed.TOO_SLOW, 1), client.cluster.missed);
  }

  @Test
  void deliver_someWait_newerOnesDoNotOvertakeThem() {
    client.output.writable = false;
    deliver("a", 1);
    client.output.writable = true;

    deliver("b", 1);
    client.connection.writable();

    assertEquals(List.of("PUBLISH a id 1 qos 1", "PUBLISH b id 2 qos 1"), client.output.take());
  }

  @Test
  void deliver_queueOverflows_quotaExceededAndTheSessionEnds() {
    for (int i = 0; i < TestClient.MAX_IN_FLIGHT + TestClient.MAX_QUEUED; i++) {
      assertTrue(deliver("m" + i, 1));
    }
    client.output.take();

    assertFalse(deliver("too much", 1));

    assertEquals(List.of("DISCONNECT 97", "closed"), client.output.take());
    assertEquals("with will", client.session.detached);
    assertEquals(Map.of(Missed.FELL_BEHIND, 1), client.cluster.missed);
  }

  @Test
  @Conforms(v5 = "MQTT-3.3.2-5")
  void deliver_expired_isDropped() {
    assertFalse(deliver(new TestMessage("old", 10, true), 1));
    assertFalse(deliver(new TestMessage("old", 10, true), 0));

    assertEquals(List.of(), client.output.take());
    assertEquals(Map.of(Missed.EXPIRED, 2), client.cluster.missed);
  }

  /** [MQTT-3.3.2-5]. */
  @Test
  @Conforms(v5 = "MQTT-3.3.2-5")
  void deliver_expiresWhileItWaits_isNotSent() {
    MutableExpiry old = new MutableExpiry();
    deliver("a", 1);
    deliver("b", 1);
    client.connection.deliver(old, AT_LEAST_ONCE, null);
    deliver("c", 1);
    client.output.take();
    old.expired = true;

    client.connection.pubAck(1);

    assertEquals(List.of("PUBLISH c id 3 qos 1"), client.output.take());
  }

  private static final class MutableExpiry implements ClientOutput.Outgoing {
    private final ClientOutput.Outgoing fresh = TestMessage.named("expiring");
    private boolean expired;

    @Override
    public Message message() {
      return fresh.message();
    }

    @Override
    public String topic() {
      return fresh.topic();
    }

    @Override
    public int encodedBytes(Delivery delivery) {
      return 10;
    }

    @Override
    public int keptBytes() {
      return 10;
    }

    @Override
    public boolean isExpired() {
      return expired;
    }
  }

  // --- maximum packet size, [MQTT-3.1.2-24], [MQTT-3.1.2-25] ---

  @Test
  @Conforms(v5 = {"MQTT-3.1.2-24", "MQTT-3.1.2-25"})
  void deliver_largerThanTheClientTakes_isDroppedAsIfItHadBeenSent() {
    client =
        TestClient.connected(
            new ConnectRequest(ProtocolVersion.V5, "me", true, 0, 0, 10, 50, null),
            new FakeSession.Transient());

    assertFalse(deliver(new TestMessage("big", 51, false), 1));
    assertTrue(deliver(new TestMessage("fits", 50, false), 1));

    assertEquals(List.of("PUBLISH fits id 1 qos 1"), client.output.take());
  }

  // --- QoS 2 to the client, section 4.3.3 ---

  /** [MQTT-4.3.3-4], [MQTT-4.3.3-5]. */
  @Test
  @Conforms(v5 = {"MQTT-2.2.1-5", "MQTT-4.3.3-1", "MQTT-4.3.3-2", "MQTT-4.3.3-4"})
  void pubRec_exactlyOnce_pubRelAndThePlaceIsFreeAfterPubComp() {
    deliver("a", 2);
    deliver("b", 2);
    deliver("c", 2);
    client.output.take();

    client.connection.pubRec(1, false);
    assertEquals(List.of("PUBREL 1 00"), client.output.take());
    client.connection.pubComp(1);

    assertEquals(List.of("PUBLISH c id 3 qos 2"), client.output.take());
  }

  @Test
  void pubRec_again_pubRelAgain() {
    deliver("a", 2);
    client.output.take();

    client.connection.pubRec(1, false);
    client.connection.pubRec(1, false);

    assertEquals(List.of("PUBREL 1 00", "PUBREL 1 00"), client.output.take());
  }

  /** [MQTT-3.3.4-9]: PUBREC of 128 or above ends the delivery. */
  @Test
  @Conforms(v5 = {"MQTT-3.3.4-9", "MQTT-4.4.0-2"})
  void pubRec_withError_noPubRelAndThePlaceIsFree() {
    deliver("a", 2);
    deliver("b", 2);
    deliver("c", 2);
    client.output.take();

    client.connection.pubRec(1, true);

    assertEquals(List.of("PUBLISH c id 3 qos 2"), client.output.take());
  }

  /** [MQTT-4.3.2-3], [MQTT-4.3.3-3], [MQTT-4.3.3-5]; of 3.1.1: [MQTT-4.3.2-1], [MQTT-4.3.3-1]. */
  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Conforms(
      v311 = {"MQTT-4.3.2-1", "MQTT-4.3.3-1"},
      v5 = {"MQTT-4.3.2-3", "MQTT-4.3.3-3", "MQTT-4.3.3-5"})
  void answer_ofTheWrongKind_protocolErrorAndNothingIsCompleted(ProtocolVersion version) {
    for (WrongAnswer wrong : WrongAnswer.values()) {
      client = TestClient.connected(version);
      deliver("a", wrong.qos);
      deliver("b", 1);
      deliver("waits", 1);
      if (wrong.released) {
        client.connection.pubRec(1, false);
      }
      client.output.take();

      assertEquals(
          ReasonCode.PROTOCOL_ERROR,
          client.violates(() -> wrong.send(client.connection)),
          wrong.name());
      assertEquals("closed", client.output.take().getLast(), "it took no place in the window");
    }
  }

  @Test
  void pubRec_unknownPacketId_pubRelSaysSo() {
    client.connection.pubRec(9, false);

    assertEquals(List.of("PUBREL 9 92"), client.output.take());
  }

  @Test
  void pubAck_unknownPacketId_changesNothing() {
    client.connection.pubAck(9);
    client.connection.pubComp(9);

    assertEquals(List.of(), client.output.take());
    assertTrue(client.connection.isConnected());
  }

  /** [MQTT-2.2.1-4]: a packet id in use is not given again. */
  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = "MQTT-2.3.1-4",
      v5 = {"MQTT-2.2.1-4", "MQTT-4.3.2-1"})
  void deliver_packetIdsGoRound_thoseInUseArePassedOver(ProtocolVersion version) {
    client = TestClient.connected(version);
    deliver("stays", 1);
    client.output.take();
    for (int i = 0; i < 70_000; i++) {
      deliver("m", 1);
      String publish = client.output.take().getFirst();
      assertNotEquals("PUBLISH m id 1 qos 1", publish);
      client.connection.pubAck(Integer.parseInt(publish.replaceAll("PUBLISH m id | qos 1", "")));
    }
    assertTrue(client.connection.isConnected());
  }

  // --- share groups, section 4.8.2 ---

  /** QoS 1 without PUBACK, and what was never sent, may go to others; QoS 2 under way must not. */
  @Test
  @Conforms(v5 = "MQTT-4.8.2-5")
  void connectionLost_messagesOfAShareGroup_othersGetWhatTheyMay() {
    List<String> elsewhere = new ArrayList<>();
    deliverShared("acknowledged", 1, elsewhere);
    client.connection.pubAck(1);
    deliverShared("under way at QoS 2", 2, elsewhere);
    deliverShared("under way at QoS 1", 1, elsewhere);
    deliverShared("waits at QoS 2", 2, elsewhere);
    deliver("its own", 1);
    deliverShared("waits at QoS 1", 1, elsewhere);
    assertEquals(List.of(), elsewhere);

    client.connection.connectionLost();

    assertEquals(List.of("under way at QoS 1", "waits at QoS 2", "waits at QoS 1"), elsewhere);
  }

  /** [MQTT-4.8.2-6]. */
  @Test
  @Conforms(v5 = "MQTT-4.8.2-6")
  void pubRec_withErrorForAShareGroup_nobodyElseGetsIt() {
    List<String> elsewhere = new ArrayList<>();
    deliverShared("refused", 2, elsewhere);
    client.connection.pubRec(1, true);

    client.connection.connectionLost();

    assertEquals(List.of(), elsewhere);
  }

  /** What is with the client is kept only as far as that is cheap. */
  @Test
  void connectionLost_moreUnderWayThanIsKept_theRestIsGone() {
    List<String> elsewhere = new ArrayList<>();
    deliver(new SharedMessage(1 << 20, () -> elsewhere.add("large"), () -> {}));
    deliver(new SharedMessage(1, () -> elsewhere.add("one more"), () -> {}));

    client.connection.connectionLost();

    assertEquals(List.of("large"), elsewhere);
  }

  @Test
  void takesMore_halfOfTheQueueIsFull_false() {
    for (int i = 0; i < TestClient.MAX_IN_FLIGHT; i++) {
      deliver("m", 1);
      assertTrue(client.connection.takesMore());
    }

    deliver("waits", 1);

    assertFalse(client.connection.takesMore());
  }

  private void deliverShared(String name, int qos, List<String> elsewhere) {
    client.connection.deliver(
        TestMessage.named(name),
        Delivery.of(Qos.of(qos), false),
        new SharedMessage(10, () -> elsewhere.add(name), () -> {}));
  }

  private void deliver(SharedMessage shared) {
    client.connection.deliver(TestMessage.named("m"), AT_LEAST_ONCE, shared);
  }

  private boolean deliver(String name, int qos) {
    return deliver(TestMessage.named(name), qos);
  }

  /** Whether it is given to the client. */
  private boolean deliver(TestMessage message, int qos) {
    Delivery delivery = Delivery.of(Qos.of(qos), false);
    return client.connection.deliver(message, delivery, null) == Delivered.GIVEN;
  }
}
