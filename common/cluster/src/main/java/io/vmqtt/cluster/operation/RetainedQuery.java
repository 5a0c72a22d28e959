package io.vmqtt.cluster.operation;

/**
 * Retained messages, in the order of the bytes of their topics.
 *
 * @param namespace empty: the nameless one
 * @param filter of topics
 * @param after only topics behind this one; empty: from the first on
 * @param limit at most so many of each shard
 * @param payloads whether what they say is wanted
 */
public record RetainedQuery(
    String namespace, String filter, String after, int limit, boolean payloads) {
  /**
   * A store gives no more than that of a shard at once, and ends sooner where messages are large.
   */
  public static final int MOST = 10_000;

  public RetainedQuery {
    PageLimit.require(limit, MOST);
  }
}
