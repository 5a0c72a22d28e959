package io.vmqtt.gateway.link;

import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.gateway.sessions.Routes;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.RouteChange;
import io.vmqtt.proto.routing.v1.RouteUpdate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells every router which filters the transient sessions of this gateway want, and knows when they
 * all know: that is when SUBACK may leave. A router counts while it is linked, and for the time of
 * failure detection while it is not. One that comes back later, and has served others meanwhile,
 * may have passed messages by these sessions.
 *
 * <p>Guarded by one lock; what it sends is handed to links, which do not block.
 */
final class RouteAnnouncer implements Routes {
  private static final int CHANGES_PER_PIECE = 1000;

  private final ReentrantLock lock = new ReentrantLock();
  private final long graceNanos;
  private final LongSupplier nanoClock;
  private final Map<TopicFilter, Integer> subscribersByFilter = new HashMap<>();
  private final Map<String, RouterView> routers = new HashMap<>();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long version;
  private boolean everReleased;

  /** What one router is known to know. */
  private static final class RouterView {
    @Nullable Link<GatewayFrame> link;
    long applied = -1;
    long unlinkedSinceNanos;
    boolean wasLinked;
    boolean stateKnown;

    /** Whether a subscription has come into force that it may not have known of. */
    boolean leftOut;

    boolean counts(long nowNanos, long graceNanos) {
      return link != null || nowNanos - unlinkedSinceNanos < graceNanos;
    }
  }

  private record Waiting(long version, Runnable then) {}

  RouteAnnouncer(long graceNanos, LongSupplier nanoClock) {
    this.graceNanos = graceNanos;
    this.nanoClock = nanoClock;
  }

  /**
   * A subscription more or less.
   *
   * @param by 1 or -1
   * @return the version that routers must have for the subscription to be in force
   */
  @Override
  public long changed(TopicFilter filter, int by) {
    lock.lock();
    try {
      int before = subscribersByFilter.getOrDefault(filter, 0);
      int after = before + by;
      if (after == 0) {
        subscribersByFilter.remove(filter);
      } else {
        subscribersByFilter.put(filter, after);
      }
      boolean news = filter.isShared() || before == 0 || after == 0;
      if (news) {
        version++;
        RouteUpdate update =
            RouteUpdate.newBuilder().setVersion(version).addChanges(change(filter, after)).build();
        routers.values().forEach(router -> send(router, update));
      }
      return version;
    } finally {
      lock.unlock();
    }
  }

  /** Runs {@code then} once every router that counts has this version. */
  @Override
  public void whenApplied(long wanted, Runnable then) {
    lock.lock();
    try {
      waiting.addLast(new Waiting(wanted, then));
    } finally {
      lock.unlock();
    }
    releaseWaiting();
  }

  /** The routers that exist. */
  void discovered(Set<String> nodeIds) {
    lock.lock();
    try {
      long now = nanoClock.getAsLong();
      routers
          .entrySet()
          .removeIf(entry -> !nodeIds.contains(entry.getKey()) && entry.getValue().link == null);
      for (String nodeId : nodeIds) {
        routers.computeIfAbsent(nodeId, absent -> unlinked(now));
      }
    } finally {
      lock.unlock();
    }
    releaseWaiting();
  }

  /** A router is linked: it is told everything. */
  void linkUp(String nodeId, Link<GatewayFrame> link) {
    lock.lock();
    try {
      RouterView router =
          routers.computeIfAbsent(nodeId, absent -> unlinked(nanoClock.getAsLong()));
      router.link = link;
      router.applied = -1;
      router.leftOut |= router.wasLinked && !router.stateKnown; // what it had to say was lost
      router.stateKnown = false;
      sendSnapshot(router);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A router says how it is.
   *
   * @param ready whether it serves publishers
   * @param continued whether it has kept for this gateway what came since the last link
   * @return true if it may have passed messages by the sessions that are subscribed now
   */
  boolean mayHavePassedBy(String nodeId, boolean ready, boolean continued) {
    lock.lock();
    try {
      RouterView router = routers.get(nodeId);
      if (router == null || router.stateKnown) {
        return false;
      }
      boolean may = (router.leftOut && ready) || (router.wasLinked && !continued);
      router.stateKnown = true;
      router.wasLinked = true;
      router.leftOut = false;
      return may && !subscribersByFilter.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("ReferenceEquality") // a stream is itself
  void linkDown(String nodeId, Link<GatewayFrame> link) {
    lock.lock();
    try {
      RouterView router = routers.get(nodeId);
      if (router != null && router.link == link) {
        router.link = null;
        router.unlinkedSinceNanos = nanoClock.getAsLong();
      }
    } finally {
      lock.unlock();
    }
  }

  void applied(String nodeId, long appliedVersion) {
    lock.lock();
    try {
      RouterView router = routers.get(nodeId);
      if (router != null) {
        router.applied = Math.max(router.applied, appliedVersion);
      }
    } finally {
      lock.unlock();
    }
    releaseWaiting();
  }

  /** Lets go who needs to wait no longer; also to be called now and then, for time does it too. */
  void releaseWaiting() {
    List<Runnable> released = new ArrayList<>();
    lock.lock();
    try {
      long everywhere = appliedEverywhere();
      for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
        Waiting one = all.next();
        if (one.version > everywhere) {
          break;
        }
        all.remove();
        released.add(one.then);
      }
      if (!released.isEmpty()) {
        everReleased = true;
        long now = nanoClock.getAsLong();
        routers.values().forEach(router -> router.leftOut |= !router.counts(now, graceNanos));
      }
    } finally {
      lock.unlock();
    }
    released.forEach(Runnable::run);
  }

  private long appliedEverywhere() {
    long lowest = Long.MAX_VALUE;
    long now = nanoClock.getAsLong();
    boolean anyLinked = false;
    for (RouterView router : routers.values()) {
      anyLinked |= router.link != null;
      if (router.counts(now, graceNanos)) {
        lowest = Math.min(lowest, router.link == null ? -1 : router.applied);
      }
    }
    return anyLinked ? lowest : -1;
  }

  private void sendSnapshot(RouterView router) {
    List<RouteChange> changes = new ArrayList<>(subscribersByFilter.size());
    subscribersByFilter.forEach((filter, count) -> changes.add(change(filter, count)));
    int from = 0;
    do {
      int to = Math.min(from + CHANGES_PER_PIECE, changes.size());
      send(
          router,
          RouteUpdate.newBuilder()
              .setVersion(version)
              .setReset(from == 0)
              .setPartial(to < changes.size())
              .addAllChanges(changes.subList(from, to))
              .build());
      from = to;
    } while (from < changes.size());
  }

  private RouterView unlinked(long nowNanos) {
    RouterView router = new RouterView();
    router.unlinkedSinceNanos = nowNanos;
    router.leftOut = everReleased;
    return router;
  }

  private static RouteChange change(TopicFilter filter, int members) {
    String group = filter.shareGroup();
    return RouteChange.newBuilder()
        .setFilter(filter.filter())
        .setShareGroup(group == null ? "" : group)
        .setMembers(group == null ? Math.min(members, 1) : members)
        .build();
  }

  private static void send(RouterView router, RouteUpdate update) {
    Link<GatewayFrame> link = router.link;
    if (link != null) {
      link.send(
          GatewayFrame.newBuilder().setRoutes(update).build(),
          FrameSize.SMALL_BYTES + update.getSerializedSize());
    }
  }
}
