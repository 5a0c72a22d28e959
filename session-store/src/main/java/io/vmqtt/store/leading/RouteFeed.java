package io.vmqtt.store.leading;

import io.vmqtt.proto.routing.v1.RouteChange;
import io.vmqtt.proto.routing.v1.RouteUpdate;
import io.vmqtt.store.session.FullSessions;
import io.vmqtt.store.session.RouteKey;
import io.vmqtt.store.session.ShardState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells routers the routes of a shard, and knows when all of them have them: those with a link say
 * so, the others are waited for as long as they may serve with older ones. Part of a leadership:
 * versions start with its term, so those of a later leader are higher. Used on the shard's thread.
 */
final class RouteFeed {
  private static final int PIECE_BYTES = 64 << 10;

  private final ShardState state;
  private final FullSessions full;
  private final Routers routers;
  private final Map<RouterPort, Long> appliedBy = new LinkedHashMap<>();

  /** Routers that have not been told everything yet: their links take only so much at a time. */
  private final Map<RouterPort, Untold> untold = new LinkedHashMap<>();

  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long version;

  private record Waiting(long version, Runnable action) {}

  /** What one router is still to hear of. */
  private static final class Untold {
    final LinkedHashSet<RouteKey> routes;
    boolean begun;

    Untold(Set<RouteKey> routes, boolean begun) {
      this.routes = new LinkedHashSet<>(routes);
      this.begun = begun;
    }
  }

  /**
   * @param lastVersion the highest that this replica has announced before
   */
  RouteFeed(long term, long lastVersion, ShardState state, FullSessions full, Routers routers) {
    this.version = Math.max(term << 32, lastVersion) + 1;
    this.state = state;
    this.full = full;
    this.routers = routers;
  }

  /** A router has a link: it gets all routes. */
  void up(RouterPort port) {
    appliedBy.put(port, 0L);
    untold.put(port, new Untold(state.routes().keySet(), false));
    writable(port);
  }

  /** A router's link takes more. */
  void writable(RouterPort port) {
    Untold left = untold.get(port);
    while (left != null && !port.congested()) {
      List<RouteChange> piece = new ArrayList<>();
      int bytes = 0;
      while (bytes < PIECE_BYTES && !left.routes.isEmpty()) {
        RouteChange change = change(left.routes.removeFirst());
        piece.add(change);
        bytes += change.getSerializedSize();
      }
      boolean more = !left.routes.isEmpty();
      port.routes(update(piece, !left.begun, more));
      left.begun = true;
      if (!more) {
        untold.remove(port);
        return;
      }
    }
  }

  /** A router's link is gone. */
  void down(RouterPort port) {
    untold.remove(port);
    appliedBy.remove(port);
    settle();
  }

  /** Tells what has changed in the state since the last call. */
  void announce() {
    Set<RouteKey> changed = new LinkedHashSet<>(state.takeChangedRoutes());
    changed.addAll(full.takeChanged());
    if (changed.isEmpty()) {
      return;
    }
    version++;
    RouteUpdate update = update(changed.stream().map(this::change).toList(), false, false);
    boolean isPiece = update.getSerializedSize() <= PIECE_BYTES;
    for (RouterPort port : routers.ports()) {
      if (isPiece && !untold.containsKey(port)) {
        port.routes(update);
      } else {
        untold.computeIfAbsent(port, told -> new Untold(Set.of(), true)).routes.addAll(changed);
        writable(port);
      }
    }
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

  long version() {
    return version;
  }

  /** Runs what waited for routers that need not be waited for any longer. */
  void settle() {
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
    return !routers.hasLeases() && appliedBy.values().stream().allMatch(v -> v >= wanted);
  }

  private RouteUpdate update(List<RouteChange> changes, boolean reset, boolean partial) {
    return RouteUpdate.newBuilder()
        .setVersion(version)
        .setReset(reset)
        .setPartial(partial)
        .addAllChanges(changes)
        .build();
  }

  private RouteChange change(RouteKey key) {
    return RouteChange.newBuilder()
        .setFilter(key.filter())
        .setShareGroup(key.group())
        .setMembers(state.routes().getOrDefault(key, 0))
        .setFull(full.isFull(key))
        .build();
  }
}
