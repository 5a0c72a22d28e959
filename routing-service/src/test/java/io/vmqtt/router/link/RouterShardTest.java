package io.vmqtt.router.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.Moved;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.proto.session.v1.Delivery;
import io.vmqtt.proto.session.v1.DeliveryTarget;
import io.vmqtt.proto.session.v1.Disconnect;
import io.vmqtt.proto.session.v1.Done;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.store.v1.Following;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.ShardPublish;
import io.vmqtt.proto.store.v1.ShardState;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.router.link.RouterHarness.TestGateway;
import io.vmqtt.router.link.RouterHarness.TestStore;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What passes between gateways and the leaders of shards. */
class RouterShardTest {
  private final RouterHarness router = new RouterHarness(3);
  private final TestGateway gateway = router.gateway(1);
  private final TestGateway other = router.gateway(2);
  private final TestStore old = router.store("old");
  private final TestStore young = router.store("young");

  @Test
  void request_leaderKnown_goesThereAndTheReplyComesBack() {
    old.leads(1, 5);

    gateway.request(77, 1);
    ShardRequest request = old.takeRequests().getFirst();
    assertEquals(1, request.getShard());
    old.reply(
        ShardReply.newBuilder()
            .setCorrelation(request.getCorrelation())
            .setAttached(Attached.newBuilder().setSession(9)));

    ShardReply reply = takeReplies(gateway).getFirst();
    assertEquals(77, reply.getCorrelation());
    assertEquals(9, reply.getAttached().getSession());
  }

  @Test
  void request_gatewaysUseTheSameNumbers_eachGetsItsOwnReply() {
    old.leads(1, 5);
    gateway.request(77, 1);
    other.request(77, 1);
    List<ShardRequest> requests = old.takeRequests();

    old.reply(done(requests.get(1)));

    assertEquals(List.of(), takeReplies(gateway));
    assertEquals(77, takeReplies(other).getFirst().getCorrelation());
    old.reply(done(requests.get(0)));
    assertEquals(77, takeReplies(gateway).getFirst().getCorrelation());
  }

  @Test
  void request_answeredTwice_secondAnswerGoesNowhere() {
    old.leads(1, 5);
    gateway.request(77, 1);
    ShardRequest request = old.takeRequests().getFirst();
    old.reply(done(request));
    assertEquals(1, takeReplies(gateway).size());

    old.reply(done(request));

    assertEquals(List.of(), takeReplies(gateway));
  }

  @Test
  void request_shardThatDoesNotExist_invalid() {
    gateway.request(77, 3);

    ShardReply reply = takeReplies(gateway).getFirst();
    assertEquals(77, reply.getCorrelation());
    assertEquals(Failure.Reason.REASON_INVALID, reply.getFailure().getReason());
  }

  @Test
  void request_noLeaderYet_waitsForOne() {
    gateway.request(77, 1);
    gateway.request(78, 1);

    old.leads(1, 5);

    assertEquals(2, old.takeRequests().size());
  }

  @Test
  void moved_someRequestsOfOneGateway_nextLeaderGetsTheRest() {
    gateway.request(77, 1);
    gateway.request(78, 1);
    other.request(77, 1);

    gateway.send(GatewayFrame.newBuilder().setMoved(Moved.newBuilder().addRequests(77)).build());
    old.leads(1, 5);

    List<ShardRequest> requests = old.takeRequests();
    assertEquals(2, requests.size());
    old.reply(done(requests.get(0)));
    assertEquals(78, takeReplies(gateway).getFirst().getCorrelation());
    old.reply(done(requests.get(1)));
    assertEquals(77, takeReplies(other).getFirst().getCorrelation());
  }

  @Test
  void moved_publishesForAShardWithoutLeader_nextLeaderGetsTheRest() {
    old.leadsInSync(1, 5);
    old.subscribe(1, "t");
    old.down();
    gateway.publish(7, "t");
    gateway.publish(8, "t");
    other.publish(7, "t");

    gateway.send(GatewayFrame.newBuilder().setMoved(Moved.newBuilder().addPublishes(7)).build());
    young.leadsInSync(1, 6);

    List<ShardPublish> publishes =
        young.takePublishes().stream().filter(one -> one.getShard() == 1).toList();
    assertEquals(2, publishes.size());
    young.committed(1, publishes.getLast().getSequence());
    for (int shard : List.of(0, 2)) {
      young.leadsInSync(shard, 6).committed(shard, Long.MAX_VALUE);
    }
    assertEquals(List.of("8 safe"), gateway.takeResults());
    assertEquals(List.of("7 safe"), other.takeResults());
  }

  @Test
  void request_noReplyWanted_isSentAndForgotten() {
    old.leads(1, 5);
    gateway.request(0, 1);
    assertEquals(1, old.takeRequests().size());

    young.leads(1, 6);

    assertEquals(List.of(), young.takeRequests());
  }

  @Test
  void shardState_newLeader_getsUndeliveredPublishesAndUnansweredRequestsInOrder() {
    old.leads(1, 5).subscribe(1, "t/#");
    for (int i = 1; i <= 4; i++) {
      gateway.publish(i, "t/" + i);
      gateway.request(70 + i, 1);
    }
    old.committed(1, 1);
    old.reply(done(old.takeRequests().getFirst()));

    young.leads(1, 6);

    List<ShardPublish> publishes =
        young.link.sent.stream()
            .filter(frame -> frame.hasPublish())
            .map(frame -> frame.getPublish())
            .toList();
    assertEquals(List.of(2L, 3L, 4L), publishes.stream().map(ShardPublish::getSequence).toList());
    assertEquals(
        List.of("t/2", "t/3", "t/4"),
        publishes.stream().map(publish -> publish.getMessage().getTopic()).toList());
    List<Long> correlations =
        young.takeRequests().stream().map(ShardRequest::getCorrelation).toList();
    assertEquals(3, correlations.size());
    assertEquals(correlations.stream().sorted().toList(), correlations);
  }

  /** The store must not take what was sent before the router knew of its leadership. */
  @Test
  void shardState_sameLeaderAnew_followedBeforeAnythingIsSentAgain() {
    old.leads(1, 5);
    gateway.request(77, 1);
    old.link.take();

    old.send(
        StoreToRouterFrame.newBuilder()
            .setState(
                ShardState.newBuilder().setShard(1).setLeader(true).setTerm(5).setLeadership(9))
            .build());

    List<RouterToStoreFrame> sent = old.link.take();
    assertEquals(
        Following.newBuilder().setShard(1).setLeadership(9).build(),
        sent.getFirst().getFollowing());
    assertTrue(sent.get(1).hasRequest());
  }

  @Test
  void shardState_newLeader_gatewaysAreToldToResume() {
    old.leads(1, 5);
    gateway.link.take();
    other.link.take();

    young.leads(1, 6);

    for (TestGateway one : List.of(gateway, other)) {
      assertEquals(
          List.of(1),
          one.link.take().stream()
              .filter(RouterFrame::hasShardOnline)
              .map(frame -> frame.getShardOnline().getShard())
              .toList());
    }
  }

  @Test
  void shardState_claimOfAnOlderTerm_isIgnored() {
    young.leads(1, 6);
    old.leads(1, 5);

    gateway.request(77, 1);

    assertEquals(1, young.takeRequests().size());
    assertEquals(List.of(), old.takeRequests());
  }

  @Test
  void shardState_formerLeaderSaysItIsNone_theNewOneStays() {
    old.leads(1, 5);
    young.leads(1, 6);
    old.state(1, false, 5);

    gateway.request(77, 1);

    assertEquals(1, young.takeRequests().size());
  }

  @Test
  void shardState_leaderStepsDown_requestsAndPublishesWaitForTheNext() {
    old.leads(1, 5).subscribe(1, "t");
    old.state(1, false, 5);
    old.link.take();

    gateway.request(77, 1);
    gateway.publish(3, "t");

    assertEquals(List.of(), old.link.take());
    young.leads(1, 6);
    List<RouterToStoreFrame> taken = young.link.take();
    assertEquals(1, taken.stream().filter(RouterToStoreFrame::hasRequest).count());
    assertEquals(1, taken.stream().filter(RouterToStoreFrame::hasPublish).count());
  }

  @Test
  void publish_shardWithoutLeader_getsItThoughNoRouteOfOldMatches() {
    old.leads(1, 5).routes(1, RouterHarness.update(1, true, false, List.of()));
    old.state(1, false, 5);

    gateway.publish(3, "subscribed/meanwhile");
    gateway.publish(0, "subscribed/meanwhile");

    assertEquals(List.of(), gateway.takeResults());
    young.leads(1, 6);
    List<ShardPublish> publishes = young.takePublishes();
    assertEquals(1, publishes.size(), "that of QoS 0 is nobody's any more");
    assertTrue(publishes.getFirst().getDeliver());
    young.committed(1, publishes.getFirst().getSequence());
    assertEquals(List.of("3 safe"), gateway.takeResults());
  }

  /**
   * That store has given SUBACK without this router, which has slept, and knows no better route.
   */
  @Test
  void publish_leaderHasNotHeardThisRouterForTooLong_isNotMatchedHere() {
    old.leadsInSync(1, 5);
    old.link.live = false;

    gateway.publish(3, "subscribed/meanwhile");

    assertNotNull(old.link.closed);
    assertEquals(List.of(), gateway.takeResults());
    young.leadsInSync(1, 6);
    ShardPublish publish = young.takePublishes().getFirst();
    young.committed(1, publish.getSequence());
    assertEquals(List.of("3 safe"), gateway.takeResults());
  }

  @Test
  void fromStore_itHasNotHeardThisRouterForTooLong_isNotTaken() {
    old.link.live = false;

    old.leads(1, 5);
    gateway.request(77, 1);

    assertEquals(List.of(), old.takeRequests());
  }

  @Test
  void publish_onlyReplicaOfAShardIsAway_othersAreNotHeldUp() {
    router.router.shards(3, false);
    old.leads(1, 5).routes(1, RouterHarness.update(1, true, false, List.of()));
    old.state(1, false, 5);

    gateway.publish(3, "t");

    assertEquals(List.of("3 unmatched"), gateway.takeResults());
  }

  @Test
  void publish_leaderWhoseRoutesAreNotCompleteYet_getsEverything() {
    old.leads(1, 5).routes(1, RouterHarness.update(1, true, false, List.of()));
    young.leads(1, 6);
    young.link.take();

    gateway.publish(3, "a");
    young.routes(1, RouterHarness.update(9, true, false, List.of()));
    gateway.publish(4, "b");

    assertEquals(
        List.of("a"),
        young.takePublishes().stream().map(one -> one.getMessage().getTopic()).toList());
  }

  @Test
  void shardState_shardThatDoesNotExist_isIgnored() {
    old.leads(99, 5);
    old.leads(1, 5);

    gateway.request(77, 1);

    assertEquals(1, old.takeRequests().size());
  }

  @Test
  void storeDown_linkBreaks_itsShardsHaveNoLeaderUntilAnotherComes() {
    old.leads(1, 5).leads(2, 5);
    old.down();
    gateway.request(77, 1);
    gateway.request(78, 2);
    assertEquals(List.of(), old.takeRequests());

    TestStore back = router.store("old");
    back.leads(1, 5);
    young.leads(2, 6);

    assertEquals(1, back.takeRequests().size(), "the same leader on a new link");
    assertEquals(1, young.takeRequests().size());
  }

  @Test
  void reply_notLeaderOfAStoreThatStepsDown_isLeftToTheNextLeader() {
    old.leads(1, 5);
    gateway.request(77, 1);
    ShardRequest request = old.takeRequests().getFirst();

    old.state(1, false, 5);
    old.reply(failure(request, Failure.Reason.REASON_NOT_LEADER));
    assertEquals(List.of(), takeReplies(gateway), "the client need not know");
    young.leads(1, 6);
    young.reply(done(young.takeRequests().getFirst()));

    assertTrue(takeReplies(gateway).getFirst().hasDone());
  }

  @Test
  void reply_notLeaderAfterTheNextLeaderHasTheRequest_isIgnored() {
    old.leads(1, 5);
    gateway.request(77, 1);
    ShardRequest request = old.takeRequests().getFirst();
    young.leads(1, 6);

    old.reply(failure(request, Failure.Reason.REASON_NOT_LEADER));
    old.reply(failure(request, Failure.Reason.REASON_UNAVAILABLE));
    assertEquals(List.of(), takeReplies(gateway));
    young.reply(done(young.takeRequests().getFirst()));

    assertTrue(takeReplies(gateway).getFirst().hasDone());
  }

  @Test
  void reply_failureOfTheLeader_goesToTheGateway() {
    old.leads(1, 5);
    for (Failure.Reason reason :
        List.of(
            Failure.Reason.REASON_NOT_OWNER,
            Failure.Reason.REASON_QUOTA_EXCEEDED,
            Failure.Reason.REASON_UNAVAILABLE,
            Failure.Reason.REASON_NOT_LEADER)) {
      gateway.request(77, 1);

      old.reply(failure(old.takeRequests().getFirst(), reason));

      assertEquals(reason, takeReplies(gateway).getFirst().getFailure().getReason());
    }
  }

  @Test
  void gatewayDown_requestsUnanswered_nobodyWaitsForThemAnyMore() {
    gateway.request(77, 1);
    other.request(78, 1);

    gateway.down();
    old.leads(1, 5);

    assertEquals(1, old.takeRequests().size(), "the gateway asks again itself");
  }

  @Test
  void deliver_gatewayLinked_getsItUnread() {
    Delivery delivery =
        Delivery.newBuilder()
            .setGateway(2)
            .setMessage(RouterHarness.message("t", 1))
            .addTargets(DeliveryTarget.newBuilder().setConnection(256).setSequence(4))
            .build();

    old.send(StoreToRouterFrame.newBuilder().setDelivery(delivery).build());

    assertEquals(
        List.of(delivery), other.link.take(RouterFrame::hasDelivery, RouterFrame::getDelivery));
    assertTrue(gateway.link.take().stream().noneMatch(RouterFrame::hasDelivery));
  }

  @Test
  void disconnect_gatewayLinked_getsTheOrder() {
    Disconnect order =
        Disconnect.newBuilder().setGateway(2).setConnection(256).setReasonCode(0x8E).build();

    old.send(StoreToRouterFrame.newBuilder().setDisconnect(order).build());

    assertEquals(
        List.of(order), other.link.take(RouterFrame::hasDisconnect, RouterFrame::getDisconnect));
  }

  @Test
  void deliver_gatewayUnknown_goesNowhere() {
    old.send(
        StoreToRouterFrame.newBuilder().setDelivery(Delivery.newBuilder().setGateway(99)).build(),
        StoreToRouterFrame.newBuilder()
            .setDisconnect(Disconnect.newBuilder().setGateway(99))
            .build());

    assertTrue(gateway.link.take().stream().noneMatch(RouterFrame::hasDelivery));
  }

  private static ShardReply.Builder done(ShardRequest request) {
    return ShardReply.newBuilder()
        .setCorrelation(request.getCorrelation())
        .setDone(Done.getDefaultInstance());
  }

  private static ShardReply.Builder failure(ShardRequest request, Failure.Reason reason) {
    return ShardReply.newBuilder()
        .setCorrelation(request.getCorrelation())
        .setFailure(Failure.newBuilder().setReason(reason));
  }

  /** Stores take a gateway for alive as long as a router has a link to it. */
  @Test
  void gatewaysComeAndGo_storesHearWhichAreLinked() {
    assertEquals(List.of(Set.of(1L, 2L)), linkedGateways(old));

    other.down();
    assertEquals(List.of(Set.of(1L)), linkedGateways(old));

    other.relink();
    assertEquals(List.of(Set.of(1L, 2L)), linkedGateways(old));
    assertEquals(Set.of(1L, 2L), linkedGateways(router.store("late")).getFirst());
  }

  private static List<Set<Long>> linkedGateways(TestStore store) {
    return store.link.take().stream()
        .filter(RouterToStoreFrame::hasGateways)
        .map(frame -> Set.copyOf(frame.getGateways().getProcessesList()))
        .toList();
  }

  private static List<ShardReply> takeReplies(TestGateway gateway) {
    return gateway.link.take(RouterFrame::hasReply, RouterFrame::getReply);
  }
}
