package io.vmqtt.cluster.metrics;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SamplerTest {
  private final Sampler sampler = new Sampler();

  @Test
  void takes_many_oneInAPause() {
    long first = Long.MAX_VALUE - Sampler.PAUSE_NANOS / 2; // the clock may overflow
    assertTrue(sampler.takes(first));
    assertFalse(sampler.takes(first + Sampler.PAUSE_NANOS - 1));
    assertTrue(sampler.takes(first + Sampler.PAUSE_NANOS));
    assertFalse(sampler.takes(first + Sampler.PAUSE_NANOS));
  }
}
