package io.vmqtt.gateway.link;

import io.vmqtt.cluster.metrics.EventCounter;

/**
 * What one event loop counts with every message; it tells the counter of all loops at the end of a
 * run. An atomic addition waits until everything written before it is in the cache: once per run is
 * cheap, once per delivery of a fan-out is dear. Confined to the loop.
 */
final class LoopCounter {
  private final EventCounter all;
  private long untold;

  LoopCounter(EventCounter all) {
    this.all = all;
  }

  void increment() {
    untold++;
  }

  void tell() {
    if (untold != 0) {
      all.increment(untold);
      untold = 0;
    }
  }
}
