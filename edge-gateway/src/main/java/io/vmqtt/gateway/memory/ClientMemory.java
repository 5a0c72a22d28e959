package io.vmqtt.gateway.memory;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How much memory waits for the clients of this process, and how much may: towards them in queues,
 * on pages of retained messages and in sockets, on the heap and beside it; and from them, packets
 * that they have sent in part and publishes that have no answer yet. Each event loop counts for
 * itself, in its {@link LoopMemory}, and tells the sum at the end of each run; so counting costs no
 * two threads the same cache line.
 *
 * <p>From half of the bound on memory is <em>tight</em>: what can wait elsewhere does, and who
 * publishes is answered later. At the bound those go for whom the most waits.
 */
public final class ClientMemory {
  /** Sums of different loops lie in different cache lines. */
  private static final int SPACING = 16;

  private final long maxBytes;
  private final int loops;
  private final AtomicLongArray told;

  /** Memory of so many event loops, which together may have so much wait. */
  public ClientMemory(long maxBytes, int loops) {
    this.maxBytes = maxBytes;
    this.loops = loops;
    this.told = new AtomicLongArray(loops * SPACING);
  }

  /** The part of one event loop, to be used on its thread. */
  public LoopMemory ofLoop(int loop) {
    return new LoopMemory(this, loop);
  }

  /** How much waits, by what the loops have told. By any thread. */
  public long usedBytes() {
    long sum = 0;
    for (int loop = 0; loop < loops; loop++) {
      sum += told.getOpaque(loop * SPACING);
    }
    return sum;
  }

  /** Whether what can wait elsewhere should. By any thread. */
  public boolean isTight() {
    return usedBytes() > maxBytes / 2;
  }

  long maxBytes() {
    return maxBytes;
  }

  /** An equal part for each loop: of several that together have too much one is beyond its part. */
  long partBytes() {
    return maxBytes / loops;
  }

  long told(int loop) {
    return told.getOpaque(loop * SPACING);
  }

  void tell(int loop, long bytes) {
    told.setOpaque(loop * SPACING, bytes);
  }
}
