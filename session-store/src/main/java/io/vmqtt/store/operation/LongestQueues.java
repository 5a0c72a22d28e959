package io.vmqtt.store.operation;

import io.vmqtt.cluster.operation.LongQueues;
import io.vmqtt.cluster.operation.TopList;
import io.vmqtt.model.ScopedName;
import io.vmqtt.store.session.Session;
import java.util.Collection;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The longest queues of the sessions that are shown to it. Confined to the thread of one shard
 * until all were shown.
 */
final class LongestQueues {
  private static final Comparator<TopList.Item> SHORTEST_FIRST =
      Comparator.comparingLong(TopList.Item::count);

  private final PriorityQueue<TopList.Item> longest = new PriorityQueue<>(SHORTEST_FIRST);

  private final @Nullable String namespace;

  /**
   * @param namespace the one that is of interest; null: all
   */
  LongestQueues(@Nullable String namespace) {
    this.namespace = namespace;
  }

  void look(Session session) {
    long queued = session.backlog().size();
    TopList.Item shortest = longest.peek();
    if (queued == 0
        || (longest.size() == TopList.MOST && shortest != null && queued <= shortest.count())) {
      return;
    }
    String scoped = session.header().clientId();
    String within = ScopedName.namespace(scoped).name();
    if (namespace != null && !namespace.equals(within)) {
      return;
    }
    longest.add(new TopList.Item(within, ScopedName.local(scoped), queued));
    if (longest.size() > TopList.MOST) {
      longest.remove();
    }
  }

  /** The longest of those that any of them was shown. */
  static LongQueues merged(Collection<LongestQueues> shards) {
    return new LongQueues(
        shards.stream()
            .flatMap(shard -> shard.longest.stream())
            .sorted(SHORTEST_FIRST.reversed())
            .limit(TopList.MOST)
            .toList());
  }
}
