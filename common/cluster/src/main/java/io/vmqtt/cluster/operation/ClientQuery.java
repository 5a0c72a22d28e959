package io.vmqtt.cluster.operation;

import org.jspecify.annotations.Nullable;

/**
 * Which clients, and from where on: the lowest of those that are wanted, in the order of {@link
 * ClientName}.
 *
 * @param after only those behind this one; null: from the first on
 * @param limit at most so many
 */
public record ClientQuery(ClientFilter filter, @Nullable ClientName after, int limit) {
  /** A node gives no more than that at once, whatever is asked. */
  public static final int MOST = 10_000;

  public ClientQuery {
    PageLimit.require(limit, MOST);
  }
}
