package io.vmqtt.cluster.link;

import java.util.PriorityQueue;

/**
 * Which batches of the other side have been processed, in whatever order: what can be said of them
 * is a number up to which there is no gap. Guarded by the lock of its stream.
 */
final class AcknowledgedBatches {
  private final PriorityQueue<Long> early = new PriorityQueue<>();
  private long through;
  private long reported;

  /**
   * Notes a batch.
   *
   * @return whether the gapless number has grown
   */
  boolean add(long sequence) {
    if (sequence != through + 1) {
      early.add(sequence);
      return false;
    }
    through = sequence;
    while (!early.isEmpty() && early.peek() == through + 1) {
      early.poll();
      through++;
    }
    return true;
  }

  /** The number to tell the other side. */
  long report() {
    reported = through;
    return through;
  }

  /** How many it has not been told of. */
  long unreported() {
    return through - reported;
  }
}
