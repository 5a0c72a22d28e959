package io.vmqtt.router.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.clusterkit.RecordingLink;
import io.vmqtt.proto.message.v1.IdempotencyKey;
import io.vmqtt.proto.message.v1.ShareChoice;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.store.v1.ShardPublish;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.router.link.RouterHarness.TestGateway;
import io.vmqtt.router.link.RouterHarness.TestStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a publish. */
class RouterPublishTest {
  private static final int SHARDS = 4;
  private static final int QUOTA_EXCEEDED = 0x97;

  private final RouterHarness router = new RouterHarness(SHARDS);
  private final TestGateway publisher = router.gateway(1);
  private final TestGateway second = router.gateway(2);
  private final TestGateway third = router.gateway(3);
  private final TestStore store = router.store("store");

  @Test
  void publish_nobodyWantsIt_unmatched() {
    publisher.publish(5, "t");

    assertEquals(List.of("5 unmatched"), publisher.takeResults());
  }

  @Test
  void publish_twoGatewaysAndAShard_safeOnlyAfterAllHaveIt() {
    second.subscribe("t/+");
    third.subscribe("t/#");
    store.leads(2, 1).subscribe(2, "t/1");

    publisher.publish(5, "t/1");
    assertEquals(1, second.takePublishes().getFirst().getSequence());
    assertEquals(1, third.takePublishes().getFirst().getSequence());
    ShardPublish atShard = store.takePublishes().getFirst();
    assertEquals(2, atShard.getShard());
    assertTrue(atShard.getDeliver());
    assertFalse(atShard.getRetain());
    assertEquals(List.of(), publisher.takeResults());

    third.receivedThrough(1);
    second.receivedThrough(1);
    assertEquals(List.of(), publisher.takeResults(), "the shard has not committed it");
    store.committed(2, 1);

    assertEquals(List.of("5 safe"), publisher.takeResults());
  }

  @Test
  void publish_severalRoutesOfOneGateway_oneCopy() {
    second.subscribe("t", "+", "#");

    publisher.publish(5, "t");

    assertEquals(1, second.takePublishes().size());
  }

  @Test
  void publish_publishersOwnGatewayWantsIt_getsItToo() {
    publisher.subscribe("t");

    publisher.publish(5, "t");

    assertEquals("t", publisher.takePublishes().getFirst().getMessage().getTopic());
  }

  @Test
  void publish_manyToOneDestination_numberedByOneInOrder() {
    second.subscribe("#");

    for (int i = 1; i <= 10; i++) {
      publisher.publish(100 + i, "t/" + i);
    }

    List<Publish> copies = second.takePublishes();
    for (int i = 1; i <= 10; i++) {
      assertEquals(i, copies.get(i - 1).getSequence());
      assertEquals("t/" + i, copies.get(i - 1).getMessage().getTopic());
    }
  }

  @Test
  void publish_exactlyOnce_keyGoesToEveryDestination() {
    IdempotencyKey key =
        IdempotencyKey.newBuilder().setProducer(9).setSequence(8).setLowWater(7).build();
    second.subscribe("t");
    store.leads(0, 1).subscribe(0, "t");

    publisher.send(
        GatewayFrame.newBuilder()
            .setPublish(
                Publish.newBuilder()
                    .setSequence(5)
                    .setMessage(RouterHarness.message("t", 2))
                    .setKey(key))
            .build());

    assertEquals(key, second.takePublishes().getFirst().getKey());
    assertEquals(key, store.takePublishes().getFirst().getKey());
  }

  @Test
  void publish_severalInOneBatch_resultsLeaveInOneFrame() {
    publisher.link.take();

    publisher.send(
        RouterHarness.publishFrame(5, RouterHarness.message("t", 1)),
        RouterHarness.publishFrame(6, RouterHarness.message("t", 1)),
        RouterHarness.publishFrame(7, RouterHarness.message("t", 1)));

    assertEquals(1, publisher.link.sent.size());
    assertEquals(List.of("5 unmatched", "6 unmatched", "7 unmatched"), publisher.takeResults());
  }

  @Test
  void publish_framesOfOneTurn_leaveTogether() {
    second.subscribe("#");
    second.link.writes.clear();

    publisher.send(
        RouterHarness.publishFrame(5, RouterHarness.message("a", 1)),
        RouterHarness.publishFrame(6, RouterHarness.message("b", 1)),
        RouterHarness.publishFrame(0, RouterHarness.message("c", 0)));

    assertEquals(List.of(3), second.link.writes);
  }

  @Test
  void publish_atMostOnce_noNumberAndNoResult() {
    second.subscribe("t");

    publisher.publish(0, "t");

    assertEquals(0, second.takePublishes().getFirst().getSequence());
    assertEquals(List.of(), publisher.takeResults());
  }

  @Test
  void publish_atMostOnceToACongestedGateway_shedThereAlone() {
    second.subscribe("t");
    third.subscribe("t");
    second.link.room = 0;

    publisher.publish(0, "t");

    assertEquals(List.of(), second.takePublishes());
    assertEquals(1, third.takePublishes().size());
    assertEquals(1, router.counter("shed"));
  }

  @Test
  void publish_atMostOnceToACongestedStore_shed() {
    store.leads(0, 1).subscribe(0, "t");
    store.link.room = 0;

    publisher.publish(0, "t");

    assertEquals(List.of(), store.takePublishes());
    assertEquals(1, router.counter("shed"));
  }

  @Test
  void publish_atMostOnceToAShardWithoutLeader_shed() {
    store.leads(0, 1).subscribe(0, "t");
    store.state(0, false, 1);

    publisher.publish(0, "t");

    assertEquals(1, router.counter("shed"));
  }

  @Test
  void publish_atLeastOnceToACongestedGateway_isSentAllTheSame() {
    second.subscribe("t");
    second.link.room = 0;

    publisher.publish(5, "t");

    assertEquals(1, second.takePublishes().size());
  }

  @Test
  void publish_destinationHasAsMuchWaitingAsMay_refusedAndGivenToNobody() {
    second.subscribe("big");
    third.subscribe("#");
    int half = (int) RouterHarness.MAX_UNDELIVERED_BYTES / 2;
    publisher.publish(5, RouterHarness.message("big", 1, half));
    publisher.publish(6, RouterHarness.message("big", 1, half));
    second.takePublishes();
    third.receivedThrough(2);
    third.takePublishes();

    publisher.publish(7, "big");

    assertEquals(List.of("7 refused 97"), publisher.takeResults());
    assertEquals(List.of(), second.takePublishes());
    assertEquals(List.of(), third.takePublishes());
    assertEquals(1, router.counter("refused"));
    second.receivedThrough(1);
    publisher.publish(8, "big");
    assertEquals(1, second.takePublishes().size(), "there is room again");
  }

  @Test
  void publish_asMuchWaitsForAllDestinationsTogetherAsMay_refusedThoughItsOwnHasRoom() {
    second.subscribe("a");
    third.subscribe("a");
    second.subscribe("b");
    third.subscribe("c");
    publisher.subscribe("d");
    int part = (int) RouterHarness.UNDELIVERED_MEMORY_BYTES * 3 / 10;
    publisher.publish(5, RouterHarness.message("a", 1, part));
    publisher.publish(6, RouterHarness.message("b", 1, part));
    publisher.publish(7, RouterHarness.message("c", 1, part));
    publisher.publish(8, RouterHarness.message("d", 1, part));
    assertEquals(List.of(), publisher.takeResults(), "for two destinations one counts once");

    publisher.publish(9, "b");

    assertEquals(List.of("9 refused 97"), publisher.takeResults());
  }

  @Test
  void committed_someRefused_theirPublishersHearTheReason() {
    store.leads(0, 1).subscribe(0, "t");
    publisher.publish(5, "t");
    publisher.publish(6, "t");
    publisher.publish(7, "t");

    store.committed(0, 3, RouterHarness.refusal(2, QUOTA_EXCEEDED));

    assertEquals(List.of("5 safe", "7 safe", "6 refused 97"), publisher.takeResults());
  }

  @Test
  void publish_sharedSubscription_oneGatewayIsChosenAndToldSo() {
    second.send(
        RouterHarness.routes(1, false, false, List.of(RouterHarness.change("t", "group", 1))));
    third.send(
        RouterHarness.routes(1, false, false, List.of(RouterHarness.change("t", "group", 1))));
    ShareChoice choice = ShareChoice.newBuilder().setGroup("group").setFilter("t").build();

    List<Publish> copies = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      publisher.publish(i, "t");
    }
    publisher.publish(0, "t");
    copies.addAll(second.takePublishes());
    copies.addAll(third.takePublishes());

    assertEquals(11, copies.size());
    copies.forEach(copy -> assertEquals(List.of(choice), copy.getSharesList()));
  }

  @Test
  void publish_sharedSubscription_gatewayWithoutLinkIsPassedOver() {
    for (TestGateway gateway : List.of(second, third)) {
      gateway.send(
          RouterHarness.routes(1, false, false, List.of(RouterHarness.change("t", "group", 1))));
    }
    second.down();

    for (int i = 1; i <= 10; i++) {
      publisher.publish(i, "t");
    }

    assertEquals(10, third.takePublishes().size());
  }

  private void sendWill() {
    store.send(
        StoreToRouterFrame.newBuilder()
            .setPublish(
                Publish.newBuilder().setSequence(3).setMessage(RouterHarness.message("will", 1)))
            .build());
  }

  /** Subscribers may be missing: another router is to have it, or this one later. */
  @Test
  void publish_willBeforeAllRoutesAreThere_isNotAnswered() {
    second.subscribe("will");

    sendWill();

    assertEquals(List.of(), second.takePublishes());
    assertEquals(List.of(), store.takeResults());
  }

  @Test
  void publish_willOfAShard_isDispatchedAndAnswered() {
    second.subscribe("will");
    router.becomesReady(store);

    sendWill();
    assertEquals("will", second.takePublishes().getFirst().getMessage().getTopic());
    assertEquals(List.of(), store.takeResults());
    second.receivedThrough(1);

    assertEquals(List.of("3 safe"), store.takeResults());
  }

  @Test
  void gatewayDown_publishesUnderWay_areSentAgainInOrderOnTheNextLink() {
    second.subscribe("#");
    for (int i = 1; i <= 3; i++) {
      publisher.publish(i, "t/" + i);
    }
    second.receivedThrough(1);
    int count = second.down();
    publisher.publish(4, "t/4");
    second.relink();
    second.lost(count);

    assertEquals(
        List.of("t/2", "t/3", "t/4"),
        second.takePublishes().stream().map(copy -> copy.getMessage().getTopic()).toList());
    second.receivedThrough(4);
    assertEquals(
        List.of("1 safe", "2 safe", "3 safe", "4 safe"),
        publisher.takeResults(),
        "it came back in time: nothing was given up");
  }

  @Test
  void gatewayLost_didNotComeBack_itsRoutesGoAndWaitingPublishesAreSafe() {
    second.subscribe("t");
    third.subscribe("t");
    publisher.publish(5, "t");
    third.receivedThrough(1);

    second.lost(second.down());

    assertEquals(List.of("5 safe"), publisher.takeResults());
    assertEquals(1, router.router.routeCount());
    publisher.publish(6, "t");
    third.receivedThrough(2);
    assertEquals(List.of("6 safe"), publisher.takeResults());
  }

  @Test
  void gatewayLost_itsNewerLinkBrokeOnlyNow_isWaitedForAnew() {
    second.subscribe("t");
    RecordingLink<RouterFrame> oldLink = second.link;
    second.relink();
    int countOfOldLink = router.router.gatewayDown(second.peer, oldLink);
    int countOfNewLink = second.down();
    publisher.publish(5, "t");

    second.lost(countOfOldLink);

    assertEquals(List.of(), publisher.takeResults(), "the time of the newer link is not over");
    second.lost(countOfNewLink);
    assertEquals(List.of("5 safe"), publisher.takeResults());
  }

  @Test
  void gatewayDown_olderLinkWhileTheNewerIsUp_changesNothing() {
    second.subscribe("t");
    RecordingLink<RouterFrame> oldLink = second.link;
    second.relink();

    int count = router.router.gatewayDown(second.peer, oldLink);
    second.lost(count);
    publisher.publish(5, "t");

    assertEquals(1, second.takePublishes().size());
  }

  @Test
  void gatewayLost_comesBackLater_isANewOne() {
    second.subscribe("t");
    second.lost(second.down());

    second.relink();
    publisher.publish(5, "t");
    assertEquals(List.of("5 unmatched"), publisher.takeResults());
    second.subscribe("t");
    publisher.publish(6, "t");

    assertEquals(1, second.takePublishes().getFirst().getSequence());
  }
}
