package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class QuotasTest {
  private static final Quotas SOME = new Quotas(Map.of(Quota.SESSIONS, 10L));

  @Test
  void limit_absent_isNone() {
    assertEquals(10, SOME.limit(Quota.SESSIONS));
    assertEquals(Quotas.UNLIMITED, SOME.limit(Quota.CONNECTIONS));
  }

  @Test
  void share_unevenly_isRoundedUp() {
    assertEquals(4, SOME.share(Quota.SESSIONS, 3));
    assertEquals(1, SOME.share(Quota.SESSIONS, 64));
    assertEquals(10, SOME.share(Quota.SESSIONS, 0), "nobody else is known yet");
    assertEquals(Quotas.UNLIMITED, SOME.share(Quota.CONNECTIONS, 3));
  }

  @Test
  void limit_below1_refused() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> new Quotas(Map.of(Quota.MESSAGES_IN, 0L)));
    assertEquals("messages-per-second-in must be at least 1, not 0", refusal.getMessage());
  }
}
