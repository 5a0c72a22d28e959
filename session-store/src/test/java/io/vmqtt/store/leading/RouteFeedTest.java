package io.vmqtt.store.leading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.clusterkit.RecordingLink;
import io.vmqtt.model.Qos;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.routing.v1.RouteUpdate;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.FullSessions;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.SessionHeader;
import io.vmqtt.store.session.ShardState;
import io.vmqtt.store.session.SubscriptionTerms;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** For whom a SUBACK waits. */
class RouteFeedTest {
  private static final long LEASE_MILLIS = 4_000;

  private final Routers routers = new Routers(LEASE_MILLIS);
  private final ShardState state = new ShardState(1);
  private final QueueLimits limits =
      new QueueLimits(8, 10_000, QueueLimits.Overflow.REJECT_NEW, 1_000_000);
  private final FullSessions full = new FullSessions(state, limits);
  private final RouteFeed feed = new RouteFeed(1, 0, state, full, routers);
  private final RouterPort routerA = port("a");
  private final RecordingLink<StoreToRouterFrame> toRouterB = new RecordingLink<>("b");
  private final RouterPort routerB = new RouterPort(0, new RouterLink(toRouterB));

  @Test
  void whenInForce_linkedRouterHasTheRoutes_atOnce() {
    linkedWithBoth();

    assertTrue(subscribe().get());
  }

  @Test
  void whenInForce_discoveredRouterWithoutLink_waitsForTheLease() {
    routers.discovered(Set.of("a", "b"), 0);
    up(routerA);
    AtomicBoolean released = subscribe();

    tick(LEASE_MILLIS - 1);
    assertFalse(released.get());
    tick(LEASE_MILLIS);

    assertTrue(released.get());
  }

  @Test
  void whenInForce_linkOfADiscoveredRouterBreaks_waitsForTheLease() {
    linkedWithBoth();
    down(routerB, 1_000);
    AtomicBoolean released = subscribe();

    tick(1_000 + LEASE_MILLIS - 1);
    assertFalse(released.get(), "it may serve, and not have noticed");
    tick(1_000 + LEASE_MILLIS);

    assertTrue(released.get());
  }

  @Test
  void whenInForce_routerComesBackWithinItsLease_whenItHasTheRoutes() {
    linkedWithBoth();
    down(routerB, 1_000);
    AtomicBoolean released = subscribe();
    RouterPort again = port("b");

    routers.up(again);
    feed.up(again);
    assertFalse(released.get());
    feed.applied(again, feed.version());

    assertTrue(released.get());
  }

  /** What discovery says of a router does not keep it from serving. */
  @Test
  void whenInForce_routerDropsOutOfDiscoveryToo_waitsForTheLease() {
    linkedWithBoth();
    routers.discovered(Set.of("a"), 900);
    down(routerB, 1_000);
    routers.discovered(Set.of(), 1_001);
    AtomicBoolean released = subscribe();

    tick(1_000 + LEASE_MILLIS - 1);
    assertFalse(released.get());
    tick(1_000 + LEASE_MILLIS);

    assertTrue(released.get());
  }

  @Test
  void whenInForce_routerHasLeft_isNotWaitedFor() {
    linkedWithBoth();
    toRouterB.left = true;

    down(routerB, 1_000);

    assertTrue(subscribe().get());
  }

  @Test
  void whenInForce_linkBrokeBeforeThisReplicaLed_waitsForAWholeLease() {
    linkedWithBoth();
    down(routerB, 1_000);
    routers.discovered(Set.of("a"), 1_000);
    tick(4_000);

    routers.leadFrom(4_000);
    AtomicBoolean released = subscribe();
    tick(4_000 + LEASE_MILLIS - 1);
    assertFalse(released.get(), "it may have a link to the leader of before");
    tick(4_000 + LEASE_MILLIS);

    assertTrue(released.get());
  }

  @Test
  void down_olderOfTwoLinksOfARouter_theNewerCounts() {
    linkedWithBoth();
    up(port("b"));

    down(routerB, 1_000);

    assertTrue(subscribe().get());
  }

  /** All routes of a large shard are more than a link may hold. */
  @Test
  void up_linkTakesOnlySoMuch_restFollowsWithWhatHasChangedMeanwhile() {
    List<String> filters =
        IntStream.range(0, 1_500).mapToObj(i -> "x".repeat(300) + "/" + i).toList();
    filters.forEach(filter -> subscribed(filter));
    feed.announce();
    toRouterB.room = 1;

    routers.up(routerB);
    feed.up(routerB);
    int taken = toRouterB.sent.size();
    assertTrue(
        toRouterB.sent.stream().allMatch(frame -> frame.getRoutes().getUpdate().getPartial()));
    RouteUpdate first = toRouterB.sent.getFirst().getRoutes().getUpdate();
    assertTrue(first.getReset());

    subscribed("later");
    String gone = first.getChanges(0).getFilter();
    state.apply(new Change.SubscriptionRemoved(1, gone), body -> {});
    feed.announce();
    routerB.flush();
    assertEquals(taken, toRouterB.sent.size());
    toRouterB.room = Integer.MAX_VALUE;
    feed.writable(routerB);
    routerB.flush();

    Map<String, Integer> told = new HashMap<>();
    for (StoreToRouterFrame frame : toRouterB.sent) {
      frame
          .getRoutes()
          .getUpdate()
          .getChangesList()
          .forEach(change -> told.put(change.getFilter(), change.getMembers()));
    }
    assertEquals(1_501, told.size());
    assertEquals(0, told.remove(gone));
    assertEquals(Set.of(1), Set.copyOf(told.values()));
    RouteUpdate last = toRouterB.sent.getLast().getRoutes().getUpdate();
    assertFalse(last.getReset() || last.getPartial());
    assertEquals(feed.version(), last.getVersion());

    subscribed("at once");
    feed.announce();
    routerB.flush();
    assertEquals(1, toRouterB.sent.getLast().getRoutes().getUpdate().getChangesCount());
  }

  private void subscribed(String filter) {
    if (state.session(1) == null) {
      state.apply(
          new Change.SessionSaved(
              new SessionHeader(1, "c", 1, true, 1, 1, false, 60, 10, null, 0, 0, 0)),
          body -> {});
    }
    SubscriptionTerms terms =
        new SubscriptionTerms(TopicFilter.parse(filter), Qos.AT_LEAST_ONCE, false, false, 0);
    state.apply(new Change.SubscriptionSaved(1, terms), body -> {});
  }

  private void linkedWithBoth() {
    routers.discovered(Set.of("a", "b"), 0);
    up(routerA);
    up(routerB);
  }

  private void up(RouterPort port) {
    routers.up(port);
    feed.up(port);
    feed.applied(port, feed.version());
  }

  private void down(RouterPort port, long nowMillis) {
    routers.down(port.routerLink(), nowMillis);
    feed.down(port);
  }

  private void tick(long nowMillis) {
    routers.tick(nowMillis);
    feed.settle();
  }

  private AtomicBoolean subscribe() {
    AtomicBoolean released = new AtomicBoolean();
    feed.whenInForce(() -> released.set(true));
    return released;
  }

  private static RouterPort port(String nodeId) {
    return new RouterPort(0, new RouterLink(new RecordingLink<>(nodeId)));
  }
}
