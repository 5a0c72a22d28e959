package io.vmqtt.store.session;

import java.util.NavigableMap;
import java.util.TreeMap;

/** Which publishes of QoS 2 one producer has made. */
final class SeenKeys {
  private final NavigableMap<Long, Long> seenAtMillis = new TreeMap<>();

  boolean contains(long sequence) {
    return seenAtMillis.containsKey(sequence);
  }

  Iterable<Long> below(long lowWater) {
    return seenAtMillis.headMap(lowWater, false).keySet();
  }

  Iterable<Long> all() {
    return seenAtMillis.keySet();
  }

  /** When the latest of them was made. */
  long lastSeenAtMillis() {
    long last = 0;
    for (long at : seenAtMillis.values()) {
      last = Math.max(last, at);
    }
    return last;
  }

  void add(long sequence, long atMillis) {
    seenAtMillis.put(sequence, atMillis);
  }

  void remove(long sequence) {
    seenAtMillis.remove(sequence);
  }

  boolean isEmpty() {
    return seenAtMillis.isEmpty();
  }
}
