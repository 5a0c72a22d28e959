package io.vmqtt.router.routes;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whoever owns subscriptions: a gateway or a shard. It knows its routes, so that they can go when
 * it goes. Confined to the router's thread.
 */
public class Origin {
  /** Members by route; a route without members is not there. */
  final Map<RouteKey, Integer> routes = new HashMap<>();

  /** What has come of a snapshot that is not complete yet; the routes of old stand meanwhile. */
  @Nullable Map<RouteKey, Integer> snapshot;

  /** The match that found this origin last: finds duplicates without a set. */
  long lastMatch;

  /** Whether copies sent now arrive soon: share groups prefer such members. */
  public boolean isReachable() {
    return true;
  }

  /** How many routes it has announced. */
  public int routeCount() {
    return routes.size();
  }
}
