package io.vmqtt.store.session;

import java.util.NavigableMap;
import java.util.TreeMap;

/** Which publishes of QoS 2 one producer has made. */
final class SeenKeys {
  private final NavigableMap<Long, Long> seenAtMillis = new TreeMap<>();
  private long lowWater;

  /** A copy that comes late, from a router that slept, may be of a publish long forgotten. */
  boolean isDone(long sequence) {
    return sequence < lowWater || seenAtMillis.containsKey(sequence);
  }

  Iterable<Long> below(long sequence) {
    return seenAtMillis.headMap(sequence, false).keySet();
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

  void add(long sequence, long newLowWater, long atMillis) {
    seenAtMillis.put(sequence, atMillis);
    lowWater = Math.max(lowWater, newLowWater);
  }

  void remove(long sequence) {
    seenAtMillis.remove(sequence);
  }

  boolean isEmpty() {
    return seenAtMillis.isEmpty();
  }
}
