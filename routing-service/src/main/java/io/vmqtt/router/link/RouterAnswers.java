package io.vmqtt.router.link;

import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.operation.MatchingRoutes;
import io.vmqtt.cluster.operation.RoutePage;
import io.vmqtt.cluster.operation.RouteQuery;
import io.vmqtt.cluster.operation.RouterOperations;
import io.vmqtt.cluster.operation.TopicQuery;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ScopedName;
import io.vmqtt.router.routes.Route;
import io.vmqtt.router.routes.RouteKey;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Answers operators about the route table. It is looked at on the router's thread, some routes in
 * each turn, so that messages do not wait. Safe from any thread.
 */
final class RouterAnswers {
  /** So many routes are looked at in one turn: half a millisecond or so. */
  private static final int ROUTES_PER_TURN = 1_000;

  /** A thread that has ended runs nothing any more. */
  private static final long PATIENCE_SECONDS = 10;

  private final Router router;
  private final Executor thread;

  /** Those of a router, on its thread. */
  RouterAnswers(Router router, Executor thread) {
    this.router = router;
    this.thread = thread;
  }

  /** By what they are to. */
  Answers answers() {
    return Answers.NONE
        .with(RouterOperations.MATCH, this::match)
        .with(RouterOperations.ROUTES, this::routes);
  }

  private CompletableFuture<MatchingRoutes> match(TopicQuery query) {
    String topic = ScopedName.of(Namespace.of(query.namespace()), query.topic());
    CompletableFuture<MatchingRoutes> answer = new CompletableFuture<>();
    onThread(
        answer,
        () -> {
          List<Route<Destination>> routes = router.routes().look(topic);
          answer.complete(
              new MatchingRoutes(
                  router.isReady(),
                  router.isFull(),
                  routes.stream()
                      .limit(MatchingRoutes.MOST)
                      .map(route -> LowestRoutes.info(route.key(), route.parts()))
                      .toList(),
                  router.unsureShards(),
                  routes.size() > MatchingRoutes.MOST));
        });
    return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private CompletableFuture<RoutePage> routes(RouteQuery query) {
    CompletableFuture<RoutePage> answer = new CompletableFuture<>();
    LowestRoutes lowest = new LowestRoutes(router.routes(), query);
    onThread(answer, () -> lookAtOrigins(List.copyOf(router.origins()).iterator(), lowest, answer));
    return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void lookAtOrigins(
      Iterator<Destination> origins, LowestRoutes lowest, CompletableFuture<RoutePage> answer) {
    while (origins.hasNext()) {
      Destination next = origins.next();
      if (lowest.isWanted(next)) {
        look(next, next.origin().keys().iterator(), origins, lowest, answer);
        return;
      }
    }
    answer.complete(lowest.page());
  }

  /** What has come since the first turn was not there when it was asked. */
  private void look(
      Destination origin,
      Iterator<RouteKey> keys,
      Iterator<Destination> others,
      LowestRoutes lowest,
      CompletableFuture<RoutePage> answer) {
    for (int i = 0; i < ROUTES_PER_TURN && keys.hasNext(); i++) {
      lowest.look(origin, keys.next());
    }
    onThread(
        answer,
        keys.hasNext()
            ? () -> look(origin, keys, others, lowest, answer)
            : () -> lookAtOrigins(others, lowest, answer));
  }

  private void onThread(CompletableFuture<?> answer, Runnable task) {
    try {
      thread.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) { // an answer to whoever asked, and to nobody else
              answer.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(e);
    }
  }
}
