package io.vmqtt.cluster.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * How long something takes, as a histogram with the same few buckets everywhere. To record costs
 * some hundred nanoseconds and allocates nothing; for what happens with every message there is
 * {@link Sampler}.
 */
public final class Latency {
  /** Upper bounds: 100 µs to 10 s, in steps of 1, 2.5 and 5. */
  private static final Duration[] BUCKETS =
      LongStream.of(
              100,
              250,
              500,
              1_000,
              2_500,
              5_000,
              10_000,
              25_000,
              50_000,
              100_000,
              250_000,
              500_000,
              1_000_000,
              2_500_000,
              5_000_000,
              10_000_000)
          .mapToObj(micros -> Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros)))
          .toArray(Duration[]::new);

  private final Timer timer;

  private Latency(Timer timer) {
    this.timer = timer;
  }

  /** Registers one. */
  public static Latency register(MeterRegistry registry, String name) {
    return register(registry, name, Tags.empty());
  }

  /** Registers one with tags. */
  public static Latency register(MeterRegistry registry, String name, Tags tags) {
    return new Latency(
        Timer.builder(name).tags(tags).serviceLevelObjectives(BUCKETS).register(registry));
  }

  /** Wall clock, microseconds since 1970: to measure between machines. */
  public static long wallMicros() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toMicros(now.getEpochSecond())
        + TimeUnit.NANOSECONDS.toMicros(now.getNano());
  }

  /**
   * It took so long; by any thread. Clocks of two machines differ: less than nothing is nothing.
   */
  public void record(long nanos) {
    timer.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }
}
