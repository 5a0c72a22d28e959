package io.vmqtt.router.link;

import static io.vmqtt.router.link.RouterHarness.change;
import static io.vmqtt.router.link.RouterHarness.routes;
import static io.vmqtt.router.link.RouterHarness.update;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.operation.MatchingRoutes;
import io.vmqtt.cluster.operation.RouteInfo;
import io.vmqtt.cluster.operation.RouteName;
import io.vmqtt.cluster.operation.RoutePage;
import io.vmqtt.cluster.operation.RouteQuery;
import io.vmqtt.cluster.operation.RouterOperations;
import io.vmqtt.cluster.operation.TopicQuery;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ScopedName;
import io.vmqtt.router.link.RouterHarness.TestGateway;
import io.vmqtt.router.link.RouterHarness.TestStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators hear of the route table. */
class RouterAnswersTest {
  private final RouterHarness router = new RouterHarness(2);
  private final TestGateway gateway = router.gateway(1);
  private final TestGateway other = router.gateway(2);
  private final TestStore store = router.store("store-a");

  /** The router's thread: what waits for it. */
  private final Queue<Runnable> turns = new ArrayDeque<>();

  @BeforeEach
  void becomeReady() {
    router.becomesReady(store);
  }

  private <A> A answer(CompletableFuture<A> asked) {
    while (!turns.isEmpty()) {
      turns.remove().run();
    }
    return asked.join();
  }

  private RouterAnswers answers() {
    return new RouterAnswers(router.router, turns::add);
  }

  private MatchingRoutes match(String namespace, String topic) {
    return answer(
        answers().answers().ask(RouterOperations.MATCH, new TopicQuery(namespace, topic)));
  }

  private RoutePage list(RouteQuery query) {
    return answer(answers().answers().ask(RouterOperations.ROUTES, query));
  }

  private static List<String> names(List<RouteInfo> routes) {
    return routes.stream().map(route -> route.namespace() + " " + route.filter()).sorted().toList();
  }

  @Test
  void match_routesOfGatewaysAndShards_oneForEachFilter() {
    gateway.subscribe("a/+", "b");
    other.subscribe("a/+");
    store.subscribe(1, "a/#");

    MatchingRoutes match = match("", "a/x");

    assertTrue(match.ready());
    assertEquals(List.of(" a/#", " a/+"), names(match.routes()));
    RouteInfo ofGateways =
        match.routes().stream().filter(one -> one.filter().equals("a/+")).findFirst().orElseThrow();
    assertEquals(
        List.of("gateway-1", "gateway-2"),
        ofGateways.origins().stream()
            .map(origin -> String.valueOf(origin.node()))
            .sorted()
            .toList());
    RouteInfo ofShard =
        match.routes().stream().filter(one -> one.filter().equals("a/#")).findFirst().orElseThrow();
    assertEquals(
        List.of(new RouteInfo.OriginInfo("store-a", 1, 1, false, false, true, false)),
        ofShard.origins());
  }

  @Test
  void match_namespace_onlyItsOwn() {
    gateway.subscribe("#", ScopedName.of(Namespace.of("plant"), "#"));

    assertEquals(List.of("plant #"), names(match("plant", "a").routes()));
    assertEquals(List.of(" #"), names(match("", "a").routes()));
  }

  @Test
  void match_shareGroup_tellsWhoseTurnItIsAndTakesNone() {
    gateway.send(routes(1, false, false, List.of(change("s", "g", 1))));
    other.send(routes(1, false, false, List.of(change("s", "g", 1))));

    String first = next(match("", "s"));
    assertEquals(first, next(match("", "s")));
    gateway.publish(1, "s");
    String taken = gateway.takePublishes().isEmpty() ? "gateway-2" : "gateway-1";

    assertEquals(first, taken);
    assertFalse(first.equals(next(match("", "s"))), first);
  }

  private static String next(MatchingRoutes match) {
    RouteInfo route = match.routes().getFirst();
    assertEquals("g", route.group());
    List<String> next =
        route.origins().stream()
            .filter(RouteInfo.OriginInfo::next)
            .map(origin -> String.valueOf(origin.node()))
            .toList();
    assertEquals(1, next.size(), route::toString);
    return next.getFirst();
  }

  @Test
  void match_shardWithoutLeader_isUnsure() {
    store.subscribe(0, "a");
    store.state(0, false, 2);

    MatchingRoutes match = match("", "a");

    assertEquals(List.of(0), match.unsureShards());
    RouteInfo.OriginInfo shard = match.routes().getFirst().origins().getFirst();
    assertFalse(shard.reachable());
    assertNull(shard.node());
  }

  @Test
  void routes_pageByPage_allOnceInOrder() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      expected.add("t/%04d".formatted(i));
    }
    gateway.subscribe(expected.toArray(String[]::new));
    store.routes(
        1,
        update(
            2,
            false,
            false,
            IntStream.range(0, 100).mapToObj(i -> change("t/%04d".formatted(i), "", 1)).toList()));

    List<String> all = new ArrayList<>();
    @Nullable RouteName after = null;
    RoutePage page;
    do {
      page = list(new RouteQuery(null, null, null, after, 700));
      page.routes().forEach(route -> all.add(route.filter()));
      page.routes().stream()
          .filter(route -> route.filter().compareTo("t/0100") < 0)
          .forEach(route -> assertEquals(2, route.origins().size(), route::toString));
      after = page.routes().getLast().name();
    } while (page.more());

    assertEquals(expected, all);
  }

  @Test
  void routes_many_areLookedAtInSeveralTurns() {
    gateway.subscribe(IntStream.range(0, 5_000).mapToObj(i -> "t/" + i).toArray(String[]::new));

    CompletableFuture<RoutePage> asked =
        answers().answers().ask(RouterOperations.ROUTES, new RouteQuery(null, null, null, null, 1));
    int count = 0;
    while (!turns.isEmpty()) {
      turns.remove().run();
      count++;
    }

    assertTrue(asked.join().more());
    assertTrue(count >= 5, () -> "in few turns");
  }

  @Test
  void routes_filtered_onlyThose() {
    gateway.subscribe("a/b", "c", ScopedName.of(Namespace.of("plant"), "a/b"));
    store.subscribe(1, "a/b", "d");

    assertEquals(List.of(" a/b", "plant a/b"), names(list(query(null, "a*", null)).routes()));
    assertEquals(List.of("plant a/b"), names(list(query("plant", null, null)).routes()));
    assertEquals(List.of(" a/b", " d"), names(list(query(null, null, "1")).routes()));
    assertEquals(
        List.of(" a/b", " c", "plant a/b"), names(list(query(null, null, "gateway-1")).routes()));
    assertEquals(List.of(), list(query(null, null, "nobody")).routes());
  }

  private static RouteQuery query(
      @Nullable String namespace, @Nullable String filter, @Nullable String origin) {
    return new RouteQuery(namespace, filter, origin, null, 10);
  }
}
