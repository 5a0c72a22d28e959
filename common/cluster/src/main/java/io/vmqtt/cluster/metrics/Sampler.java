package io.vmqtt.cluster.metrics;

import java.util.concurrent.TimeUnit;

/**
 * Which of many messages are measured: all while there are few, else one in a millisecond. So what
 * measuring costs is bounded, whatever the load. Confined to one thread.
 */
public final class Sampler {
  static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private boolean begun;
  private long lastNanos;

  /** Whether what happens now is measured. */
  public boolean takes(long nowNanos) {
    boolean takes = !begun || nowNanos - lastNanos >= PAUSE_NANOS;
    if (takes) {
      begun = true;
      lastNanos = nowNanos;
    }
    return takes;
  }
}
