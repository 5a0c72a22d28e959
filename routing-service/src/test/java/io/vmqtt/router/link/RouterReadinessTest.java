package io.vmqtt.router.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.clusterkit.RecordingLink;
import io.vmqtt.proto.routing.v1.RouteChange;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.RoutesApplied;
import io.vmqtt.router.link.RouterHarness.TestGateway;
import io.vmqtt.router.link.RouterHarness.TestStore;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Routes as their origins announce them, and when the router may be used. */
class RouterReadinessTest {
  private static final List<RouteChange> NONE = List.of();

  @Test
  void isReady_shardsAndDiscoveredGatewaysInSync_trueThen() {
    RouterHarness router = new RouterHarness(2);
    router.router.gatewaysDiscovered(Set.of(1L));
    TestStore store = router.store("store").leads(0, 1).leads(1, 1);
    TestGateway gateway = router.gateway(1);
    store.routes(0, RouterHarness.update(1, true, false, NONE));
    assertFalse(router.router.isReady(), "shard 1 and the gateway are missing");
    store.routes(1, RouterHarness.update(1, true, false, NONE));
    assertFalse(router.router.isReady(), "the gateway is missing");

    gateway.send(RouterHarness.routes(0, true, false, NONE));

    assertTrue(router.router.isReady());
    assertEquals(List.of(false, true), states(gateway));
  }

  @Test
  void lookForLeaders_noneForLong_gatewaysAreToldOnce() {
    RouterHarness router = new RouterHarness(2);
    TestStore store = router.store("store");
    router.becomesReady(store);
    TestGateway gateway = router.gateway(1);
    assertEquals(List.of(0), outOfReach(gateway));
    store.down();
    for (int i = 1; i < Router.PATIENCE; i++) {
      look(router);
    }
    assertEquals(List.of(), outOfReach(gateway), "this may be an election");

    look(router);
    look(router);

    assertEquals(List.of(2), outOfReach(gateway));
    assertEquals(List.of(2), outOfReach(router.gateway(2)), "who comes later is told, too");
  }

  @Test
  void lookForLeaders_leaderIsBack_gatewaysAreTold() {
    RouterHarness router = new RouterHarness(2);
    TestStore store = router.store("store");
    router.becomesReady(store);
    TestGateway gateway = router.gateway(1);
    store.down();
    for (int i = 0; i < Router.PATIENCE; i++) {
      look(router);
    }
    outOfReach(gateway);

    router.store("other").leads(0, 2);
    look(router);
    assertEquals(List.of(1), outOfReach(gateway));
    router.store("third").leads(1, 2);
    look(router);
    assertEquals(List.of(0), outOfReach(gateway));
  }

  @Test
  void isReady_shardCountUnknown_false() {
    RouterHarness router = new RouterHarness(0);
    router.router.gatewaysDiscovered(Set.of());

    assertFalse(router.router.isReady());
  }

  @Test
  void isReady_discoveryHasNotSpoken_false() {
    RouterHarness router = new RouterHarness(1);
    router.store("store").leads(0, 1).routes(0, RouterHarness.update(1, true, false, NONE));
    assertFalse(router.router.isReady(), "there may be gateways that it does not know of");

    router.router.gatewaysDiscovered(Set.of());

    assertTrue(router.router.isReady());
  }

  @Test
  void isReady_awaitedGatewayLeavesDiscovery_isAwaitedNoMore() {
    RouterHarness router = new RouterHarness(1);
    router.router.gatewaysDiscovered(Set.of(1L, 2L));
    router.store("store").leads(0, 1).routes(0, RouterHarness.update(1, true, false, NONE));
    router.gateway(1).send(RouterHarness.routes(0, true, false, NONE));
    assertFalse(router.router.isReady());

    router.router.gatewaysDiscovered(Set.of(1L));

    assertTrue(router.router.isReady());
  }

  @Test
  void isReady_gatewayInTheMiddleOfItsSnapshot_false() {
    RouterHarness router = new RouterHarness(1);
    router.router.gatewaysDiscovered(Set.of(1L));
    router.store("store").leads(0, 1).routes(0, RouterHarness.update(1, true, false, NONE));
    TestGateway gateway = router.gateway(1);

    gateway.send(RouterHarness.routes(3, true, true, List.of(RouterHarness.change("a", "", 1))));
    assertFalse(router.router.isReady());
    assertEquals(List.of(), applied(gateway));
    gateway.send(RouterHarness.routes(3, false, false, List.of(RouterHarness.change("b", "", 1))));

    assertTrue(router.router.isReady());
    assertEquals(List.of(3L), applied(gateway));
  }

  @Test
  void isReady_onceReady_newGatewaysAndLostOnesChangeNothing() {
    RouterHarness router = ready(1);
    TestGateway late = router.gateway(7);

    assertTrue(router.router.isReady());
    assertEquals(List.of(true), states(late));
    router.router.gatewaysDiscovered(Set.of(7L, 8L));
    late.lost(late.down());
    assertTrue(router.router.isReady());
  }

  /** Which of the two the gateway has given up before, the router cannot know. */
  @Test
  void gatewayUp_otherLinkHasNotEnded_itIsClosed() {
    RouterHarness router = ready(1);
    TestGateway gateway = router.gateway(7);
    RecordingLink<RouterFrame> first = gateway.link;

    gateway.relink();
    router.router.gatewayDown(gateway.peer, first);

    assertNotNull(first.closed);
    assertNull(gateway.link.closed);
    assertTrue(gateway.peer.outbox.isUp());
  }

  @Test
  void state_gatewayComesBackInTime_isContinued() {
    RouterHarness router = ready(1);
    TestGateway gateway = router.gateway(7);
    assertEquals(List.of(false), continued(gateway));
    gateway.send(RouterHarness.routes(1, true, false, NONE));

    gateway.down();
    gateway.relink();

    assertEquals(List.of(true), continued(gateway));
  }

  /** It may never have heard what the first link had to say: that it was forgotten meanwhile. */
  @Test
  void state_linkBrokeBeforeTheRoutesCame_isNotContinued() {
    RouterHarness router = ready(1);
    TestGateway gateway = router.gateway(7);

    gateway.down();
    gateway.relink();

    assertEquals(List.of(false), continued(gateway));
  }

  @Test
  void state_gatewayComesBackAfterItWasGivenUp_isNotContinued() {
    RouterHarness router = ready(1);
    TestGateway gateway = router.gateway(7);
    gateway.lost(gateway.down());

    assertEquals(List.of(false), continued(router.gateway(7)));
  }

  @Test
  void routes_ofAGateway_confirmedWithTheirVersion() {
    RouterHarness router = ready(1);
    TestGateway gateway = router.gateway(7);

    gateway.send(
        RouterHarness.routes(41, true, false, NONE),
        RouterHarness.routes(42, false, false, List.of(RouterHarness.change("a", "", 1))));

    assertEquals(List.of(41L, 42L), applied(gateway));
  }

  @Test
  void routes_ofAShard_confirmedToItsLeader() {
    RouterHarness router = new RouterHarness(2);
    TestStore store = router.store("store").leads(1, 1);

    store.routes(1, RouterHarness.update(42, true, false, NONE));

    assertEquals(
        List.of(RoutesApplied.newBuilder().setShard(1).setVersion(42).build()),
        store.link.take(
            RouterToStoreFrame::hasRoutesApplied, RouterToStoreFrame::getRoutesApplied));
  }

  @Test
  void routes_inForceBeforeTheyAreConfirmed_aPublishOfTheSameBatchIsMatched() {
    RouterHarness router = ready(1);
    TestGateway gateway = router.gateway(7);

    gateway.send(
        RouterHarness.routes(1, false, false, List.of(RouterHarness.change("a", "", 1))),
        RouterHarness.publishFrame(5, RouterHarness.message("a", 1)),
        RouterHarness.routes(2, false, false, List.of(RouterHarness.change("a", "", 0))),
        RouterHarness.publishFrame(6, RouterHarness.message("a", 1)));

    assertEquals(1, gateway.link.sent.stream().filter(RouterFrame::hasPublish).count());
    assertEquals(List.of("6 unmatched"), gateway.takeResults());
  }

  @Test
  void routes_snapshotInPieces_noPublishMissesAnybodyMeanwhile() {
    RouterHarness router = ready(1);
    TestGateway publisher = router.gateway(6);
    TestGateway gateway = router.gateway(7);
    gateway.subscribe("a", "b", "old");
    gateway.relink();

    gateway.send(RouterHarness.routes(9, true, true, List.of(RouterHarness.change("a", "", 1))));
    publisher.publish(5, "b");
    gateway.send(RouterHarness.routes(9, false, false, List.of(RouterHarness.change("b", "", 1))));
    publisher.publish(6, "b");
    publisher.publish(7, "old");

    assertEquals(
        List.of("b", "b"),
        gateway.takePublishes().stream().map(copy -> copy.getMessage().getTopic()).toList());
    assertEquals(List.of("7 unmatched"), publisher.takeResults());
    assertEquals(2, router.router.routeCount());
  }

  @Test
  void routes_newLeaderSendsItsSnapshotInPieces_noPublishMissesTheShardMeanwhile() {
    RouterHarness router = ready(1);
    TestGateway publisher = router.gateway(6);
    router.store("old").leads(0, 2).subscribe(0, "a", "b");
    TestStore young = router.store("young").leads(0, 3);

    young.routes(0, RouterHarness.update(9, true, true, List.of(RouterHarness.change("a", "", 1))));
    publisher.publish(5, "b");

    assertEquals("b", young.takePublishes().getFirst().getMessage().getTopic());
  }

  @Test
  void routes_snapshotThatWasCutShort_theNextOneStartsAnew() {
    RouterHarness router = ready(1);
    TestGateway gateway = router.gateway(7);
    gateway.send(RouterHarness.routes(9, true, true, List.of(RouterHarness.change("cut", "", 1))));
    gateway.down();
    gateway.relink();

    gateway.send(RouterHarness.routes(10, true, false, List.of(RouterHarness.change("a", "", 1))));

    assertEquals(1, router.router.routeCount());
    gateway.publish(5, "cut");
    assertEquals(List.of("5 unmatched"), gateway.takeResults());
  }

  /** A router with as many shards, all in sync, and no gateways to wait for. */
  private static RouterHarness ready(int shards) {
    RouterHarness router = new RouterHarness(shards);
    router.router.gatewaysDiscovered(Set.of());
    TestStore store = router.store("first store");
    for (int shard = 0; shard < shards; shard++) {
      store.leads(shard, 1).routes(shard, RouterHarness.update(1, true, false, NONE));
    }
    assertTrue(router.router.isReady());
    return router;
  }

  private static List<Boolean> continued(TestGateway gateway) {
    return gateway.link.sent.stream()
        .filter(RouterFrame::hasState)
        .map(frame -> frame.getState().getContinued())
        .toList();
  }

  private static List<Boolean> states(TestGateway gateway) {
    return gateway.link.sent.stream()
        .filter(RouterFrame::hasState)
        .map(frame -> frame.getState().getReady())
        .toList();
  }

  private static List<Long> applied(TestGateway gateway) {
    return gateway.link.sent.stream()
        .filter(RouterFrame::hasRoutesApplied)
        .map(RouterFrame::getRoutesApplied)
        .toList();
  }

  private static void look(RouterHarness router) {
    router.router.lookForLeaders();
    router.router.endTurn();
  }

  private static List<Integer> outOfReach(TestGateway gateway) {
    return gateway.link.take().stream()
        .filter(RouterFrame::hasState)
        .map(frame -> frame.getState().getShardsOutOfReach())
        .toList();
  }
}
