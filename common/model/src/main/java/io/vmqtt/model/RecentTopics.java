package io.vmqtt.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which topics have had a message lately. A reader of retained messages takes a {@link #mark}
 * before it asks for one; where a live message of the topic has come since, what was read is of
 * before it and is not to follow it. Bounded: what is forgotten is known to be, and then the reader
 * asks again. Confined to one thread.
 */
public final class RecentTopics {
  private static final float LOAD_FACTOR = 0.75f;

  private final Map<String, Long> lastByTopic;
  private long last;
  private long forgottenThrough;

  /** A memory of so many topics. */
  public RecentTopics(int capacity) {
    lastByTopic =
        new LinkedHashMap<>(16, LOAD_FACTOR, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            boolean tooMany = size() > capacity;
            if (tooMany) {
              forgottenThrough = Math.max(forgottenThrough, eldest.getValue());
            }
            return tooMany;
          }
        };
  }

  /** A topic has a message. */
  public void add(String topic) {
    lastByTopic.put(topic, ++last);
  }

  /** The present, for later questions. */
  public long mark() {
    return last;
  }

  /** Whether nothing that came after the mark is forgotten. */
  public boolean remembers(long mark) {
    return mark >= forgottenThrough;
  }

  /** Whether the topic has had a message since the mark, as far as is remembered. */
  public boolean hasHadSince(long mark, String topic) {
    Long at = lastByTopic.get(topic);
    return at != null && at > mark;
  }
}
