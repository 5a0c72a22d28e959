package io.vmqtt.store.session;

import io.vmqtt.model.PublishKey;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which publishes one producer has made in its latest epoch. */
final class SeenKeys {
  private final NavigableMap<Long, Long> seenAtMillis = new TreeMap<>();
  private long lowWater;
  private long epoch;

  long epoch() {
    return epoch;
  }

  long lowWater() {
    return lowWater;
  }

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

  /** The first of a later epoch puts an end to all before it. */
  void add(PublishKey key, long atMillis) {
    if (key.epoch() > epoch) {
      epoch = key.epoch();
      lowWater = 0;
    }
    seenAtMillis.put(key.sequence(), atMillis);
    lowWater = Math.max(lowWater, Math.min(key.lowWater(), key.sequence()));
  }

  void remove(long sequence) {
    seenAtMillis.remove(sequence);
  }

  boolean isEmpty() {
    return seenAtMillis.isEmpty();
  }
}
