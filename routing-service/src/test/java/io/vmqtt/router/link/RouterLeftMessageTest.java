package io.vmqtt.router.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.proto.message.v1.IdempotencyKey;
import io.vmqtt.proto.message.v1.ShareChoice;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.HandsEmpty;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.store.v1.ShardPublish;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.router.link.RouterHarness.TestGateway;
import io.vmqtt.router.link.RouterHarness.TestStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a member of a share group has left that vanished: section 4.8.2. */
class RouterLeftMessageTest {
  private static final ShareChoice GROUP =
      ShareChoice.newBuilder().setGroup("group").setFilter("t").build();

  private final RouterHarness router = new RouterHarness(4);
  private final TestGateway first = router.gateway(1);
  private final TestGateway second = router.gateway(2);
  private final TestGateway third = router.gateway(3);
  private final TestStore store = router.store("store");

  @Test
  void left_memberAtAnotherGateway_getsItAndNobodyElse() {
    first.subscribe("t");
    joins(first, 5);
    joins(second, 1);
    third.subscribe("t");
    store.leads(0, 1).subscribe(0, "t");

    leave(7);

    Publish copy = second.takePublishes().getFirst();
    assertTrue(copy.getLeft());
    assertEquals(List.of(GROUP), copy.getSharesList());
    assertEquals(List.of(), first.takePublishes());
    assertEquals(List.of(), third.takePublishes());
    assertEquals(List.of(), store.takePublishes());
    second.receivedThrough(copy.getSequence());
    assertEquals(List.of("7 safe"), first.takeResults());
  }

  @Test
  void left_memberAtAShard_getsItAndNoOtherSession() {
    joins(first, 1);
    store.leads(2, 1);
    store.routes(
        2, RouterHarness.update(1, false, false, List.of(RouterHarness.change("t", "group", 1))));

    leave(7);

    ShardPublish copy = store.takePublishes().getFirst();
    assertEquals(2, copy.getShard());
    assertEquals(List.of(GROUP), copy.getSharesList());
    assertFalse(copy.getDeliver());
    assertFalse(copy.getRetain());
  }

  @Test
  void left_noMemberElsewhere_isUnmatched() {
    joins(first, 1);

    leave(7);

    assertEquals(List.of("7 unmatched"), first.takeResults());
    assertEquals(List.of(), first.takePublishes());
  }

  @Test
  void left_tooMuchWaitsForTheOther_isRefused() {
    second.subscribe("big");
    joins(third, 1);
    third.subscribe("big");
    first.publish(6, RouterHarness.message("big", 1, (int) RouterHarness.MAX_UNDELIVERED_BYTES));
    second.receivedThrough(1);
    third.takePublishes();

    leave(7);

    assertEquals(List.of("7 refused 97"), first.takeResults());
    assertEquals(List.of(), third.takePublishes());
  }

  /** An ended session's: another of the same shard may have it. */
  @Test
  void left_byAShard_goesToAMemberOfTheSameShardToo() {
    router.becomesReady(store);
    store.routes(
        2, RouterHarness.update(2, false, false, List.of(RouterHarness.change("t", "group", 1))));

    store.send(StoreToRouterFrame.newBuilder().setPublish(left(9)).build());

    ShardPublish copy = store.takePublishes().getFirst();
    assertEquals(2, copy.getShard());
    assertEquals(List.of(GROUP), copy.getSharesList());
    assertFalse(copy.getDeliver());
  }

  /** What it had not confirmed, for a member of a group: nobody knows that it got there. */
  @Test
  void gatewayLost_unconfirmedForAGroup_goesToAnotherMemberBeforeThePublisherIsAnswered() {
    joins(second, 1);
    first.publish(7, RouterHarness.message("t", 1));
    assertEquals(1, second.takePublishes().size());
    joins(third, 1);

    second.lost(second.down());

    Publish copy = third.takePublishes().getFirst();
    assertTrue(copy.getLeft());
    assertEquals(List.of(GROUP), copy.getSharesList());
    assertEquals(List.of(), first.takeResults());
    third.receivedThrough(copy.getSequence());
    assertEquals(List.of("7 safe"), first.takeResults());
  }

  /** Who had it for others would take it for the same again. */
  @Test
  void gatewayLost_messageWithAKey_goesOnWithoutIt() {
    joins(second, 1);
    first.send(
        GatewayFrame.newBuilder()
            .setPublish(
                Publish.newBuilder()
                    .setSequence(7)
                    .setMessage(RouterHarness.message("t", 1))
                    .setKey(IdempotencyKey.newBuilder().setProducer(5).setSequence(1)))
            .build());
    joins(third, 1);

    second.lost(second.down());

    assertFalse(third.takePublishes().getFirst().hasKey());
  }

  /** It is sent again, and may be in its members' hands then. */
  @Test
  void gatewayLost_confirmedOverItsNewLink_goesToAnotherMember() {
    joins(second, 1);
    first.publish(7, RouterHarness.message("t", 1));
    second.down();
    second.relink();
    second.receivedThrough(1);
    joins(third, 1);

    second.lost(second.down());

    assertEquals(1, third.takePublishes().size());
  }

  /** It said that it has it, and nothing of a member's acknowledgement. */
  @Test
  void gatewayLost_confirmedAndNotAcknowledgedByItsMember_goesToAnotherMember() {
    joins(second, 1);
    first.publish(7, RouterHarness.message("t", 1));
    second.receivedThrough(1);
    assertEquals(List.of("7 safe"), first.takeResults());
    joins(third, 1);

    second.lost(second.down());

    Publish copy = third.takePublishes().getFirst();
    assertTrue(copy.getLeft());
    assertEquals(List.of(GROUP), copy.getSharesList());
    third.receivedThrough(copy.getSequence());
    assertEquals(List.of(), first.takeResults(), "it has its answer");
  }

  @Test
  void gatewayLost_acknowledgedByItsMember_goesToNobodyElse() {
    joins(second, 1);
    first.publish(7, RouterHarness.message("t", 1));
    second.receivedThrough(1);
    second.send(
        GatewayFrame.newBuilder().setHandsEmpty(HandsEmpty.newBuilder().addSequences(1)).build());
    joins(third, 1);

    second.lost(second.down());

    assertEquals(List.of(), third.takePublishes());
  }

  /** What it says over a link that breaks may be lost, and else would come again much later. */
  @Test
  void gatewayLost_afterItCameBackWithANewLink_whatItHadInHandBeforeIsItsOwn() {
    joins(second, 1);
    first.publish(7, RouterHarness.message("t", 1));
    second.receivedThrough(1);
    second.down();
    second.relink();
    joins(third, 1);

    second.lost(second.down());

    assertEquals(List.of(), third.takePublishes());
  }

  /** It may have begun: [MQTT-4.8.2-5]. */
  @Test
  void gatewayLost_unconfirmedOfQos2_goesToNobodyElse() {
    joins(second, 1);
    first.publish(7, RouterHarness.message("t", 2));
    joins(third, 1);

    second.lost(second.down());

    assertEquals(List.of(), third.takePublishes());
    assertEquals(List.of("7 safe"), first.takeResults());
  }

  private static void joins(TestGateway gateway, int members) {
    gateway.send(
        RouterHarness.routes(
            1, false, false, List.of(RouterHarness.change("t", "group", members))));
  }

  private void leave(long sequence) {
    first.send(GatewayFrame.newBuilder().setPublish(left(sequence)).build());
  }

  private static Publish left(long sequence) {
    return Publish.newBuilder()
        .setSequence(sequence)
        .setMessage(RouterHarness.message("t", 1))
        .setLeft(true)
        .addShares(GROUP)
        .build();
  }
}
