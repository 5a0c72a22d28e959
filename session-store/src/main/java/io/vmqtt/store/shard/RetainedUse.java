package io.vmqtt.store.shard;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.ScopedName;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.storage.ShardStorage;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the retained messages of some namespaces count for. They are in the tables alone, so those
 * of a namespace are looked through once, when it begins to be counted, and each change is counted
 * from then on. Used on the shard's thread.
 */
final class RetainedUse {
  /** Behind all names of namespaces, which begin with U+0000. */
  private static final String FIRST_NAMELESS = "\u0001";

  private final ShardStorage storage;
  private final Map<Namespace, Long> bytes = new HashMap<>();

  /** By topic: what is in the entry at hand, and not in the tables yet. */
  private final Map<String, Integer> uncommitted = new HashMap<>();

  RetainedUse(ShardStorage storage) {
    this.storage = storage;
  }

  /** Counts those from now on, and no others. Not while an entry is being applied. */
  void count(Set<Namespace> namespaces) {
    bytes.keySet().retainAll(namespaces);
    for (Namespace namespace : namespaces) {
      if (!bytes.containsKey(namespace)) {
        bytes.put(namespace, storedBytes(namespace));
      }
    }
  }

  private long storedBytes(Namespace namespace) {
    String first = namespace.isNameless() ? FIRST_NAMELESS : ScopedName.of(namespace, "");
    long[] sum = {0};
    storage.scan(
        first,
        message -> {
          boolean isOfIt = namespace.isNameless() || message.topic().startsWith(first);
          sum[0] += isOfIt ? message.bytes() : 0;
          return isOfIt;
        });
    return sum[0];
  }

  /** A change is about to be staged. */
  void changes(Change.Retained change) {
    if (bytes.isEmpty()) {
      return;
    }
    Namespace namespace = ScopedName.namespace(change.topic());
    Long before = bytes.get(namespace);
    if (before != null) {
      int now = change.publication() == null ? 0 : change.publication().bytes();
      Integer staged = uncommitted.put(change.topic(), now);
      bytes.put(namespace, before + now - (staged == null ? of(change.topic()) : staged));
    }
  }

  /** The entry is in the tables. */
  void committed() {
    uncommitted.clear();
  }

  /** What those of a namespace count for that is counted; else 0. */
  long of(Namespace namespace) {
    return bytes.getOrDefault(namespace, 0L);
  }

  /** What the retained message of a topic counts for in the tables; 0: there is none. */
  int of(String topic) {
    return storage.retainedBytes(topic);
  }
}
