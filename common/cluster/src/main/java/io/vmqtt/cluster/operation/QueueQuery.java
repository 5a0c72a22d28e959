package io.vmqtt.cluster.operation;

/**
 * The messages that wait for a client.
 *
 * @param from the first sequence of interest; 0: the oldest
 * @param limit at most so many
 * @param payloads whether what they say is wanted
 */
public record QueueQuery(ClientName client, long from, int limit, boolean payloads) {
  /** A store gives no more than that at once, and ends sooner where messages are large. */
  public static final int MOST = 1_000;

  public QueueQuery {
    PageLimit.require(limit, MOST);
  }
}
