package io.vmqtt.gateway.link;

import io.netty.util.collection.LongObjectHashMap;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to the {@link Numbers} of a lane. They come one after the other and have the lane in
 * their lowest byte: an open-addressing table that takes them as they are puts them into one long
 * run, and every removal goes through it. So they are spread first, which a multiplication by an
 * odd number does and keeps them apart.
 */
final class NumberMap<V> {
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private final LongObjectHashMap<V> values = new LongObjectHashMap<>();

  private static long spread(long number) {
    return number * SPREAD;
  }

  @Nullable V get(long number) {
    return values.get(spread(number));
  }

  boolean contains(long number) {
    return values.containsKey(spread(number));
  }

  void put(long number, V value) {
    values.put(spread(number), value);
  }

  @Nullable V remove(long number) {
    return values.remove(spread(number));
  }

  /** In no order. */
  Collection<V> values() {
    return values.values();
  }
}
