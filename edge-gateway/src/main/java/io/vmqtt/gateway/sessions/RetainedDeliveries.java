package io.vmqtt.gateway.sessions;

import io.vmqtt.cluster.placement.Shards;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.TopicFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The retained messages that a session has coming to it, for all of its new subscriptions. Bounded
 * by the subscriptions that it makes. Confined to the lane's thread.
 */
final class RetainedDeliveries {
  /** So many shards are read at once: each may keep a little for the client. */
  private static final int READ_AT_ONCE = 4;

  /** So many topics are asked for in one request. */
  private static final int TOPICS_AT_ONCE = RetainedReading.PAGE_MESSAGES;

  private final LaneSession session;
  private final Deque<RetainedReading> waiting = new ArrayDeque<>();
  private final List<RetainedReading> open = new ArrayList<>(READ_AT_ONCE);

  /** What they are for, and what was before it, until all of them are over. */
  private final Set<TopicFilter> coming = new HashSet<>();

  private boolean proceeding;

  RetainedDeliveries(LaneSession session) {
    this.session = session;
  }

  /** These subscriptions are in force, and are to get what is retained. */
  void add(List<Subscription> subscriptions, int shards) {
    for (Subscription one : subscriptions) {
      drop(one.filter());
      coming.add(one.filter());
    }
    Map<Integer, List<Subscription>> topicsByShard = new TreeMap<>();
    for (Subscription one : subscriptions) {
      if (one.filter().hasWildcard()) {
        for (int shard = 0; shard < shards; shard++) {
          waiting.addLast(RetainedReading.ofFilter(session, shard, one));
        }
      } else {
        List<Subscription> ofShard =
            topicsByShard.computeIfAbsent(
                Shards.shardOf(one.filter().filter(), shards), absent -> new ArrayList<>());
        ofShard.add(one);
        if (ofShard.size() == TOPICS_AT_ONCE) {
          readTopics(Shards.shardOf(one.filter().filter(), shards), ofShard);
          ofShard.clear();
        }
      }
    }
    topicsByShard.forEach(this::readTopics);
    proceed();
  }

  private void readTopics(int shard, List<Subscription> topics) {
    if (!topics.isEmpty()) {
      waiting.addLast(RetainedReading.ofTopics(session, shard, topics));
    }
  }

  /** This subscription gets nothing any more of what it had coming. */
  void drop(TopicFilter filter) {
    if (coming.remove(filter)) {
      open.forEach(reading -> reading.drop(filter));
      waiting.forEach(reading -> reading.drop(filter));
    }
  }

  /** The session is over: what is on pages is let go. */
  void end() {
    open.forEach(RetainedReading::end);
  }

  /** Whether a page is here or on its way. */
  boolean hasPage() {
    return open.stream().anyMatch(RetainedReading::hasPage);
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** The client may have room for more; to be called now and then, too. */
  void proceed() {
    if (proceeding) {
      return;
    }
    proceeding = true;
    boolean moved = true;
    while (moved && !session.ended) {
      open.forEach(RetainedReading::proceed);
      moved = open.removeIf(RetainedReading::isOver);
      while (open.size() < READ_AT_ONCE && !waiting.isEmpty()) {
        open.add(waiting.removeFirst());
        moved = true;
      }
    }
    proceeding = false;
    if (open.isEmpty()) {
      coming.clear();
    }
    session.siblings.hasRetainedOpen(this, !open.isEmpty() && !session.ended);
  }
}
