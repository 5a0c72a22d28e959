package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Unanswered;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The question to access control that a connection waits for. There is one at most: what comes
 * behind it waits, too. Confined to the thread of the connection.
 */
final class OpenQuestion {
  private static final CompletableFuture<?>[] NONE = {};

  private final Executor thread;
  private final Runnable afterwards;
  private CompletableFuture<?>[] answers = NONE;
  private boolean seen;
  private long seenNanos;

  /**
   * No question yet.
   *
   * @param thread of the connection
   * @param afterwards runs when a question has been answered, and what depended on it is done
   */
  OpenQuestion(Executor thread, Runnable afterwards) {
    this.thread = thread;
    this.afterwards = afterwards;
  }

  boolean isOpen() {
    return answers.length > 0;
  }

  /** Has {@code then} run when all of these are complete, never from within the call. */
  @SuppressWarnings("ReferenceEquality") // the same question, not an equal one
  void await(Runnable then, CompletableFuture<?>... awaited) {
    answers = awaited;
    seen = false;
    var _ =
        CompletableFuture.allOf(awaited)
            .whenCompleteAsync(
                (_, _) -> {
                  if (answers == awaited) {
                    answers = NONE;
                    then.run();
                    afterwards.run();
                  }
                },
                thread);
  }

  /** Time passes: what is open for longer than that is given up. */
  void look(long nowNanos, long patienceNanos) {
    if (!isOpen()) {
      return;
    }
    if (!seen) {
      seen = true;
      seenNanos = nowNanos;
    } else if (nowNanos - seenNanos > patienceNanos) {
      giveUp();
    }
  }

  /** It has been open for too long: it is answered, with nothing. */
  void giveUp() {
    cancel(Unanswered.timedOut(), answers);
  }

  /** Nobody waits for an answer any more. */
  void drop(Unanswered why) {
    CompletableFuture<?>[] dropped = answers;
    answers = NONE;
    cancel(why, dropped);
  }

  /**
   * What is completed by such a reason counts as cancelled; whoever makes his own futures hears.
   */
  private static void cancel(Unanswered why, CompletableFuture<?>... futures) {
    for (CompletableFuture<?> future : futures) {
      future.completeExceptionally(why);
      future.cancel(false);
    }
  }
}
