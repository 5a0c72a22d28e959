package io.vmqtt.cluster.operation;

import java.util.List;

/**
 * Routes of one router, in their order.
 *
 * @param more whether there are others behind the last one
 */
public record RoutePage(List<RouteInfo> routes, boolean more) {
  public RoutePage {
    routes = List.copyOf(routes);
  }
}
