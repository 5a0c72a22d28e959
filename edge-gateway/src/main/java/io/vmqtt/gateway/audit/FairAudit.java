package io.vmqtt.gateway.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Passes events on, of each source so many at most: a client that is refused again and again must
 * not fill the disk, nor hide what others do. What was left out is counted, and told with the next
 * event of that source that is not. Of more sources than {@link #MOST_SOURCES} the one that was
 * quiet the longest is forgotten.
 */
public final class FairAudit implements Audit {
  static final int AT_ONCE = 100;
  static final int PER_SECOND = 5;
  static final int MOST_SOURCES = 10_000;

  private static final long NANOS_PER_EVENT = 1_000_000_000L / PER_SECOND;

  private final Sink sink;
  private final LongSupplier nanoClock;
  private final LongAdder leftOut = new LongAdder();

  // Guarded by itself.
  private final Map<Object, Source> sources = new LinkedHashMap<>(16, 0.75f, true);

  /** Where events go. */
  @FunctionalInterface
  public interface Sink {

    /**
     * Takes one.
     *
     * @param leftOut how many of its source were left out since the last one
     */
    void write(AuditEvent event, long leftOut);
  }

  private static final class Source {
    /** When all that it may have at once is there again. */
    long fullAtNanos;

    long leftOut;

    Source(long nowNanos) {
      this.fullAtNanos = nowNanos;
    }
  }

  /** Passes them on to {@code sink}. */
  public FairAudit(Sink sink, LongSupplier nanoClock) {
    this.sink = sink;
    this.nanoClock = nanoClock;
  }

  /** How many events were left out. */
  public long leftOut() {
    return leftOut.sum();
  }

  @Override
  public void record(AuditEvent event, Supplier<@Nullable String> rule) {
    long before = take(event.source());
    if (before < 0) {
      leftOut.increment();
    } else {
      sink.write(event.by(rule.get()), before);
    }
  }

  /** How many were left out since the last one; -1: this one is, too. */
  private long take(Object key) {
    long now = nanoClock.getAsLong();
    synchronized (sources) {
      Source source = sources.computeIfAbsent(key, absent -> new Source(now));
      if (sources.size() > MOST_SOURCES) {
        sources.remove(sources.keySet().iterator().next());
      }
      long full = Math.max(source.fullAtNanos - now, 0) + NANOS_PER_EVENT;
      if (full > AT_ONCE * NANOS_PER_EVENT) {
        source.leftOut++;
        return -1;
      }
      source.fullAtNanos = now + full;
      long before = source.leftOut;
      source.leftOut = 0;
      return before;
    }
  }
}
