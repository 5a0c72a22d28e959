package io.vmqtt.registry.alarms;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.alarms.AlarmEvent;
import io.vmqtt.cluster.metrics.EventCounter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells somebody of alarms by POST, one after the other, in their order. An event that is not taken
 * is tried again, with pauses that double, and given up after the last; while that lasts the others
 * wait, and those for which there is no room are dropped. Both are counted.
 */
public final class Webhook implements Consumer<AlarmEvent>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Webhook.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_WAITING = 1_000;
  private static final int TRIES = 5;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final WebhookTerms terms;
  private final Duration firstPause;
  private final Duration timeout;
  private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final EventCounter sent;
  private final EventCounter failed;
  private final EventCounter dropped;
  private final HttpClient client;
  private final Thread worker =
      Thread.ofVirtual().name("alarm-webhook").unstarted(this::sendUntilClosed);

  /** Whether the last event was given up; of the worker alone. */
  private boolean failing;

  /**
   * What is sent.
   *
   * @param event {@code raised} or {@code cleared}
   */
  @JsonInclude
  record Event(String event, AlarmEntry alarm) {}

  /**
   * @param firstPause after the first try; each further one is twice as long
   */
  public Webhook(WebhookTerms terms, Duration firstPause, MeterRegistry meters) {
    this(terms, firstPause, TIMEOUT, meters);
  }

  /**
   * @param timeout for all of an answer, its body included
   */
  Webhook(WebhookTerms terms, Duration firstPause, Duration timeout, MeterRegistry meters) {
    this.terms = terms;
    this.firstPause = firstPause;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.sent =
        EventCounter.register(
            meters, "vmqtt.alarms.webhook.sent", "alarms raised and cleared that were told");
    this.failed =
        EventCounter.register(
            meters, "vmqtt.alarms.webhook.failed", "those that were not taken, for all tries");
    this.dropped =
        EventCounter.register(
            meters, "vmqtt.alarms.webhook.dropped", "those that were not tried: too many waited");
    Gauge.builder("vmqtt.alarms.webhook.waiting", waiting, BlockingQueue::size)
        .description("alarms raised and cleared that wait to be told")
        .register(meters);
    worker.start();
  }

  @Override
  public void accept(AlarmEvent event) {
    if (!waiting.offer(
        new Event(event.isRaised() ? "raised" : "cleared", AlarmEntry.of(event.alarm())))) {
      dropped.increment();
    }
  }

  private void sendUntilClosed() {
    try {
      while (closed.getCount() > 0) {
        send(waiting.take());
      }
    } catch (InterruptedException _) {
      // It is closed.
    }
  }

  private void send(Event event) throws InterruptedException {
    Duration pause = firstPause;
    String refusal = "";
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      refusal = tried(event);
      if (refusal.isEmpty()) {
        sent.increment();
        failing = false;
        return;
      }
      log.debug("{} does not take {}: {}", terms.url().getHost(), event, refusal);
      if (attempt < TRIES && closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      pause = pause.multipliedBy(2);
    }
    if (!failing) { // the counter tells of the others
      log.warn("{} does not take alarms: {}", terms.url().getHost(), refusal);
      failing = true;
    }
    failed.increment();
  }

  /** Why it was not taken; empty: it was. */
  private String tried(Event event) throws InterruptedException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(terms.url())
              .timeout(timeout)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(event)));
      Path token = terms.tokenFile();
      if (token != null) {
        request.header("Authorization", "Bearer " + firstLine(token));
      }
      int status = status(request.build());
      return status / 100 == 2 ? "" : "status " + status;
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause());
    } catch (TimeoutException _) {
      return "no whole answer within " + timeout;
    } catch (IOException | RuntimeException e) {
      return e.toString();
    }
  }

  /** The timeout of a request ends with the headers of its answer: the body needs another. */
  private int status(HttpRequest request)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } finally {
      answer.cancel(true);
    }
  }

  /** Read for each: it may be replaced at any time. */
  private static String firstLine(Path file) throws IOException {
    return Files.readString(file).lines().findFirst().orElse("").strip();
  }

  @Override
  public void close() {
    closed.countDown();
    worker.interrupt();
    client.shutdownNow();
  }
}
