package io.vmqtt.gateway.trace;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;

/**
 * What happened most often lately, in memory that does not grow with how much happens: a sketch of
 * this minute, and that of the one before. Confined to one event loop.
 *
 * @param <T> what is counted
 */
final class RecentCounts<T> {
  /** So long is counted in one sketch. */
  static final long PART_NANOS = 60_000_000_000L;

  /** Names in each; the rarest give way. */
  private static final int MOST_NAMES = 1_024;

  private final LongSupplier nanoClock;
  private ItemsSketch<T> now = new ItemsSketch<>(MOST_NAMES);
  private ItemsSketch<T> before = new ItemsSketch<>(MOST_NAMES);
  private long beganNanos;

  RecentCounts(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.beganNanos = nanoClock.getAsLong();
  }

  void add(T one, int times) {
    turn();
    now.update(one, times);
  }

  private void turn() {
    long since = nanoClock.getAsLong() - beganNanos;
    if (since < PART_NANOS) {
      return;
    }
    before = since < 2 * PART_NANOS ? now : new ItemsSketch<>(MOST_NAMES);
    now = new ItemsSketch<>(MOST_NAMES);
    beganNanos += since / PART_NANOS * PART_NANOS;
  }

  /** Adds what was counted in the last one to two minutes to a sketch of somebody else's. */
  void addTo(ItemsSketch<T> all) {
    turn();
    all.merge(before);
    all.merge(now);
  }

  /** Where several of them are put together. */
  static <T> ItemsSketch<T> sum() {
    return new ItemsSketch<>(2 * MOST_NAMES);
  }

  /** What is in a sum with how often at least, the most first. */
  static <T> Stream<Map.Entry<T, Long>> most(ItemsSketch<T> sum) {
    return Arrays.stream(sum.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES))
        .filter(row -> row.getLowerBound() > 0)
        .map(row -> Map.entry(row.getItem(), row.getLowerBound()))
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()));
  }
}
