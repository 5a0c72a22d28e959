package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OwedAnswersTest {
  private static final long TIMEOUT = 10;

  private final OwedAnswers owed = new OwedAnswers();

  @Test
  void isLate_oneThatDoesNotGoOn_whenTheTimeIsOver() {
    owed.add(1);
    owed.add(2);
    assertFalse(owed.isLate(100, TIMEOUT));
    owed.answered(1);

    assertFalse(owed.isLate(110, TIMEOUT));
    assertTrue(owed.isLate(111, TIMEOUT));
    owed.answered(2);
    assertFalse(owed.isLate(200, TIMEOUT));
  }

  /** Its answer may be there, and nobody looks. */
  @Test
  void isLate_whileNobodyListens_beginsAnew() {
    owed.add(1);
    assertFalse(owed.isLate(100, TIMEOUT));
    owed.unheard(150);

    assertFalse(owed.isLate(160, TIMEOUT));
    assertTrue(owed.isLate(161, TIMEOUT));
  }
}
