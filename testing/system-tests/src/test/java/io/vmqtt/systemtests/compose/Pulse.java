package io.vmqtt.systemtests.compose;

import io.vmqtt.testkit.client.RecordingClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Publishes numbers at QoS 1, one after the other, until it is stopped. */
final class Pulse implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(250);

  private final RecordingClient publisher;
  private final String topic;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<String> published = new ArrayList<>();
  private final List<CompletableFuture<Void>> acknowledgements = new ArrayList<>();

  private Pulse(RecordingClient publisher, String topic) {
    this.publisher = publisher;
    this.topic = topic;
  }

  static Pulse start(RecordingClient publisher, String topic) {
    Pulse pulse = new Pulse(publisher, topic);
    var _ =
        pulse.clock.scheduleAtFixedRate(pulse::beat, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    return pulse;
  }

  private void beat() {
    String payload = Integer.toString(published.size());
    published.add(payload);
    acknowledgements.add(publisher.publishAsync(topic, payload, 1, false));
  }

  /**
   * Stops it, and waits until all is acknowledged.
   *
   * @return what it published, in order
   */
  List<String> stop() throws InterruptedException, ExecutionException, TimeoutException {
    close();
    CompletableFuture.allOf(acknowledgements.toArray(CompletableFuture<?>[]::new))
        .get(RecordingClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    return published;
  }

  @Override
  public void close() {
    clock.close();
  }
}
