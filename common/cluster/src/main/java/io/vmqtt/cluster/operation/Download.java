package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.IOException;
import java.io.InputStream;

/**
 * Something large that operators get of one node: it passes through every process in pieces, and is
 * nowhere whole in memory.
 *
 * @param name one word, in paths
 * @param question what is sent
 * @param mediaType of what comes back
 * @param ending of a file that it is kept in, with its dot
 */
public record Download<Q>(String name, Class<Q> question, String mediaType, String ending) {

  /** Makes it. */
  @FunctionalInterface
  public interface Source<Q> {
    /**
     * Waits until there is something to read; whoever reads it closes it.
     *
     * @throws OperationRefusal if the node does not do that now
     * @throws IOException if it cannot
     */
    InputStream open(Q question) throws IOException, InterruptedException;
  }

  /**
   * How the heap is wanted.
   *
   * @param live only what something refers to
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record HeapDump(boolean live) {}

  /**
   * How long a recording is to be.
   *
   * @param seconds 1 to {@value #MOST_SECONDS}
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Recording(int seconds) {
    /** A recording takes no longer. */
    public static final int MOST_SECONDS = 300;

    public Recording {
      if (seconds < 1 || seconds > MOST_SECONDS) {
        throw new IllegalArgumentException("1 to " + MOST_SECONDS + " seconds, not " + seconds);
      }
    }
  }
}
