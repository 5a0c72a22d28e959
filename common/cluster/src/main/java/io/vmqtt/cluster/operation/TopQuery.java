package io.vmqtt.cluster.operation;

import org.jspecify.annotations.Nullable;

/**
 * What is busiest, counted for a moment.
 *
 * @param seconds how long, of 1 to {@link #MOST_SECONDS}
 * @param namespace the one that is of interest; null: all
 */
public record TopQuery(int seconds, @Nullable String namespace) {
  /** Who asks waits so long, and some more. */
  public static final int MOST_SECONDS = 5;

  public TopQuery {
    if (seconds < 1 || seconds > MOST_SECONDS) {
      throw new IllegalArgumentException(
          "it is counted for 1 to " + MOST_SECONDS + " seconds, not " + seconds);
    }
  }
}
