package io.vmqtt.gateway.operation;

import io.vmqtt.gateway.transport.ConnectedClient;
import io.vmqtt.gateway.transport.EventLoopConnections;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The event loops of this gateway, which look at their clients themselves, a part of them in each
 * run, so that no other client waits.
 *
 * @param all those that there are now
 */
record Loops(Supplier<Collection<EventLoopConnections>> all) {
  /** A loop that has ended runs nothing any more. */
  static final long PATIENCE_SECONDS = 10;

  /** Shows all clients, those of each event loop to a viewer of its own. */
  CompletableFuture<?> show(Supplier<Consumer<ConnectedClient>> viewers) {
    return each(
        (loop, then) -> {
          Consumer<ConnectedClient> viewer = viewers.get();
          loop.show(viewer, then);
        });
  }

  /** Has something done on each event loop; complete when all have run what comes behind it. */
  CompletableFuture<?> each(BiConsumer<EventLoopConnections, Runnable> task) {
    List<CompletableFuture<?>> done = new ArrayList<>();
    for (EventLoopConnections loop : all.get()) {
      CompletableFuture<?> whole = new CompletableFuture<>();
      done.add(whole);
      loop.lane().execute(() -> task.accept(loop, () -> whole.complete(null)));
    }
    return CompletableFuture.allOf(done.toArray(CompletableFuture[]::new))
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
