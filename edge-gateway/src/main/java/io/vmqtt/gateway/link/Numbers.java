package io.vmqtt.gateway.link;

/**
 * Numbers that a lane gives out: for connections, publishes and requests. The lane is in the lowest
 * byte, so that whoever gets one back knows the thread to hand it to.
 */
final class Numbers {
  static final int MAX_LANES = 256;
  private final int lane;
  private long last;

  Numbers(int lane) {
    this.lane = lane;
  }

  long next() {
    return ++last << 8 | lane;
  }

  static int laneOf(long number) {
    return (int) (number & 0xFF);
  }
}
