package io.vmqtt.gateway.access;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Answers of access control, which may come later. */
public final class Answers {
  private Answers() {}

  /** An answer made of another, which nobody waits for either once this one is cancelled. */
  public static <A, B> CompletableFuture<B> map(
      CompletableFuture<A> answer, Function<? super A, ? extends B> function) {
    CompletableFuture<B> mapped = answer.thenApply(function);
    waitsFor(mapped, answer);
    return mapped;
  }

  /** Whoever no longer waits for an answer does not wait for what it needs either. */
  public static void waitsFor(CompletableFuture<?> answer, CompletableFuture<?> needed) {
    var _ =
        answer.whenComplete(
            (_, failure) -> {
              if (answer.isCancelled()) {
                needed.cancel(false);
              }
            });
  }
}
