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

  /** An answer to which a first one leads; nobody waits for either once it is cancelled. */
  public static <A, B> CompletableFuture<B> then(
      CompletableFuture<A> first, Function<? super A, CompletableFuture<B>> next) {
    CompletableFuture<B> answer = new CompletableFuture<>();
    var _ =
        first
            .thenCompose(
                known -> {
                  if (answer.isDone()) {
                    return answer; // nobody waits for it any more
                  }
                  CompletableFuture<B> rest = next.apply(known);
                  waitsFor(answer, rest);
                  return rest;
                })
            .whenComplete(
                (decided, failure) -> {
                  if (failure == null) {
                    answer.complete(decided);
                  } else {
                    answer.completeExceptionally(failure);
                  }
                });
    waitsFor(answer, first);
    return answer;
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
