package io.vmqtt.cluster.operation;

import org.jspecify.annotations.Nullable;

/**
 * Which deeds, and from where on.
 *
 * @param operator whose; {@code *} in it stands for any characters; null: anybody's
 * @param after only those behind this one, which are earlier; null: from the latest on
 * @param limit at most so many
 */
public record DeedQuery(@Nullable String operator, @Nullable DeedPlace after, int limit) {
  /** A registry gives no more than that at once, and has no more. */
  public static final int MOST = 10_000;

  public DeedQuery {
    PageLimit.require(limit, MOST);
  }
}
