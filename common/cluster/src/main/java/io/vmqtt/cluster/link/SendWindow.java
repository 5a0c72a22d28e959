package io.vmqtt.cluster.link;

import java.util.ArrayDeque;

/** The batches that were sent and not yet acknowledged. Guarded by the lock of its stream. */
final class SendWindow {
  private final ArrayDeque<long[]> batches = new ArrayDeque<>();
  private long lastSequence;
  private long acknowledgedSentNanos;
  private long bytes;

  /** Counts a batch and gives it its sequence number. */
  long sent(long batchBytes, long nowNanos) {
    lastSequence++;
    batches.addLast(new long[] {lastSequence, batchBytes, nowNanos});
    bytes += batchBytes;
    return lastSequence;
  }

  /**
   * Takes away every batch up to {@code through}.
   *
   * @return whether there was one
   */
  boolean acknowledge(long through) {
    boolean any = false;
    while (!batches.isEmpty() && batches.getFirst()[0] <= through) {
      long[] batch = batches.removeFirst();
      bytes -= batch[1];
      acknowledgedSentNanos = batch[2];
      any = true;
    }
    return any;
  }

  /** When the last batch was sent that is acknowledged. */
  long acknowledgedSentNanos() {
    return acknowledgedSentNanos;
  }

  int unacknowledgedBatches() {
    return batches.size();
  }

  /** One batch may always be under way, however large. */
  boolean isOpen(long maxBytes, int maxBatches) {
    return batches.isEmpty() || (bytes < maxBytes && batches.size() < maxBatches);
  }
}
