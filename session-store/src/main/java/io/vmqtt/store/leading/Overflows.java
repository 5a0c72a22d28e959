package io.vmqtt.store.leading;

import io.vmqtt.model.ScopedName;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.Session;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of sessions that lose messages because their queues are full: a line when it begins, and
 * one when the queue is down to three quarters of its bounds. Part of a leadership: the next leader
 * tells of those that still overflow. Used on the shard's thread.
 */
final class Overflows {
  private static final Logger log = LoggerFactory.getLogger(Overflows.class);

  private final int shard;
  private QueueLimits limits;

  /** How many messages a session has lost since it was told of, by its number. */
  private final Map<Long, Long> lost = new HashMap<>();

  Overflows(int shard, QueueLimits limits) {
    this.shard = shard;
    this.limits = limits;
  }

  /** The bounds are others from now on. */
  void decideBy(QueueLimits newLimits) {
    limits = newLimits;
  }

  /** A session has lost a message. */
  void dropped(Session session) {
    if (lost.merge(session.number(), 1L, Long::sum) == 1) {
      log.warn(
          "the queue of client {} is full with {} messages of {} bytes{}: from now on it loses the"
              + " oldest (shard {}, session {})",
          nameOf(session),
          session.backlog().size(),
          session.backlog().totalBytes(),
          limits.isFull(session.load(), true)
              ? ", as are all of its namespace with " + session.load().queueBytes()
              : "",
          shard,
          session.number());
    }
  }

  /** A message has left the queue of a session. */
  void dequeued(Session session) {
    Long messages = lost.get(session.number());
    if (messages != null
        && session.backlog().size() <= limits.maxMessages() / 4 * 3
        && session.backlog().totalBytes() <= limits.maxBytes() / 4 * 3
        && !limits.isFull(session.load(), true)) {
      lost.remove(session.number());
      log.info(
          "the queue of client {} has room again; {} messages were lost meanwhile",
          nameOf(session),
          messages);
    }
  }

  /** A session is over. */
  void ended(long session) {
    lost.remove(session);
  }

  /** How many sessions have full queues that lose messages. */
  int count() {
    return lost.size();
  }

  /** Fit for a line of a log. */
  private static String nameOf(Session session) {
    return ScopedName.readable(session.header().clientId());
  }
}
