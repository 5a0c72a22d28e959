package io.vmqtt.store.shard;

import io.vmqtt.proto.routing.v1.RouteChange;
import io.vmqtt.proto.routing.v1.RouteUpdate;
import io.vmqtt.store.session.RouteKey;
import io.vmqtt.store.session.ShardState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells routers the routes of a shard, and knows when all of them have them. Part of a leadership:
 * versions start with its term, so those of a later leader are higher. Used on the shard's thread.
 */
final class RouteFeed {
  private static final int CHANGES_PER_PIECE = 1000;

  private final ShardState state;
  private final long leaseMillis;
  private final Map<RouterPort, Long> appliedBy = new LinkedHashMap<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  /** Routers in discovery without a link, and until when they are waited for. */
  private final Map<String, Long> expected = new HashMap<>();

  private Set<String> discovered = Set.of();
  private long version;

  private record Waiting(long version, Runnable action) {}

  /**
   * @param lastVersion the highest that this replica has announced before
   */
  RouteFeed(long term, long lastVersion, ShardState state, long leaseMillis) {
    this.version = Math.max(term << 32, lastVersion) + 1;
    this.state = state;
    this.leaseMillis = leaseMillis;
  }

  /** A router has a link: it gets all routes. */
  void up(RouterPort port) {
    appliedBy.put(port, 0L);
    expected.remove(port.nodeId());
    List<RouteChange> piece = new ArrayList<>();
    boolean first = true;
    for (Map.Entry<RouteKey, Integer> route : state.routes().entrySet()) {
      if (piece.size() == CHANGES_PER_PIECE) {
        port.routes(update(piece, first, true));
        piece.clear();
        first = false;
      }
      piece.add(change(route.getKey(), route.getValue()));
    }
    port.routes(update(piece, first, false));
  }

  /**
   * A router's link is gone. It may serve for a while before it notices, with the routes that it
   * has: it is waited for until it must have noticed, and then sends this shard everything.
   */
  void down(RouterPort port, long nowMillis) {
    if (appliedBy.remove(port) != null && discovered.contains(port.nodeId())) {
      expect(port.nodeId(), nowMillis);
    }
    settle();
  }

  /** These routers are in discovery. */
  void routers(Set<String> nodeIds, long nowMillis) {
    expected.keySet().retainAll(nodeIds);
    for (String nodeId : nodeIds) {
      if (!discovered.contains(nodeId)) {
        expect(nodeId, nowMillis);
      }
    }
    discovered = Set.copyOf(nodeIds);
    settle();
  }

  private void expect(String nodeId, long nowMillis) {
    if (appliedBy.keySet().stream().noneMatch(port -> port.nodeId().equals(nodeId))) {
      expected.put(nodeId, nowMillis + leaseMillis);
    }
  }

  /** Tells what has changed in the state since the last call. */
  void announce(Collection<RouterPort> ports) {
    Set<RouteKey> changed = state.takeChangedRoutes();
    if (changed.isEmpty()) {
      return;
    }
    version++;
    List<RouteChange> changes = new ArrayList<>(changed.size());
    for (RouteKey key : changed) {
      changes.add(change(key, state.routes().getOrDefault(key, 0)));
    }
    RouteUpdate update = update(changes, false, false);
    ports.forEach(port -> port.routes(update));
  }

  /** Runs the action when every router has the routes as they are now. */
  void whenInForce(Runnable action) {
    if (isInForce(version)) {
      action.run();
    } else {
      waiting.addLast(new Waiting(version, action));
    }
  }

  /** A router has the routes up to a version. */
  void applied(RouterPort port, long appliedVersion) {
    if (appliedBy.computeIfPresent(port, (same, old) -> Math.max(old, appliedVersion)) != null) {
      settle();
    }
  }

  /** Time goes by. */
  void tick(long nowMillis) {
    if (expected.values().removeIf(until -> until <= nowMillis)) {
      settle();
    }
  }

  long version() {
    return version;
  }

  private void settle() {
    while (true) {
      Waiting first = waiting.peekFirst();
      if (first == null || !isInForce(first.version())) {
        return;
      }
      waiting.removeFirst();
      first.action().run();
    }
  }

  private boolean isInForce(long wanted) {
    return expected.isEmpty() && appliedBy.values().stream().allMatch(v -> v >= wanted);
  }

  private RouteUpdate update(List<RouteChange> changes, boolean reset, boolean partial) {
    return RouteUpdate.newBuilder()
        .setVersion(version)
        .setReset(reset)
        .setPartial(partial)
        .addAllChanges(changes)
        .build();
  }

  private static RouteChange change(RouteKey key, int members) {
    return RouteChange.newBuilder()
        .setFilter(key.filter())
        .setShareGroup(key.group())
        .setMembers(members)
        .build();
  }
}
