package io.vmqtt.router.routes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The routes of whoever owns subscriptions, so that they can go when it goes. Confined to the
 * router's thread.
 *
 * @param <D> destinations: where messages go that match
 */
public final class Origin<D> implements Target<D> {
  private final D destination;
  private final BooleanSupplier reachable;

  /** A route without members is not there. */
  final Map<RouteKey, Terms> routes = new HashMap<>();

  /** What has come of a snapshot that is not complete yet; the routes of old stand meanwhile. */
  @Nullable Map<RouteKey, Terms> snapshot;

  /** Stands in the tree beside this origin where a route is full. */
  final Full<D> whenFull = new Full<>();

  /** The match that found this origin last: finds duplicates without a set. */
  long lastMatch;

  /**
   * What is announced of a route.
   *
   * @param members how many subscribers it has; 0: the route goes
   * @param full whether messages of QoS 1 and 2 must not go that way
   */
  record Terms(int members, boolean full) {
    static final Terms NONE = new Terms(0, false);
  }

  /** A mark. Equal to itself only. */
  static final class Full<D> implements Target<D> {}

  /**
   * An origin without routes.
   *
   * @param reachable whether copies sent now arrive soon: share groups prefer such members
   */
  public Origin(D destination, BooleanSupplier reachable) {
    this.destination = destination;
    this.reachable = reachable;
  }

  D destination() {
    return destination;
  }

  boolean isReachable() {
    return reachable.getAsBoolean();
  }

  /** The routes that it has announced. */
  public List<RouteKey> keys() {
    return List.copyOf(routes.keySet());
  }

  /** How many routes it has announced. */
  public int routeCount() {
    return routes.size();
  }
}
