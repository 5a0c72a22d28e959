package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.clusterkit.RecordingLink;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.RouteChange;
import io.vmqtt.proto.routing.v1.RouteUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RouteAnnouncerTest {
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private long nowNanos = 1;
  private final RouteAnnouncer announcer = new RouteAnnouncer(GRACE_NANOS, () -> nowNanos);
  private final RecordingLink<GatewayFrame> linkA = new RecordingLink<>("a");
  private final RecordingLink<GatewayFrame> linkB = new RecordingLink<>("b");
  private final List<String> released = new ArrayList<>();

  @Test
  void changed_firstSubscriber_everyLinkedRouterIsTold() {
    link(linkA);
    link(linkB);
    linkA.take();
    linkB.take();

    long version = changed("t", 1);

    for (RecordingLink<GatewayFrame> link : List.of(linkA, linkB)) {
      RouteUpdate update = takeRoutes(link).getFirst();
      assertEquals(version, update.getVersion());
      assertFalse(update.getReset());
      assertEquals(change("t", "", 1), update.getChanges(0));
    }
  }

  @Test
  void changed_secondSubscriberAndOneOfTwoGone_isNoNews() {
    link(linkA);
    changed("t", 1);
    linkA.take();

    long version = changed("t", 1);
    assertEquals(version, changed("t", -1));

    assertEquals(List.of(), takeRoutes(linkA));
  }

  @Test
  void changed_lastSubscriberGone_theRouteGoes() {
    link(linkA);
    changed("t", 1);
    linkA.take();

    changed("t", -1);

    assertEquals(change("t", "", 0), takeRoutes(linkA).getFirst().getChanges(0));
  }

  @Test
  void changed_shareGroup_everyChangeIsNewsForItIsAWeight() {
    link(linkA);
    linkA.take();

    changed("$share/g/t", 1);
    changed("$share/g/t", 1);
    changed("$share/g/t", -1);

    assertEquals(
        List.of(change("t", "g", 1), change("t", "g", 2), change("t", "g", 1)),
        takeRoutes(linkA).stream().map(update -> update.getChanges(0)).toList());
  }

  @Test
  void whenApplied_severalRouters_waitsForAllThatAreLinked() {
    link(linkA);
    link(linkB);
    long version = subscribe("t");

    announcer.applied("a", version);
    assertEquals(List.of(), released);
    announcer.applied("b", version);

    assertEquals(List.of("t"), released);
  }

  @Test
  void whenApplied_oldVersionConfirmed_doesNotCount() {
    link(linkA);
    long first = subscribe("t");
    long second = subscribe("u");

    announcer.applied("a", first);
    assertEquals(List.of("t"), released);
    announcer.applied("a", second);

    assertEquals(List.of("t", "u"), released);
  }

  @Test
  void whenApplied_newestVersionConfirmed_releasesEverybodyInOrder() {
    link(linkA);
    subscribe("t");
    long second = subscribe("u");

    announcer.applied("a", second);

    assertEquals(List.of("t", "u"), released);
  }

  @Test
  void whenApplied_inForceAlready_runsAtOnce() {
    link(linkA);
    announcer.applied("a", subscribe("t"));
    released.clear();

    subscribe("t");

    assertEquals(List.of("t"), released, "the second subscriber of a filter waits for nothing");
  }

  @Test
  void whenApplied_noRouterAtAll_waitsUntilThereIsOne() {
    long version = subscribe("t");
    assertEquals(List.of(), released);

    link(linkA);
    assertEquals(List.of(), released);
    announcer.applied("a", version);

    assertEquals(List.of("t"), released);
  }

  // --- grace time ---

  @Test
  void discovered_routerWithoutLink_countsForTheGraceTime() {
    link(linkA);
    announcer.discovered(Set.of("a", "b"));
    long version = subscribe("t");
    announcer.applied("a", version);
    assertEquals(List.of(), released, "b may be linked to others and serve them");

    nowNanos += GRACE_NANOS - 1;
    announcer.releaseWaiting();
    assertEquals(List.of(), released);
    nowNanos += 1;
    announcer.releaseWaiting();

    assertEquals(List.of("t"), released);
  }

  @Test
  void linkDown_routerIsAway_countsForTheGraceTime() {
    link(linkA);
    link(linkB);
    long version = subscribe("t");
    announcer.applied("a", version);
    announcer.applied("b", version);
    announcer.linkDown("b", linkB);
    announcer.applied("a", subscribe("u"));
    assertEquals(List.of("t"), released);

    nowNanos += GRACE_NANOS;
    announcer.releaseWaiting();

    assertEquals(List.of("t", "u"), released);
  }

  @Test
  void linkDown_ofAnOlderLink_changesNothing() {
    link(linkA);
    RecordingLink<GatewayFrame> newer = new RecordingLink<>("a");
    link(newer);

    announcer.linkDown("a", linkA);
    nowNanos += GRACE_NANOS;
    subscribe("t");

    assertEquals(List.of(), released, "it is linked, so it counts");
    assertEquals(1, takeRoutes(newer).stream().filter(update -> !update.getReset()).count());
  }

  @Test
  void discovered_routerIsGoneForGood_countsNoMore() {
    link(linkA);
    announcer.discovered(Set.of("a", "b"));
    long version = subscribe("t");
    announcer.applied("a", version);

    announcer.discovered(Set.of("a"));

    assertEquals(List.of("t"), released);
  }

  @Test
  void discovered_linkedRouterIsNotListedAnyMore_stillCounts() {
    link(linkA);
    link(linkB);
    announcer.discovered(Set.of("a"));
    long version = subscribe("t");

    announcer.applied("a", version);

    assertEquals(List.of(), released);
  }

  @Test
  void whenApplied_everyRouterIsAway_waitsThoughTheGraceTimeIsOver() {
    link(linkA);
    announcer.linkDown("a", linkA);
    subscribe("t");

    nowNanos += 10 * GRACE_NANOS;
    announcer.releaseWaiting();

    assertEquals(List.of(), released, "nobody at all could match a publish");
  }

  // --- routers that come back ---

  @Test
  void mayHavePassedBy_routerThatNeverWasAway_no() {
    link(linkA);
    subscribe("t");

    assertFalse(announcer.mayHavePassedBy("a", true, false));
  }

  @Test
  void mayHavePassedBy_backInTime_no() {
    linkAandB();
    announcer.linkDown("b", linkB);
    nowNanos += GRACE_NANOS - 1;
    link(linkB);

    assertFalse(announcer.mayHavePassedBy("b", true, true));
  }

  @Test
  void mayHavePassedBy_routerHasGivenThisGatewayUp_yesOnce() {
    linkAandB();
    announcer.linkDown("b", linkB);
    link(linkB);

    assertTrue(announcer.mayHavePassedBy("b", true, false));
    assertFalse(announcer.mayHavePassedBy("b", true, false), "the same link says it again");
  }

  @Test
  void mayHavePassedBy_subscriptionCameIntoForceWithoutTheRouter_yes() {
    linkAandB();
    announcer.linkDown("b", linkB);
    long version = subscribe("u");
    nowNanos += GRACE_NANOS;
    announcer.applied("a", version);
    link(linkB);

    assertTrue(announcer.mayHavePassedBy("b", true, true));
  }

  @Test
  void mayHavePassedBy_routerFoundOnlyNowThatServesOthersAlready_yes() {
    link(linkA);
    announcer.applied("a", subscribe("t"));
    link(linkB);

    assertTrue(announcer.mayHavePassedBy("b", true, false));
  }

  @Test
  void mayHavePassedBy_newRouterThatServesNobodyYet_no() {
    link(linkA);
    announcer.applied("a", subscribe("t"));
    link(linkB);

    assertFalse(announcer.mayHavePassedBy("b", false, false));
    assertFalse(announcer.mayHavePassedBy("b", true, false), "it has every route by now");
  }

  @Test
  void mayHavePassedBy_linkBrokeBeforeTheRouterSaidHowItIs_yes() {
    linkAandB();
    announcer.linkDown("b", linkB);
    link(linkB);
    announcer.linkDown("b", linkB);
    link(linkB);

    assertTrue(announcer.mayHavePassedBy("b", true, true));
  }

  @Test
  void mayHavePassedBy_nobodyIsSubscribed_no() {
    linkAandB();
    changed("t", -1);
    announcer.linkDown("b", linkB);
    link(linkB);

    assertFalse(announcer.mayHavePassedBy("b", true, false));
  }

  private void linkAandB() {
    link(linkA);
    link(linkB);
    announcer.mayHavePassedBy("a", true, false);
    announcer.mayHavePassedBy("b", true, false);
    long version = subscribe("t");
    announcer.applied("a", version);
    announcer.applied("b", version);
    assertEquals(List.of("t"), released);
  }

  // --- snapshots ---

  @Test
  void linkUp_subscriptionsExist_allOfThemAsOneSnapshot() {
    changed("t", 1);
    changed("t", 1);
    changed("$share/g/u", 1);
    long version = changed("$share/g/u", 1);

    link(linkA);

    List<RouteUpdate> updates = takeRoutes(linkA);
    assertEquals(1, updates.size());
    assertTrue(updates.getFirst().getReset());
    assertFalse(updates.getFirst().getPartial());
    assertEquals(version, updates.getFirst().getVersion());
    assertEquals(
        Set.of(change("t", "", 1), change("u", "g", 2)),
        Set.copyOf(updates.getFirst().getChangesList()));
  }

  @Test
  void linkUp_nothingSubscribed_anEmptySnapshotAllTheSame() {
    link(linkA);

    List<RouteUpdate> updates = takeRoutes(linkA);
    assertEquals(1, updates.size());
    assertTrue(updates.getFirst().getReset());
    assertFalse(updates.getFirst().getPartial());
  }

  @Test
  void linkUp_veryManySubscriptions_piecesOfWhichTheLastEndsTheSnapshot() {
    Map<String, Integer> expected = new HashMap<>();
    for (int i = 0; i < 2500; i++) {
      changed("t/" + i, 1);
      expected.put("t/" + i, 1);
    }

    link(linkA);

    List<RouteUpdate> updates = takeRoutes(linkA);
    Map<String, Integer> announced = new HashMap<>();
    for (int i = 0; i < updates.size(); i++) {
      RouteUpdate piece = updates.get(i);
      assertEquals(i == 0, piece.getReset());
      assertEquals(i < updates.size() - 1, piece.getPartial());
      assertEquals(2500, piece.getVersion());
      piece.getChangesList().forEach(one -> announced.put(one.getFilter(), one.getMembers()));
    }
    assertTrue(updates.size() > 1);
    assertEquals(expected, announced);
  }

  @Test
  void linkUp_routerComesBack_mustConfirmAnew() {
    link(linkA);
    announcer.applied("a", subscribe("t"));
    RecordingLink<GatewayFrame> newer = new RecordingLink<>("a");
    link(newer);

    long version = subscribe("t");
    assertEquals(List.of("t"), released, "nobody knows what the router still knows");
    announcer.applied("a", version);

    assertEquals(List.of("t", "t"), released);
  }

  private void link(RecordingLink<GatewayFrame> link) {
    announcer.linkUp(link.peer().nodeId(), link);
  }

  private long changed(String filter, int by) {
    return announcer.changed(TopicFilter.parse(filter), by);
  }

  private long subscribe(String filter) {
    long version = changed(filter, 1);
    announcer.whenApplied(version, () -> released.add(filter));
    return version;
  }

  private static RouteChange change(String filter, String group, int members) {
    return RouteChange.newBuilder()
        .setFilter(filter)
        .setShareGroup(group)
        .setMembers(members)
        .build();
  }

  /** Since the last call. */
  private static List<RouteUpdate> takeRoutes(RecordingLink<GatewayFrame> link) {
    return link.take(GatewayFrame::hasRoutes, GatewayFrame::getRoutes);
  }
}
