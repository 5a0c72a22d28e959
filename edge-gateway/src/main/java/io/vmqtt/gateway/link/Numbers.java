package io.vmqtt.gateway.link;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Numbers that a lane gives out: for connections, publishes and requests. The lane is in the lowest
 * byte, so that whoever gets one back knows the thread to hand it to.
 */
final class Numbers {
  static final int MAX_LANES = 256;
  private final int lane;
  private final LongSupplier counter;

  /** Numbers in the order in which this lane gives them out. */
  Numbers(int lane) {
    this(lane, new AtomicLong());
  }

  /** Numbers in the order in which all lanes with this counter give them out. */
  Numbers(int lane, AtomicLong counter) {
    this.lane = lane;
    this.counter = counter::incrementAndGet;
  }

  long next() {
    return counter.getAsLong() << 8 | lane;
  }

  static int laneOf(long number) {
    return (int) (number & 0xFF);
  }
}
