package io.vmqtt.testkit.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what a broker answers. */
final class Answers {

  private Answers() {}

  /** The answer, or an {@link AssertionError} that says what did not come. */
  static <T> T await(CompletableFuture<T> answer, String what) {
    try {
      return answer.get(RecordingClient.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(what + " did not come within " + RecordingClient.PATIENCE, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ConnectRefusedException refused) {
        throw refused;
      }
      throw new AssertionError(what + " did not come: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + what, e);
    }
  }
}
