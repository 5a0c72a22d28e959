package io.vmqtt.cluster.operation;

import org.jspecify.annotations.Nullable;

/**
 * Which routes, and from where on, in the order of {@link RouteName}.
 *
 * @param namespace its name; empty: the nameless one; null: any
 * @param filter of them; {@code *} in it stands for any characters; null: any
 * @param origin the id of a gateway, or the number of a shard: what is told is its part; null: any
 * @param after only those behind this one; null: from the first on
 * @param limit at most so many
 */
public record RouteQuery(
    @Nullable String namespace,
    @Nullable String filter,
    @Nullable String origin,
    @Nullable RouteName after,
    int limit) {
  /** A node gives no more than that at once, whatever is asked. */
  public static final int MOST = 10_000;

  public RouteQuery {
    PageLimit.require(limit, MOST);
  }
}
