package io.vmqtt.cluster.machine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One kind of warning about what may happen a million times: a line at most every ten seconds,
 * which tells how often it has happened since the last. For any thread.
 */
public final class OccasionalWarning {
  static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Logger log;
  private final String text;
  private final LongSupplier nanoTime;
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong nextNanos;

  /**
   * A warning.
   *
   * @param source whose log it is
   * @param text what happens, for people, such as {@code a connection was refused}; never a payload
   */
  public OccasionalWarning(Class<?> source, String text) {
    this(LoggerFactory.getLogger(source), text, System::nanoTime);
  }

  OccasionalWarning(Logger log, String text, LongSupplier nanoTime) {
    this.log = log;
    this.text = text;
    this.nanoTime = nanoTime;
    this.nextNanos = new AtomicLong(nanoTime.getAsLong());
  }

  /**
   * It has happened.
   *
   * @param which this time; said if this time is
   */
  public void happened(Object which) {
    count.incrementAndGet();
    long now = nanoTime.getAsLong();
    long next = nextNanos.get();
    if (now - next >= 0 && nextNanos.compareAndSet(next, now + PAUSE_NANOS)) {
      log.warn("{}: {} ({} times since this was last said)", text, which, count.getAndSet(0));
    }
  }
}
