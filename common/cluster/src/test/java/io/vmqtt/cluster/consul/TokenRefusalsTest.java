package io.vmqtt.cluster.consul;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TokenRefusalsTest {
  private static final long QUIET = TokenRefusals.QUIET.toNanos();

  private final TokenRefusals refusals = new TokenRefusals();

  @Test
  void refused_manyTimes_beginsOnce() {
    assertTrue(refusals.refused(0));
    assertFalse(refusals.refused(1));
  }

  @Test
  void answered_nothingIsRefusedForAWhile_endsOnceAndMayBeginAgain() {
    assertFalse(refusals.answered(QUIET));
    refusals.refused(5);
    assertFalse(refusals.answered(QUIET + 4));

    assertTrue(refusals.answered(QUIET + 5));

    assertFalse(refusals.answered(QUIET + 6));
    assertTrue(refusals.refused(QUIET + 7));
  }

  /** Else a token that is good for some questions alone filled the log. */
  @Test
  void answered_othersAreRefusedMeanwhile_doesNotEnd() {
    refusals.refused(0);
    refusals.refused(QUIET);

    assertFalse(refusals.answered(QUIET + 1));
    assertFalse(refusals.refused(QUIET + 2));
  }
}
