package io.vmqtt.gateway.operation;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.vmqtt.cluster.operation.TopList;
import io.vmqtt.cluster.operation.TopQuery;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The topics that most is published to as metrics, a series each: those of the latest count take
 * the place of those before, so that there are never more. Counted for two seconds of ten, in the
 * same way as when an operator asks.
 */
public final class TopMetrics implements AutoCloseable {
  /** Series at a time. */
  static final int MOST = 10;

  /** A longer topic is cut: what reads metrics keeps each of them for long. */
  static final int MOST_CHARACTERS = 256;

  private static final int COUNTING_SECONDS = 2;
  private static final int PAUSE_SECONDS = 8;
  private static final double MILLIS = 1_000;

  private final TopCount count;
  private final MultiGauge topics;
  private volatile boolean closed;

  TopMetrics(TopCount count, MeterRegistry registry) {
    this.count = count;
    this.topics =
        MultiGauge.builder("vmqtt.gateway.top.topics")
            .description("messages in a second to each of the ten topics that get the most")
            .register(registry);
  }

  /** Counts for the first time; then again and again, until it is closed. */
  void start() {
    Executor afterPause = CompletableFuture.delayedExecutor(PAUSE_SECONDS, TimeUnit.SECONDS);
    var _ =
        count
            .count(new TopQuery(COUNTING_SECONDS, null))
            .handle((found, failure) -> found)
            .thenAccept(this::show)
            .whenCompleteAsync((all, failure) -> again(), afterPause);
  }

  private void again() {
    if (!closed) {
      start();
    }
  }

  /** Those of a count; null: it failed, and nothing is known of this time. */
  void show(@Nullable TopList found) {
    Map<Tags, Double> rows = new LinkedHashMap<>();
    if (found != null && !closed) {
      double seconds = Math.max(1, found.millis()) / MILLIS;
      for (TopList.Item one : found.topics().stream().limit(MOST).toList()) {
        String topic = one.name();
        Tags tags =
            Tags.of("namespace", one.namespace())
                .and("topic", topic.substring(0, Math.min(topic.length(), MOST_CHARACTERS)));
        rows.merge(tags, one.count() / seconds, Double::sum);
      }
    }
    List<MultiGauge.Row<?>> all =
        rows.entrySet().stream()
            .<MultiGauge.Row<?>>map(row -> MultiGauge.Row.of(row.getKey(), row.getValue()))
            .toList();
    topics.register(all, true);
  }

  @Override
  public void close() {
    closed = true;
    topics.register(List.of(), true);
  }
}
