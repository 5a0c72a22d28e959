package io.vmqtt.store.leading;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How much the quotas of namespaces have kept out of the shards of this process. Any thread. */
public final class NamespaceRefusals {
  /** The quotas that shards keep. */
  public static final List<Quota> KEPT_HERE =
      List.of(Quota.SESSIONS, Quota.RETAINED_BYTES, Quota.QUEUE_BYTES);

  private final Map<Key, LongAdder> counters = new ConcurrentHashMap<>();

  private record Key(Namespace namespace, Quota quota) {}

  /** Something was kept out. */
  public void count(Namespace namespace, Quota quota) {
    counters.computeIfAbsent(new Key(namespace, quota), absent -> new LongAdder()).increment();
  }

  public double of(Namespace namespace, Quota quota) {
    LongAdder counter = counters.get(new Key(namespace, quota));
    return counter == null ? 0 : counter.doubleValue();
  }
}
