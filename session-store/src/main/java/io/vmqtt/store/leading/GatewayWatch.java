package io.vmqtt.store.leading;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which gateways have been away for so long that their attachments end. Safe for any thread.
 *
 * <p>A gateway is there as long as a router has a link to it or discovery lists it. Discovery alone
 * would give up a gateway that is too busy to answer health checks in time; routers alone one that
 * has yet to find a router which has just started.
 *
 * <p>After the first leadership of the process gateways get longer: they must find their way back
 * first, and discovery must.
 */
public final class GatewayWatch {
  private final long detectionMillis;
  private final long graceMillis;
  private final Map<Long, Long> absentSince = new ConcurrentHashMap<>();
  private final Map<Object, Set<Long>> linkedByRouter = new ConcurrentHashMap<>();
  private final AtomicLong graceUntilMillis = new AtomicLong();
  private volatile Set<Long> discovered = Set.of();

  /**
   * @param detectionMillis how long a gateway may be away
   * @param graceMillis for so long after the first leadership nobody is given up
   */
  public GatewayWatch(long detectionMillis, long graceMillis) {
    this.detectionMillis = detectionMillis;
    this.graceMillis = graceMillis;
  }

  /** A leadership of this process begins. */
  void begin(long nowMillis) {
    graceUntilMillis.compareAndSet(0, nowMillis + graceMillis);
  }

  /** These gateways are in discovery, by process number. */
  public void discovered(Set<Long> gateways) {
    discovered = Set.copyOf(gateways);
  }

  /**
   * A router has links to these gateways, and to no others.
   *
   * @param router its link to this store
   */
  public void linked(Object router, Set<Long> gateways) {
    linkedByRouter.put(router, gateways);
  }

  /** The link of a router to this store is gone. */
  public void linkDown(Object router) {
    linkedByRouter.remove(router);
  }

  /** Whether the gateway is given up. */
  boolean isGone(long gateway, long nowMillis) {
    if (isThere(gateway)) {
      absentSince.remove(gateway);
      return false;
    }
    long since = absentSince.computeIfAbsent(gateway, first -> nowMillis);
    return nowMillis >= graceUntilMillis.get() && nowMillis - since >= detectionMillis;
  }

  private boolean isThere(long gateway) {
    return discovered.contains(gateway)
        || linkedByRouter.values().stream().anyMatch(linked -> linked.contains(gateway));
  }

  /** Forgets whom nobody asks about. */
  void forgetAllBut(Set<Long> gateways) {
    if (absentSince.size() > 2 * gateways.size() + 1024) {
      absentSince.keySet().retainAll(gateways);
    }
  }
}
