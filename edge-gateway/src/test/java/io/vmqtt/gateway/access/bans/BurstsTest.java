package io.vmqtt.gateway.access.bans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BurstsTest {
  private static final long SECOND = 1_000_000_000;
  private long nanos = Long.MAX_VALUE - SECOND;
  private final Bursts<String> bursts = new Bursts<>(3, Duration.ofSeconds(30), () -> nanos);

  @Test
  void count_asOftenAsUsual_isNotTooOften() {
    assertEquals(1, bursts.count("a"));
    assertEquals(2, bursts.count("a"));
    assertEquals(3, bursts.count("a"));
    assertEquals(4, bursts.count("a"));
    assertEquals(4, bursts.count("a"), "what is too often does not count on");
    assertEquals(1, bursts.count("b"));
  }

  @Test
  void count_asTimePasses_forgetsEvenly() {
    for (int i = 0; i < 3; i++) {
      assertFalse(bursts.isTooOften("a"));
    }
    nanos += 10 * SECOND - 1;
    assertTrue(bursts.isTooOften("a"));
    nanos += 1;
    assertFalse(bursts.isTooOften("a"));
    assertTrue(bursts.isTooOften("a"));

    nanos += 30 * SECOND;

    assertEquals(1, bursts.count("a"));
  }

  @Test
  void forget_one_beginsAnew() {
    bursts.count("a");

    bursts.forget("a");

    assertEquals(1, bursts.count("a"));
  }

  @Test
  void forgetAll_some_beginAnewAndOthersGoOn() {
    bursts.count("a1");
    bursts.count("a2");
    bursts.count("b");

    bursts.forgetAll(who -> who.startsWith("a"));

    assertEquals(1, bursts.count("a1"));
    assertEquals(1, bursts.count("a2"));
    assertEquals(2, bursts.count("b"));
  }

  @Test
  void count_moreThanAreRemembered_theQuietestIsForgotten() {
    bursts.count("quiet");
    bursts.count("loud");
    for (int i = 0; i < Bursts.MOST_REMEMBERED - 1; i++) {
      bursts.count("other " + i);
      if (i == 10) {
        bursts.count("loud");
      }
    }

    assertEquals(3, bursts.count("loud"));
    assertEquals(1, bursts.count("quiet"));
  }
}
