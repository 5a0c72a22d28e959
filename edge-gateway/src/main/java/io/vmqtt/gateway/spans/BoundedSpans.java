package io.vmqtt.gateway.spans;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Spans that have ended, on their way to who collects them: {@link #MOST} wait at most, further
 * ones are dropped, and so are those that nobody takes; both are counted. Safe from any thread.
 */
final class BoundedSpans implements SpanProcessor {
  /** That wait, or are being sent. */
  static final int MOST = 4_096;

  private static final int AT_ONCE = 512;
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final AtomicInteger waiting = new AtomicInteger();
  private final Counter dropped;
  private final BatchSpanProcessor batches;

  BoundedSpans(SpanExporter exporter, MeterRegistry meters) {
    this.dropped =
        Counter.builder("vmqtt.gateway.spans.dropped")
            .description("spans of traced messages that nobody collected")
            .register(meters);
    Gauge.builder("vmqtt.gateway.spans.waiting", waiting, AtomicInteger::get)
        .description("spans of traced messages that wait for who collects them")
        .register(meters);
    this.batches =
        BatchSpanProcessor.builder(new Counted(exporter))
            .setMaxQueueSize(MOST)
            .setMaxExportBatchSize(AT_ONCE)
            .setScheduleDelay(BETWEEN)
            .build();
  }

  private final class Counted implements SpanExporter {
    private final SpanExporter exporter;

    private Counted(SpanExporter exporter) {
      this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      int count = spans.size();
      CompletableResultCode result = exporter.export(spans);
      result.whenComplete(
          () -> {
            waiting.addAndGet(-count);
            if (!result.isSuccess()) {
              dropped.increment(count);
            }
          });
      return result;
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    if (waiting.incrementAndGet() > MOST) {
      waiting.decrementAndGet();
      dropped.increment();
    } else {
      batches.onEnd(span);
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode forceFlush() {
    return batches.forceFlush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return batches.shutdown();
  }
}
