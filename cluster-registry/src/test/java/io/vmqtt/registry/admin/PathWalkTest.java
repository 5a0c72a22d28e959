package io.vmqtt.registry.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.operation.GatewayProspect;
import io.vmqtt.cluster.operation.MatchingRoutes;
import io.vmqtt.cluster.operation.RouteInfo;
import io.vmqtt.cluster.operation.SessionInfo;
import io.vmqtt.cluster.operation.SessionProspect;
import io.vmqtt.cluster.operation.SessionView.SubscriptionInfo;
import io.vmqtt.cluster.operation.SubscriptionMatch;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import io.vmqtt.registry.admin.Explanation.Outcome;
import io.vmqtt.registry.admin.Explanation.Verdict;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is made of the answers of nodes: a client with a persistent session in shard 3. */
class PathWalkTest {
  private static final String TOPIC = "plant/a/temp";

  private @Nullable String from;
  private int qos = 1;
  private Quotas quotas = Quotas.NONE;
  private Findings.@Nullable Connected publisher;
  private List<RouteInfo> routes = List.of(route("plant/#", null, shard(false, false, false)));
  private boolean routerIsFull;
  private boolean persistent = true;
  private boolean attached = true;
  private boolean sessionKnown = true;
  private List<SubscriptionInfo> subscriptions = List.of(subscription("plant/#", 1, false));
  private SessionProspect.QueueRoom room =
      new SessionProspect.QueueRoom(1000, 1 << 20, false, false, true);
  private GatewayProspect.@Nullable OfConnection receiver = connection(null, true, 0, true);

  private static RouteInfo route(
      String filter, @Nullable String group, RouteInfo.OriginInfo... origins) {
    return new RouteInfo("", filter, group, List.of(origins));
  }

  private static RouteInfo.OriginInfo shard(boolean full, boolean refuses, boolean next) {
    return new RouteInfo.OriginInfo("store-1", 3, 2, full, refuses, true, next);
  }

  private static RouteInfo.OriginInfo gateway(boolean full, boolean next) {
    return new RouteInfo.OriginInfo("gateway-9", null, 1, full, false, true, next);
  }

  private static SubscriptionInfo subscription(String filter, int qos, boolean noLocal) {
    return new SubscriptionInfo(filter, qos, noLocal, false, 0);
  }

  private static GatewayProspect.OfConnection connection(
      @Nullable Boolean publish, boolean receives, int inFlight, boolean takesMore) {
    return new GatewayProspect.OfConnection(
        "2026-11-27T12:00:00Z",
        publish,
        publish == null ? null : "line 4: deny publish plant/#",
        receives,
        null,
        10,
        inFlight,
        takesMore,
        77);
  }

  private Explanation explain() {
    SubscriptionMatch match = SubscriptionMatch.of(TOPIC, subscriptions);
    GatewayProspect.OfConnection there = receiver;
    if (there != null && !persistent) {
      there =
          new GatewayProspect.OfConnection(
              there.connectedAt(),
              there.publish(),
              there.publishRule(),
              there.receives(),
              match,
              there.window(),
              there.inFlight(),
              there.takesMore(),
              there.waitingBytes());
    }
    SessionInfo session =
        new SessionInfo(
            "",
            "pump-7",
            3,
            attached,
            "1",
            5,
            persistent,
            3600,
            attached ? null : "2026-11-27T12:00:00Z",
            1,
            12,
            340,
            0,
            0,
            10,
            false);
    return PathWalk.of(
        new Findings(
            TOPIC,
            "",
            from,
            "pump-7",
            qos,
            false,
            quotas,
            publisher,
            "router-1",
            new MatchingRoutes(true, routerIsFull, routes, List.of(), false),
            3,
            sessionKnown ? "store-1" : null,
            sessionKnown
                ? new SessionProspect(
                    true, session, persistent ? match : SubscriptionMatch.NONE, room)
                : null,
            there == null ? null : new Findings.Connected("gateway-9", there),
            "gateway-9",
            List.of()));
  }

  private static void assertVerdict(Verdict verdict, String text, Explanation said) {
    assertEquals(verdict, said.verdict(), said::toString);
    assertEquals(text, said.text());
  }

  private static List<String> stops(Explanation said) {
    return said.steps().stream()
        .filter(step -> step.outcome() == Outcome.STOP)
        .map(Explanation.Step::step)
        .toList();
  }

  @Test
  void connected_everythingIsWell_delivered() {
    Explanation said = explain();

    assertVerdict(Verdict.DELIVERED, "would be delivered now with QoS 1", said);
    assertEquals(
        List.of("router", "session", "subscription", "receiver", "queue"),
        said.steps().stream().map(Explanation.Step::step).toList());
    assertEquals(List.of(), stops(said));
  }

  @Test
  void subscriptionOfLowerQos_itsQosCounts() {
    qos = 2;
    subscriptions = List.of(subscription("plant/#", 0, false));
    assertVerdict(Verdict.DELIVERED, "would be delivered now with QoS 0", explain());
  }

  @Test
  void publisherMayNot_refusedByThatRule() {
    from = "meter";
    publisher = new Findings.Connected("gateway-2", connection(false, true, 0, true));

    Explanation said = explain();

    assertVerdict(
        Verdict.REFUSED,
        "would be refused: 'meter' may not publish that (line 4: deny publish plant/#)",
        said);
    assertEquals("gateway-2", said.steps().getFirst().node());
    assertEquals(List.of("publisher"), stops(said));
  }

  @Test
  void publisherAwayOrAskedOutside_isNoted() {
    from = "meter";
    assertEquals(Outcome.NOTE, explain().steps().getFirst().outcome());
    publisher = new Findings.Connected("gateway-2", connection(null, true, 0, true));
    assertEquals(Outcome.NOTE, explain().steps().getFirst().outcome());
    assertEquals(Verdict.DELIVERED, explain().verdict());
  }

  @Test
  void quotasOfTheNamespace_areNoted() {
    quotas = new Quotas(Map.of(Quota.MESSAGES_IN, 5L));
    Explanation.Step step = explain().steps().getFirst();
    assertEquals("namespace", step.step());
    assertEquals(Map.of("messages-per-second-in", 5L), step.facts());
  }

  @Test
  void noSubscriptionMatches_nearestIsNamed() {
    subscriptions =
        List.of(subscription("plant/b/#", 1, false), subscription("plant/a/press", 1, false));
    assertVerdict(
        Verdict.NOT,
        "would not be delivered: no subscription of 'pump-7' matches; nearest plant/a/press,"
            + " plant/b/#",
        explain());
  }

  @Test
  void routerDoesNotKnowTheRoute_saysSo() {
    routes = List.of(route("plant/#", null, gateway(false, false)));
    assertVerdict(
        Verdict.NOT,
        "would not be delivered: the router does not know of that subscription: it has no route to"
            + " shard 3",
        explain());
  }

  @Test
  void ownMessage_noLocal_doesNotComeBack() {
    from = "pump-7";
    publisher = new Findings.Connected("gateway-9", connection(true, true, 0, true));
    subscriptions = List.of(subscription("plant/#", 1, true));
    assertEquals(Verdict.NOT, explain().verdict());
    subscriptions = List.of(subscription("plant/#", 1, false));
    assertEquals(Verdict.DELIVERED, explain().verdict());
  }

  @Test
  void offline_queuedUntilItsSessionEnds_orNotAtQos0() {
    attached = false;
    receiver = null;
    assertVerdict(
        Verdict.QUEUED,
        "would wait: 'pump-7' is not connected since 2026-11-27T12:00:00Z; its session stays until"
            + " 2026-11-27T13:00:00Z",
        explain());
    qos = 0;
    assertEquals(Verdict.NOT, explain().verdict());
  }

  @Test
  void queueFull_dropsTheOldestOrRefuses() {
    room = new SessionProspect.QueueRoom(12, 1 << 20, true, false, true);
    assertEquals(Verdict.DELIVERED, explain().verdict());
    room = new SessionProspect.QueueRoom(12, 1 << 20, true, false, false);
    assertVerdict(Verdict.REFUSED, "would be refused: the queue of 'pump-7' is full", explain());
  }

  @Test
  void windowFullOrClientSlow_waits() {
    receiver = connection(null, true, 10, true);
    assertVerdict(
        Verdict.QUEUED,
        "would wait: the client has all 10 deliveries that it takes unacknowledged",
        explain());
    receiver = connection(null, true, 0, false);
    assertEquals(Verdict.QUEUED, explain().verdict());
    qos = 0;
    assertEquals(Verdict.NOT, explain().verdict());
  }

  @Test
  void receiverMayNot_not() {
    receiver = connection(null, false, 0, true);
    assertEquals(Verdict.NOT, explain().verdict());
    assertEquals(List.of("receiver"), stops(explain()));
  }

  @Test
  void shareGroup_oneOfItsMembers() {
    subscriptions = List.of(subscription("$share/g/plant/#", 1, false));
    routes = List.of(route("plant/#", "g", shard(false, false, true), gateway(false, false)));
    assertVerdict(
        Verdict.IN_TURN,
        "would reach it in its turn: it is one of 3 members of $share/g/plant/#",
        explain());
    subscriptions =
        Stream.concat(subscriptions.stream(), Stream.of(subscription("plant/+/temp", 1, false)))
            .toList();
    assertEquals(Verdict.DELIVERED, explain().verdict());
  }

  @Test
  void someDestinationTakesNoMore_allAreRefused() {
    routes =
        List.of(
            route("plant/#", null, shard(false, false, false)),
            route("plant/+/temp", null, gateway(true, false)));
    assertVerdict(
        Verdict.REFUSED,
        "would be refused: it would go to gateway gateway-9 too, which takes no more",
        explain());
    qos = 0;
    assertEquals(Verdict.DELIVERED, explain().verdict());
  }

  @Test
  void memberWhoseTurnItIsNot_mayBeFull() {
    routes =
        List.of(
            route("plant/#", null, shard(false, false, false)),
            route("plant/#", "g", gateway(true, false), shard(false, false, true)));
    assertEquals(Verdict.DELIVERED, explain().verdict());
  }

  @Test
  void routerFull_refused() {
    routerIsFull = true;
    assertEquals(Verdict.REFUSED, explain().verdict());
  }

  @Test
  void transientSession_itsGatewayKnowsItsSubscriptions() {
    persistent = false;
    routes = List.of(route("plant/#", null, gateway(false, false)));
    assertVerdict(Verdict.DELIVERED, "would be delivered now with QoS 1", explain());
    receiver = null;
    assertEquals(Verdict.UNKNOWN, explain().verdict());
  }

  @Test
  void shardWithoutLeader_cannotBeTold() {
    sessionKnown = false;
    Explanation said = explain();
    assertEquals(Verdict.UNKNOWN, said.verdict());
    assertTrue(said.text().contains("shard 3"), said::text);
  }
}
