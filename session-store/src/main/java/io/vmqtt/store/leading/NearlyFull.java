package io.vmqtt.store.leading;

import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.Session;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions whose queues are near their bounds, of all leaders of a process: from seven eighths
 * of a bound on, until the queue is down to three quarters. Changed on the threads of shards, read
 * by any.
 *
 * <p>Bounded: of more than {@link #MOST} at a time the rest is not known here, which changes
 * nothing for them. A leader knows those that have got a message since it leads.
 */
public final class NearlyFull {
  static final int MOST = 10_000;

  private final Set<Place> sessions = ConcurrentHashMap.newKeySet();

  /** A session, and in which leadership it was seen. */
  private record Place(int shard, long term, long session) {}

  /** The queue of a session is longer. */
  void queued(int shard, long term, Session session, QueueLimits limits) {
    if (isBeyond(session, limits, 7, 8) && sessions.size() < MOST) {
      sessions.add(new Place(shard, term, session.number()));
    }
  }

  /** The queue of a session is shorter. */
  void shorter(int shard, long term, Session session, QueueLimits limits) {
    if (!isEmpty() && !isBeyond(session, limits, 3, 4)) {
      ended(shard, term, session.number());
    }
  }

  /** A session is over. */
  void ended(int shard, long term, long session) {
    if (!isEmpty()) {
      sessions.remove(new Place(shard, term, session));
    }
  }

  boolean isEmpty() {
    return sessions.isEmpty();
  }

  private static boolean isBeyond(Session session, QueueLimits limits, int part, int of) {
    return session.backlog().size() >= Math.ceilDiv((long) limits.maxMessages() * part, of)
        || session.backlog().totalBytes() > limits.maxBytes() / of * part;
  }

  /**
   * How many there are in each of the shards that are led here.
   *
   * @param terms of their leaderships: what others have seen is forgotten
   */
  public Map<Integer, Integer> of(Map<Integer, Long> terms) {
    sessions.removeIf(
        place ->
            place.term() < Objects.requireNonNullElse(terms.get(place.shard()), Long.MAX_VALUE));
    Map<Integer, Integer> counts = new TreeMap<>();
    for (Place place : sessions) {
      counts.merge(place.shard(), 1, Integer::sum);
    }
    return counts;
  }
}
