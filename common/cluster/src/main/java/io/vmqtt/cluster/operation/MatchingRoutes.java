package io.vmqtt.cluster.operation;

import java.util.List;

/**
 * Where a router would send a message of a topic.
 *
 * @param ready whether it knows the routes of every shard and gateway
 * @param full whether so much waits for destinations that it refuses all of QoS 1 and 2
 * @param unsureShards whose routes may be older than their leaders': they get it in any case, and
 *     match for themselves
 * @param more whether others match, too, which are not told
 */
public record MatchingRoutes(
    boolean ready, boolean full, List<RouteInfo> routes, List<Integer> unsureShards, boolean more) {
  /** No more of them are told. */
  public static final int MOST = 1_000;

  public MatchingRoutes {
    routes = List.copyOf(routes);
    unsureShards = List.copyOf(unsureShards);
  }
}
