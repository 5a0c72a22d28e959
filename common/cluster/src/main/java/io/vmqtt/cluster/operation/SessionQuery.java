package io.vmqtt.cluster.operation;

import org.jspecify.annotations.Nullable;

/**
 * Which sessions, and from where on, in the order of {@link ClientName}.
 *
 * @param filter what they have to be like
 * @param after only those behind this one; null: from the first on
 * @param limit at most so many
 */
public record SessionQuery(SessionFilter filter, @Nullable ClientName after, int limit) {
  /** A node gives no more than that at once, whatever is asked. */
  public static final int MOST = 10_000;

  public SessionQuery {
    PageLimit.require(limit, MOST);
  }

  /**
   * What sessions have to be like. Of each, null: anything.
   *
   * @param namespace its name; empty: the nameless one
   * @param clientId {@code *} in it stands for any characters
   * @param attached whether a connection has it now
   * @param persistent whether it outlives its connection
   * @param minQueued so many messages in its queue, or more
   */
  public record SessionFilter(
      @Nullable String namespace,
      @Nullable String clientId,
      @Nullable Boolean attached,
      @Nullable Boolean persistent,
      @Nullable Integer minQueued) {}
}
