package io.vmqtt.store.session;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which routes lead to sessions whose queues are full, or those of their namespace, where such a
 * bound refuses new messages: routers must know before they give a message to anybody. What the
 * leader of a shard keeps beside the state; used on the shard's thread.
 */
public final class FullSessions {
  private final ShardState state;
  private QueueLimits limits;

  /** By full session: the routes of its subscriptions at QoS 1 and 2. */
  private final Map<Long, Set<RouteKey>> full = new HashMap<>();

  /** The namespaces whose queues are full. */
  private final Set<Namespace> fullNamespaces = new HashSet<>();

  private final Map<RouteKey, Integer> counts = new HashMap<>();
  private final Set<RouteKey> changed = new HashSet<>();

  /** Looks at all sessions. */
  public FullSessions(ShardState state, QueueLimits limits) {
    this.state = state;
    this.limits = limits;
    lookAtAll();
  }

  /** The bounds are others from now on. */
  public void decideBy(QueueLimits newLimits) {
    limits = newLimits;
    fullNamespaces.clear();
    lookAtAll();
  }

  private void lookAtAll() {
    if (limits.refusesBefore()) {
      state.sessions().forEach(session -> lookAtNamespace(session.load()));
      state.sessions().forEach(session -> look(session.number()));
    }
  }

  /** Something of the session's queue has changed, in the state already. */
  public void queueChanged(long number) {
    Session session = state.session(number);
    if (!limits.refusesBefore() || session == null) {
      return;
    }
    if (lookAtNamespace(session.load())) {
      lookAtSessionsOf(session.load());
    }
    if (isFull(session) != full.containsKey(number)) {
      look(number);
    }
  }

  /** Whether that has become full, or is so no longer. */
  private boolean lookAtNamespace(NamespaceLoad load) {
    if (limits.namespaceBytes().isEmpty()) {
      return false;
    }
    boolean was = fullNamespaces.contains(load.namespace());
    boolean is = limits.isFull(load, was);
    if (is && !was) {
      fullNamespaces.add(load.namespace());
    } else if (was && !is) {
      fullNamespaces.remove(load.namespace());
    }
    return is != was;
  }

  private void lookAtSessionsOf(NamespaceLoad load) {
    for (Session session : state.sessions()) {
      if (session.load().namespace().equals(load.namespace())) {
        look(session.number());
      }
    }
  }

  /** The session has other subscriptions, or is over, in the state already. */
  public void subscriptionsChanged(long number) {
    if (full.containsKey(number)) {
      look(number);
    }
    for (Namespace namespace : List.copyOf(fullNamespaces)) {
      Session session = state.session(number);
      if (lookAtNamespace(state.load(namespace))) {
        lookAtSessionsOf(state.load(namespace));
      } else if (session != null && session.load().namespace().equals(namespace)) {
        look(number);
      }
    }
  }

  /** Whether a message of QoS 1 or 2 must not go that way. */
  public boolean isFull(RouteKey key) {
    int sessions = counts.getOrDefault(key, 0);
    return key.group().isEmpty()
        ? sessions > 0
        : sessions > 0 && sessions == state.routes().getOrDefault(key, 0);
  }

  /** Takes the routes of which that may have changed since the last call. */
  public Set<RouteKey> takeChanged() {
    if (changed.isEmpty()) {
      return Set.of();
    }
    Set<RouteKey> taken = new HashSet<>(changed);
    changed.clear();
    return taken;
  }

  private boolean isFull(Session session) {
    Backlog backlog = session.backlog();
    boolean already = full.containsKey(session.number());
    return limits.isFull(backlog.size(), backlog.totalBytes(), already)
        || (!fullNamespaces.isEmpty() && fullNamespaces.contains(session.load().namespace()));
  }

  private void look(long number) {
    Session session = state.session(number);
    Set<RouteKey> now = new HashSet<>();
    if (session != null && isFull(session)) {
      for (Subscriber subscriber : session.subscriptions()) {
        if (subscriber.terms().maximumQos() != Qos.AT_MOST_ONCE) {
          now.add(RouteKey.of(subscriber.terms().filter()));
        }
      }
      count(full.put(number, now), -1);
      count(now, 1);
    } else {
      count(full.remove(number), -1);
    }
  }

  private void count(@Nullable Set<RouteKey> keys, int difference) {
    if (keys != null) {
      keys.forEach(key -> counts.merge(key, difference, (a, b) -> a + b == 0 ? null : a + b));
      changed.addAll(keys);
    }
  }
}
