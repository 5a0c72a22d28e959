package io.vmqtt.cluster.operation;

/**
 * Whose packets are to be counted, and for how long.
 *
 * @param seconds 1 to {@link #MOST_SECONDS}
 */
public record TrafficQuery(ClientName client, int seconds) {
  /** Whoever asks waits as long as that. */
  public static final int MOST_SECONDS = 5;

  public TrafficQuery {
    if (seconds < 1 || seconds > MOST_SECONDS) {
      throw new IllegalArgumentException("1 to " + MOST_SECONDS + ", not " + seconds);
    }
  }
}
