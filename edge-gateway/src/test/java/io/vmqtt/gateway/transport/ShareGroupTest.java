package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.message.v1.ShareChoice;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members of a share group, of which one vanishes: section 4.8.2. */
class ShareGroupTest {
  private static final ShareChoice GROUP =
      ShareChoice.newBuilder().setGroup("g").setFilter("t").build();

  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();
  private long lastSequence;

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void close_memberHasNotAcknowledged_anotherGetsTheMessage() {
    List<PipelineClient> members = List.of(member(1), member(1));
    publish(1);
    PipelineClient first = whoGotIt(members);
    PipelineClient second = members.get(1 - members.indexOf(first));

    first.close();

    assertEquals(List.of("PUBLISH t "), second.await());
    assertEquals(List.of(), router.publishes());
    second.close();
  }

  @Test
  void close_memberHasAcknowledged_nobodyGetsItAgain() {
    List<PipelineClient> members = List.of(member(1), member(1));
    publish(1);
    PipelineClient first = whoGotIt(members);
    PipelineClient second = members.get(1 - members.indexOf(first));
    first.sendHex("40 02 00 01");

    first.close();

    second.sendHex("c0 00");
    assertEquals(List.of("PINGRESP"), second.read());
    assertEquals(List.of(), router.publishes());
    second.close();
  }

  @Test
  void close_noOtherMemberHere_messageIsHandedBackForOneElsewhere() {
    PipelineClient member = member(1);
    publish(1);
    assertEquals(List.of("PUBLISH t "), member.await());

    member.close();

    gateway.runUntil(() -> !router.publishes().isEmpty());
    Publish left = router.publishes().getFirst();
    assertTrue(left.getLeft());
    assertTrue(left.getSequence() > 0, "it wants an answer");
    assertEquals(List.of(GROUP), left.getSharesList());
    assertEquals(message(1), left.getMessage());
    assertFalse(left.hasKey());
  }

  /** If this gateway is killed, the router has to know what others are to have. */
  @Test
  void acknowledge_messageOfTheRouter_itIsToldThatNobodyElseIsToHaveIt() {
    PipelineClient member = member(1);
    publish(1);
    assertEquals(List.of("PUBLISH t "), member.await());
    member.sendHex("c0 00");
    assertEquals(List.of("PINGRESP"), member.await());
    assertEquals(List.of(), done());

    member.sendHex("40 02 00 01");

    gateway.runUntil(() -> !done().isEmpty());
    assertEquals(List.of(lastSequence), done());
    member.close();
  }

  @Test
  void close_anotherGetsItAndAcknowledges_routerIsToldThen() {
    List<PipelineClient> members = List.of(member(1), member(1));
    publish(1);
    PipelineClient first = whoGotIt(members);
    PipelineClient second = members.get(1 - members.indexOf(first));
    first.close();
    assertEquals(List.of("PUBLISH t "), second.await());
    assertEquals(List.of(), done());

    second.sendHex("40 02 00 01");

    gateway.runUntil(() -> !done().isEmpty());
    assertEquals(List.of(lastSequence), done());
    second.close();
  }

  @Test
  void handedBack_nobodyHere_routerIsTold() {
    send(copy(1).setLeft(true));

    gateway.runUntil(() -> !done().isEmpty());
    assertEquals(List.of(lastSequence), done());
  }

  private List<Long> done() {
    return router.received.stream()
        .filter(GatewayFrame::hasHandsEmpty)
        .flatMap(frame -> frame.getHandsEmpty().getSequencesList().stream())
        .toList();
  }

  /** The router did not know it yet. */
  @Test
  void publish_lastMemberHereHasGone_isHandedBack() {
    publish(1);

    gateway.runUntil(() -> !router.publishes().isEmpty());
    Publish left = router.publishes().getFirst();
    assertTrue(left.getLeft());
    assertEquals(List.of(GROUP), left.getSharesList());
    assertEquals(message(1), left.getMessage());
  }

  /** [MQTT-4.8.2-5]: what was under way goes to nobody else. */
  @Test
  void close_exactlyOnce_whatNeverWasOnItsWayIsHandedBackUnderAKey() {
    PipelineClient member = member(2);
    int all = GatewayHarness.LIMITS.maxInFlight() + 1;
    for (int i = 0; i < all; i++) {
      publish(2);
    }
    gateway.runUntil(
        () -> gateway.registry.get("vmqtt.gateway.deliveries").functionCounter().count() == all);
    assertEquals(all - 1, member.read().size());

    member.close();

    gateway.runUntil(() -> !router.publishes().isEmpty());
    assertEquals(1, router.publishes().size());
    assertEquals(message(2), router.publishes().getFirst().getMessage());
    assertTrue(router.publishes().getFirst().hasKey());
  }

  @Test
  void handedBack_memberHere_getsIt() {
    PipelineClient member = member(1);

    send(copy(1).setLeft(true));

    assertEquals(List.of("PUBLISH t "), member.await());
    member.close();
  }

  /** Nobody gets it who did not ask for it as a member. */
  @Test
  void handedBack_ordinarySubscriberHere_doesNotGetIt() {
    PipelineClient subscriber = subscriber("t", 1);

    send(copy(1).setLeft(true));

    gateway.runUntil(
        () -> gateway.registry.get("vmqtt.gateway.left.dropped").functionCounter().count() == 1);
    assertEquals(List.of(), subscriber.read());
    subscriber.close();
  }

  /** It must not be the next to go. */
  @Test
  void handedBack_memberHereIsBehindItself_doesNotGetIt() {
    PipelineClient member = member(1);
    int half = GatewayHarness.LIMITS.maxInFlight() + GatewayHarness.LIMITS.maxQueuedMessages() / 2;
    for (int i = 0; i < half; i++) {
      publish(1);
    }

    send(copy(1).setLeft(true));

    gateway.runUntil(
        () -> gateway.registry.get("vmqtt.gateway.left.dropped").functionCounter().count() == 1);
    assertEquals(half, gateway.registry.get("vmqtt.gateway.deliveries").functionCounter().count());
    member.close();
  }

  private PipelineClient member(int qos) {
    return subscriber("$share/g/t", qos);
  }

  private PipelineClient subscriber(String filter, int qos) {
    PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5);
    client.send(
        MqttMessageBuilders.subscribe()
            .messageId(1)
            .addSubscription(MqttQoS.valueOf(qos), filter)
            .build());
    assertEquals(List.of("SUBACK 1 [" + qos + "]"), client.await());
    return client;
  }

  private static Message message(int qos) {
    return Message.newBuilder().setTopic("t").setQos(qos).build();
  }

  private Publish.Builder copy(int qos) {
    return Publish.newBuilder()
        .setSequence(++lastSequence)
        .setMessage(message(qos))
        .addShares(GROUP);
  }

  private void publish(int qos) {
    send(copy(qos));
  }

  private void send(Publish.Builder copy) {
    router.send(RouterFrame.newBuilder().setPublish(copy));
  }

  private PipelineClient whoGotIt(List<PipelineClient> members) {
    List<PipelineClient> got = new ArrayList<>();
    gateway.runUntil(
        () -> {
          for (PipelineClient member : members) {
            if (member.read().contains("PUBLISH t ")) {
              got.add(member);
            }
          }
          return !got.isEmpty();
        });
    assertEquals(1, got.size());
    return got.getFirst();
  }
}
