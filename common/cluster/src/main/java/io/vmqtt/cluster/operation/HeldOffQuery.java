package io.vmqtt.cluster.operation;

import org.jspecify.annotations.Nullable;

/**
 * Who is held off, and from where on, in the order of {@link HeldOffName}.
 *
 * @param after only those behind this one; null: from the first on
 * @param limit at most so many
 */
public record HeldOffQuery(@Nullable HeldOffName after, int limit) {
  /** A gateway gives no more than that at once, whatever is asked. */
  public static final int MOST = 10_000;

  public HeldOffQuery {
    PageLimit.require(limit, MOST);
  }
}
