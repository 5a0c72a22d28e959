package io.vmqtt.testkit.client;

import com.hivemq.client.mqtt.MqttClientState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** Waits for what a broker answers. */
final class Answers {

  private Answers() {}

  /** A client reports its end a moment before it may connect again. */
  static void awaitDisconnected(Supplier<MqttClientState> state) {
    Awaitility.await()
        .atMost(RecordingClient.PATIENCE)
        .until(() -> state.get() == MqttClientState.DISCONNECTED);
  }

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
