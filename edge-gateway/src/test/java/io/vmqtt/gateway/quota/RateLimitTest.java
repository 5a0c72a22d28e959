package io.vmqtt.gateway.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
  private static final long SECOND_NANOS = 1_000_000_000;

  /** Clocks of this kind start anywhere, below zero too. */
  private long nowNanos = -5;

  private RateLimit perSecond(long messages) {
    return new RateLimit(messages, () -> nowNanos);
  }

  private static int taken(RateLimit limit) {
    int taken = 0;
    while (limit.take()) {
      taken++;
    }
    return taken;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3, 10, 1_000, 30_000})
  void take_atOnceAndAfterEachPause_aSecondsMessages(long messages) {
    RateLimit limit = perSecond(messages);
    assertEquals(messages, taken(limit));

    nowNanos += 2 * SECOND_NANOS;
    assertEquals(messages, taken(limit), "a longer pause is worth no more");
    nowNanos += SECOND_NANOS + messages;
    assertEquals(messages, taken(limit));
  }

  @Test
  void take_steadily_oneInEachInterval() {
    RateLimit limit = perSecond(4);
    assertEquals(4, taken(limit));

    nowNanos += SECOND_NANOS / 4 - 1;
    assertFalse(limit.take());
    nowNanos += 1;
    assertTrue(limit.take());
    assertFalse(limit.take());
  }
}
