package io.vmqtt.gateway.operation;

import io.vmqtt.cluster.operation.TopList;
import io.vmqtt.cluster.operation.TopQuery;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.trace.Incidents;
import io.vmqtt.gateway.trace.Tally;
import io.vmqtt.gateway.transport.ConnectedClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts for a moment what passes between this gateway and its clients. One count goes on at a
 * time: who asks meanwhile gets what that one finds. While there is none nothing stands in the way
 * of a packet. Clients that come during a count are not in it. Safe from any thread.
 */
final class TopCount {
  private final Loops loops;
  private @Nullable CompletableFuture<Counted> underWay;

  TopCount(Loops loops) {
    this.loops = loops;
  }

  /** What one count has found, of all namespaces. */
  private record Counted(
      long millis, Tally tally, List<TopList.Item> waiting, Incidents.Sum recent) {}

  synchronized CompletableFuture<TopList> count(TopQuery query) {
    CompletableFuture<Counted> joined = underWay;
    if (joined == null) {
      joined = begin(query.seconds());
      underWay = joined;
      var _ = joined.whenComplete((_, _) -> over());
    }
    return joined.thenApplyAsync(
        found ->
            found.tally().list(found.millis(), found.waiting(), found.recent(), query.namespace()));
  }

  /** What it has found is large, and nobody's any more. */
  private synchronized void over() {
    underWay = null;
  }

  private CompletableFuture<Counted> begin(int seconds) {
    Queue<Tally> tallies = new ConcurrentLinkedQueue<>();
    Executor later = CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS);
    return loops
        .show(
            () -> {
              Tally tally = new Tally();
              tallies.add(tally);
              return client -> client.count(tally);
            })
        .thenApply(_ -> System.nanoTime())
        .thenCompose(
            began ->
                CompletableFuture.supplyAsync(() -> began, later)
                    .thenCompose(_ -> end(began, tallies)))
        .whenComplete((_, _) -> tallies.forEach(Tally::end));
  }

  private CompletableFuture<Counted> end(long began, Queue<Tally> tallies) {
    Queue<List<TopList.Item>> waiting = new ConcurrentLinkedQueue<>();
    Queue<Incidents.Sum> recent = new ConcurrentLinkedQueue<>();
    return loops
        .each(
            (loop, then) -> {
              List<TopList.Item> ofLoop = new ArrayList<>();
              waiting.add(ofLoop);
              Incidents.Sum incidents = new Incidents.Sum();
              incidents.add(loop.lane().incidents());
              recent.add(incidents);
              loop.show(client -> leave(client, ofLoop), then);
            })
        .thenApplyAsync(
            _ -> {
              long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
              Tally all = new Tally();
              tallies.forEach(all::add);
              Incidents.Sum incidents = new Incidents.Sum();
              recent.forEach(incidents::add);
              return new Counted(
                  millis, all, waiting.stream().flatMap(List::stream).toList(), incidents);
            });
  }

  private static void leave(ConnectedClient client, List<TopList.Item> waiting) {
    client.stopCounting();
    Identity who = client.connection().identity();
    if (who != null && client.waitingBytes() > 0) {
      waiting.add(new TopList.Item(who.namespace().name(), who.clientId(), client.waitingBytes()));
    }
  }
}
