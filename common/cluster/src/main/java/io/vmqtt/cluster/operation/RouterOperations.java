package io.vmqtt.cluster.operation;

/** What routers can be asked. Each tells of the route table as it has it. */
public final class RouterOperations {
  /** Tells which routes match a topic. */
  public static final Operation<TopicQuery, MatchingRoutes> MATCH =
      new Operation<>("matching-routes", TopicQuery.class, MatchingRoutes.class);

  /** Lists routes. */
  public static final Operation<RouteQuery, RoutePage> ROUTES =
      new Operation<>("routes", RouteQuery.class, RoutePage.class);

  private RouterOperations() {}
}
