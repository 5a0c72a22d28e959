package io.vmqtt.cluster.link;

import java.time.Duration;

/**
 * Bounds and times of a link.
 *
 * @param maxBatchBytes a batch leaves at once when so much waits
 * @param maxBatchFrames or so many frames
 * @param promptBatches while fewer batches than this are unacknowledged the link counts as idle,
 *     and frames leave at once; otherwise they wait for company
 * @param linger how long frames wait for company at the most
 * @param windowBytes how much may be unacknowledged; beyond it frames wait
 * @param windowBatches how many batches may be unacknowledged
 * @param congestedBytes from so much unsent on the link is congested, until half of it is left
 * @param maxUnsentBytes how much may wait at the most; beyond it frames are refused, unless nothing
 *     else waits
 * @param acknowledgeDelay how long an acknowledgement waits for a batch to travel with
 * @param heartbeat a silent link shows signs of life at this interval
 * @param silenceLimit a link is closed when the latest batch that the other side is known to have
 *     heard left so long ago; pauses of a process must be shorter by three heartbeats
 * @param firstBackoff pause before the first new attempt to connect; doubles, with jitter
 * @param maxBackoff longest pause between two attempts
 */
public record LinkOptions(
    int maxBatchBytes,
    int maxBatchFrames,
    int promptBatches,
    Duration linger,
    long windowBytes,
    int windowBatches,
    long congestedBytes,
    long maxUnsentBytes,
    Duration acknowledgeDelay,
    Duration heartbeat,
    Duration silenceLimit,
    Duration firstBackoff,
    Duration maxBackoff) {

  private static final long HEAP_BYTES = Runtime.getRuntime().maxMemory();

  /**
   * What a link may hold is a part of a small heap, so that a few that are stuck do not fill it.
   */
  private static final long CONGESTED_BYTES = Math.min(4 << 20, HEAP_BYTES / 64);

  private static final long MAX_UNSENT_BYTES = Math.min(64 << 20, HEAP_BYTES / 8);

  /** For processes on a network. */
  public static final LinkOptions NETWORK =
      new LinkOptions(
          256 << 10,
          2048,
          2,
          Duration.ofMillis(2),
          8 << 20,
          256,
          CONGESTED_BYTES,
          MAX_UNSENT_BYTES,
          Duration.ofMillis(2),
          Duration.ofMillis(250),
          Duration.ofSeconds(3),
          Duration.ofMillis(50),
          Duration.ofSeconds(2));

  /** For roles in one process: nothing is gained by waiting for company there. */
  public static final LinkOptions IN_PROCESS =
      new LinkOptions(
          256 << 10,
          2048,
          8,
          Duration.ofNanos(200_000),
          8 << 20,
          256,
          CONGESTED_BYTES,
          MAX_UNSENT_BYTES,
          Duration.ZERO,
          Duration.ofSeconds(10),
          Duration.ofHours(1),
          Duration.ofMillis(5),
          Duration.ofMillis(100));

  LinkOptions withRoomFor(long bytes) {
    long room = Math.min(bytes, Long.MAX_VALUE - maxUnsentBytes);
    return new LinkOptions(
        maxBatchBytes,
        maxBatchFrames,
        promptBatches,
        linger,
        windowBytes,
        windowBatches,
        congestedBytes,
        maxUnsentBytes + room,
        acknowledgeDelay,
        heartbeat,
        silenceLimit,
        firstBackoff,
        maxBackoff);
  }
}
