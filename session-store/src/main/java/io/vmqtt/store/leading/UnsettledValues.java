package io.vmqtt.store.leading;

import io.vmqtt.model.PublishKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Retained messages that are committed, and that some of their subscribers do not have yet. A
 * newcomer must not read one of them: it could hear, after it, of values that were published
 * before. Bounded by what routers may have under way. Used on the shard's thread.
 */
final class UnsettledValues {
  /**
   * Whose router has failed is published again by its gateway before that. Nobody waits longer: a
   * destination may be away for good.
   */
  static final long PATIENCE_MILLIS = 10_000;

  /**
   * More than publishers have under way that may send again. Forgotten ones are delivered again.
   */
  private static final int MAX_SETTLED = 65_536;

  /** A router's number of a publish. */
  private record Id(long router, long sequence) {}

  private record Value(String topic, @Nullable Name name, long sinceMillis, List<Reader> readers) {}

  /** A publish, whichever way it came. */
  private record Name(long producer, long epoch, long sequence) {
    static @Nullable Name of(@Nullable PublishKey key) {
      return key == null ? null : new Name(key.producer(), key.epoch(), key.sequence());
    }
  }

  /** Somebody who waits for some of them. */
  private static final class Reader {
    private final Runnable then;
    private int waitsFor;

    private Reader(Runnable then) {
      this.then = then;
    }
  }

  /** In the order of their commits. */
  private final Map<Id, Value> values = new LinkedHashMap<>();

  private final Map<String, List<Id>> byTopic = new HashMap<>();

  /** The publishes that were settled last. */
  private final Set<Name> settled = new LinkedHashSet<>();

  int size() {
    return values.size();
  }

  /**
   * A value is committed. If it was before, on the way through a router that has failed, it is that
   * router's no more.
   */
  void add(long router, long sequence, String topic, @Nullable PublishKey key, long uptimeMillis) {
    Id id = new Id(router, sequence);
    Name name = Name.of(key);
    Value added = new Value(topic, name, uptimeMillis, new ArrayList<>(1));
    for (Id other : List.copyOf(byTopic.getOrDefault(topic, List.of()))) {
      Value value = values.get(other);
      if (value != null && (other.equals(id) || (name != null && name.equals(value.name)))) {
        added.readers.addAll(value.readers);
        remove(other, topic);
      }
    }
    values.put(id, added);
    byTopic.computeIfAbsent(topic, absent -> new ArrayList<>(2)).add(id);
  }

  /** Its subscribers have it. */
  void settled(long router, long sequence) {
    Id id = new Id(router, sequence);
    Value value = values.get(id);
    if (value != null && value.name != null) {
      settled.add(value.name);
      if (settled.size() > MAX_SETTLED) {
        settled.remove(settled.iterator().next());
      }
    }
    settle(id);
  }

  /**
   * Whether this publish, which has come again, is known to have reached its subscribers. Who has
   * subscribed since would take it for a new one.
   */
  boolean wasSettled(@Nullable PublishKey key) {
    Name name = Name.of(key);
    return name != null && settled.contains(name);
  }

  /** Runs {@code then} once every value of these topics that is there now is settled. */
  void whenSettled(Set<String> topics, Runnable then) {
    Reader reader = new Reader(then);
    if (!values.isEmpty()) {
      for (String topic : topics) {
        for (Id id : byTopic.getOrDefault(topic, List.of())) {
          Value value = values.get(id);
          if (value != null) {
            reader.waitsFor++;
            value.readers.add(reader);
          }
        }
      }
    }
    if (reader.waitsFor == 0) {
      then.run();
    }
  }

  /** Time goes by. */
  void tick(long uptimeMillis) {
    while (!values.isEmpty()) {
      Map.Entry<Id, Value> oldest = values.entrySet().iterator().next();
      if (uptimeMillis - oldest.getValue().sinceMillis < PATIENCE_MILLIS) {
        return;
      }
      settle(oldest.getKey());
    }
  }

  private void remove(Id id, String topic) {
    values.remove(id);
    List<Id> ofTopic = byTopic.get(topic);
    if (ofTopic != null) {
      ofTopic.remove(id);
      if (ofTopic.isEmpty()) {
        byTopic.remove(topic);
      }
    }
  }

  private void settle(Id id) {
    Value value = values.get(id);
    if (value == null) {
      return;
    }
    remove(id, value.topic);
    for (Reader reader : value.readers) {
      if (--reader.waitsFor == 0) {
        reader.then.run();
      }
    }
  }
}
