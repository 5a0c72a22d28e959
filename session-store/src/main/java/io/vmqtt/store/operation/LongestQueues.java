package io.vmqtt.store.operation;

import io.vmqtt.cluster.operation.ClientName;
import io.vmqtt.cluster.operation.LongQueues;
import io.vmqtt.cluster.operation.TopList;
import io.vmqtt.store.session.Session;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The longest queues of the sessions that are shown to it, and those that have lost the most.
 * Confined to the thread of one shard until all were shown.
 */
final class LongestQueues {
  private static final Comparator<TopList.Item> SHORTEST_FIRST =
      Comparator.comparingLong(TopList.Item::count);

  private final PriorityQueue<TopList.Item> longest = new PriorityQueue<>(SHORTEST_FIRST);
  private final PriorityQueue<TopList.Item> dropped = new PriorityQueue<>(SHORTEST_FIRST);

  private final @Nullable String namespace;

  /**
   * @param namespace the one that is of interest; null: all
   */
  LongestQueues(@Nullable String namespace) {
    this.namespace = namespace;
  }

  void look(Session session) {
    look(session, session.backlog().size(), longest);
    look(session, session.dropped(), dropped);
  }

  private void look(Session session, long count, PriorityQueue<TopList.Item> most) {
    TopList.Item least = most.peek();
    if (count == 0 || (most.size() == TopList.MOST && least != null && count <= least.count())) {
      return;
    }
    ClientName name = ClientName.of(session.header().clientId());
    if (namespace != null && !namespace.equals(name.namespace())) {
      return;
    }
    most.add(new TopList.Item(name.namespace(), name.clientId(), count));
    if (most.size() > TopList.MOST) {
      most.remove();
    }
  }

  /** The longest, and those that have lost the most, of those that any of them was shown. */
  static LongQueues merged(Collection<LongestQueues> shards) {
    return new LongQueues(
        most(shards.stream().flatMap(shard -> shard.longest.stream())),
        most(shards.stream().flatMap(shard -> shard.dropped.stream())));
  }

  private static List<TopList.Item> most(Stream<TopList.Item> items) {
    return items.sorted(SHORTEST_FIRST.reversed()).limit(TopList.MOST).toList();
  }
}
