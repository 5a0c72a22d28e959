package io.vmqtt.router.routes;

import java.util.List;

/**
 * One route as it is at this moment, for people.
 *
 * @param parts of the origins that have it
 * @param <D> destinations
 */
public record Route<D>(RouteKey key, List<Part<D>> parts) {
  public Route {
    parts = List.copyOf(parts);
  }

  /**
   * What one origin has of it.
   *
   * @param members how many subscribers
   * @param full whether messages of QoS 1 and 2 must not go that way
   * @param reachable whether copies sent now arrive soon
   * @param next whether the next message of the share group goes there
   */
  public record Part<D>(
      D destination, int members, boolean full, boolean reachable, boolean next) {}
}
