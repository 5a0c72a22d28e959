package io.vmqtt.store.shard;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.ScopedName;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.storage.ShardStorage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the retained messages of some namespaces count for. They are in the tables alone, so those
 * of a namespace are looked through once, when it begins to be counted, and each change is counted
 * from then on. Used on the shard's thread.
 */
final class RetainedUse {
  static final int SLICE = 2_000;

  /** Behind all names of namespaces, which begin with U+0000. */
  private static final String FIRST_NAMELESS = "\u0001";

  private final ShardStorage storage;
  private final Map<Namespace, Count> counts = new HashMap<>();

  /** By topic: what is in the entry at hand, and not in the tables yet. */
  private final Map<String, Integer> uncommitted = new HashMap<>();

  RetainedUse(ShardStorage storage) {
    this.storage = storage;
  }

  /** What was counted of a namespace, and where to count on; null: it is complete. */
  private static final class Count {
    long bytes;
    @Nullable String next;

    Count(String first) {
      next = first;
    }

    /** Whether a topic lies before what is still to be counted. */
    boolean covers(String topic) {
      return next == null
          || Arrays.compareUnsigned(
                  topic.getBytes(StandardCharsets.UTF_8), next.getBytes(StandardCharsets.UTF_8))
              < 0;
    }
  }

  /** Counts those from now on, and no others. Not while an entry is being applied. */
  void count(Set<Namespace> namespaces) {
    counts.keySet().retainAll(namespaces);
    for (Namespace namespace : namespaces) {
      counts.computeIfAbsent(namespace, one -> new Count(firstOf(one)));
    }
  }

  /**
   * Looks through the next {@value #SLICE} messages of what is to be counted: nobody waits for more
   * than that. Not while an entry is being applied.
   *
   * @return whether there are more
   */
  boolean countOn() {
    for (Map.Entry<Namespace, Count> entry : counts.entrySet()) {
      if (entry.getValue().next != null) {
        countOn(entry.getKey(), entry.getValue());
        return counts.values().stream().anyMatch(count -> count.next != null);
      }
    }
    return false;
  }

  private void countOn(Namespace namespace, Count count) {
    String from = Objects.requireNonNull(count.next);
    int[] looked = {0};
    count.next = null;
    storage.scan(
        from,
        message -> {
          if (!namespace.isNameless() && !message.topic().startsWith(firstOf(namespace))) {
            return false;
          }
          if (looked[0]++ == SLICE) {
            count.next = message.topic();
            return false;
          }
          count.bytes += message.bytes();
          return true;
        });
  }

  private static String firstOf(Namespace namespace) {
    return namespace.isNameless() ? FIRST_NAMELESS : ScopedName.of(namespace, "");
  }

  /** A change is about to be staged. */
  void changes(Change.Retained change) {
    if (counts.isEmpty()) {
      return;
    }
    Namespace namespace = ScopedName.namespace(change.topic());
    Count count = counts.get(namespace);
    if (count != null && count.covers(change.topic())) {
      int now = change.publication() == null ? 0 : change.publication().bytes();
      Integer staged = uncommitted.put(change.topic(), now);
      count.bytes += now - (staged == null ? of(change.topic()) : staged);
    }
  }

  /** The entry is in the tables. */
  void committed() {
    uncommitted.clear();
  }

  /** What those of a namespace count for that is counted, as far as it is; else 0. */
  long of(Namespace namespace) {
    Count count = counts.get(namespace);
    return count == null ? 0 : count.bytes;
  }

  /** What the retained message of a topic counts for in the tables; 0: there is none. */
  int of(String topic) {
    return storage.retainedBytes(topic);
  }
}
