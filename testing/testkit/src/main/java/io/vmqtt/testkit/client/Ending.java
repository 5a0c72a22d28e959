package io.vmqtt.testkit.client;

import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** How connections of one client end, one after another. Thread-safe. */
final class Ending {
  private volatile CompletableFuture<OptionalInt> next = new CompletableFuture<>();

  /** A connection begins: what ended before is forgotten. */
  void begin() {
    next = new CompletableFuture<>();
  }

  /** The connection ended. */
  void ended(OptionalInt reasonCode) {
    next.complete(reasonCode);
  }

  /** Whether the connection that began last is over. */
  boolean hasEnded() {
    return next.isDone();
  }

  /** Waits for the end of the connection that began last. */
  OptionalInt await() {
    return Answers.await(next, "the end of the connection");
  }
}
