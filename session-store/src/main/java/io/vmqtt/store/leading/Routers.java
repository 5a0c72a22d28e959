package io.vmqtt.store.leading;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The routers as one replica of a shard knows them: those that have a link, and those that may
 * serve without one for a while, with the routes that they have. These have a lease: a router knows
 * by its end that this store does not hear it. Outlives leaderships. Used on the shard's thread.
 */
public final class Routers {
  private final long leaseMillis;
  private final Map<RouterLink, RouterPort> ports = new LinkedHashMap<>();
  private final Collection<RouterPort> allPorts =
      Collections.unmodifiableCollection(ports.values());

  /** Until when, by node id. */
  private final Map<String, Long> leases = new HashMap<>();

  private Set<String> discovered = Set.of();

  public Routers(long leaseMillis) {
    this.leaseMillis = leaseMillis;
  }

  /** The shard's ends of all links. */
  public Collection<RouterPort> ports() {
    return allPorts;
  }

  /** The shard's end of a link, while there is one. */
  public @Nullable RouterPort port(RouterLink link) {
    return ports.get(link);
  }

  public void up(RouterPort port) {
    ports.put(port.routerLink(), port);
    leases.remove(port.nodeId());
  }

  /** A link is gone; returns the shard's end of it. */
  public @Nullable RouterPort down(RouterLink link, long nowMillis) {
    RouterPort port = ports.remove(link);
    if (port != null && !link.link().wasLeft()) {
      lease(port.nodeId(), nowMillis);
    }
    return port;
  }

  /** These are in discovery. One that no longer is may serve all the same. */
  public void discovered(Set<String> nodeIds, long nowMillis) {
    for (String nodeId : nodeIds) {
      if (!discovered.contains(nodeId)) {
        lease(nodeId, nowMillis);
      }
    }
    discovered = nodeIds;
  }

  /**
   * This replica leads from now on: routers without a link may have the routes of its forerunner.
   */
  void leadFrom(long nowMillis) {
    leases.replaceAll((nodeId, until) -> nowMillis + leaseMillis);
    discovered.forEach(nodeId -> lease(nodeId, nowMillis));
  }

  /** Time goes by. */
  public void tick(long nowMillis) {
    leases.values().removeIf(until -> until <= nowMillis);
  }

  /** Whether there is a router without a link that may serve. */
  boolean hasLeases() {
    return !leases.isEmpty();
  }

  private void lease(String nodeId, long nowMillis) {
    if (ports.values().stream().noneMatch(port -> port.nodeId().equals(nodeId))) {
      leases.put(nodeId, nowMillis + leaseMillis);
    }
  }
}
