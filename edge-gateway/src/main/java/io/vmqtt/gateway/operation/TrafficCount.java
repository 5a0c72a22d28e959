package io.vmqtt.gateway.operation;

import io.vmqtt.cluster.operation.ClientTraffic;
import io.vmqtt.cluster.operation.TrafficQuery;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/** Counts for a moment what passes between this gateway and one client. Safe from any thread. */
final class TrafficCount {
  /** So many clients are counted at a time; who asks for another is told that it is not. */
  static final int MOST = 64;

  private final Loops loops;
  private final Semaphore room = new Semaphore(MOST);

  TrafficCount(Loops loops) {
    this.loops = loops;
  }

  CompletableFuture<ClientTraffic> count(TrafficQuery query) {
    if (!room.tryAcquire()) {
      return CompletableFuture.completedFuture(ClientTraffic.NONE);
    }
    Queue<CompletableFuture<ClientTraffic>> counts = new ConcurrentLinkedQueue<>();
    return loops
        .show(
            () ->
                client -> {
                  if (GatewayAnswers.isNamed(client, query.client())) {
                    counts.add(client.count(query.seconds()));
                  }
                })
        .thenCompose(all -> CompletableFuture.allOf(counts.toArray(CompletableFuture[]::new)))
        .thenApply(
            all ->
                counts.stream()
                    .map(CompletableFuture::join)
                    .reduce(ClientTraffic.NONE, ClientTraffic::and))
        .whenComplete((all, failure) -> room.release());
  }
}
