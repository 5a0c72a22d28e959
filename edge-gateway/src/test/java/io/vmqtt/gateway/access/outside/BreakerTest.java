package io.vmqtt.gateway.access.outside;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(Breaker.OPEN_SECONDS);

  /** Where a clock may be, too: it overflows meanwhile. */
  private static final long NOW = Long.MAX_VALUE - PAUSE / 2;

  private final Breaker breaker = new Breaker();

  @Test
  void lets_failuresWithAnswersBetween_goesOn() {
    for (int i = 0; i < 3 * Breaker.MOST_FAILURES; i++) {
      assertTrue(breaker.lets(NOW));
      assertFalse(breaker.failed(NOW));
      assertFalse(breaker.answered());
    }
  }

  @Test
  void lets_failuresInARow_pauses() {
    open();

    assertFalse(breaker.lets(NOW));
    assertFalse(breaker.lets(NOW + PAUSE - 1));
  }

  @Test
  void lets_pauseIsOver_oneQuestionAndAllWhenItIsAnswered() {
    open();

    assertTrue(breaker.lets(NOW + PAUSE));
    assertFalse(breaker.lets(NOW + PAUSE));
    assertTrue(breaker.answered());

    assertTrue(breaker.lets(NOW + PAUSE));
    assertTrue(breaker.lets(NOW + PAUSE));
  }

  @Test
  void lets_questionAfterThePauseFails_pausesAnew() {
    open();
    long later = NOW + PAUSE + 7;

    assertTrue(breaker.lets(later));
    assertFalse(breaker.failed(later + 1), "that is no news");

    assertFalse(breaker.lets(later + PAUSE));
    assertTrue(breaker.lets(later + 1 + PAUSE));
  }

  @Test
  void lets_questionAfterThePauseHasNoEnd_isFollowedByAnother() {
    open();

    assertTrue(breaker.lets(NOW + PAUSE));
    assertTrue(breaker.lets(NOW + 2 * PAUSE));
  }

  private void open() {
    for (int i = 1; i < Breaker.MOST_FAILURES; i++) {
      assertFalse(breaker.failed(NOW));
    }
    assertTrue(breaker.failed(NOW));
  }
}
