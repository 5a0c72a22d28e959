package io.vmqtt.cluster.consul;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WatchIndexTest {
  private static final Duration HOLD = Duration.ofSeconds(20);

  @Test
  void after_growing_isKept() {
    assertEquals(new Watch.Index(7), new Watch.Index(3).after(7L));
    assertEquals(new Watch.Index(3), new Watch.Index(3).after(3L));
  }

  /** Consul's own advice: an index that goes back, or none, means asking anew. */
  @Test
  void after_backwardsOrNone_isForgotten() {
    for (Long answered : new Long[] {2L, 0L, -1L}) {
      assertEquals(-1, new Watch.Index(3).after(answered).value());
    }
    assertEquals(-1, new Watch.Index(3).after(null).value());
  }

  @Test
  void params_waitOnlyWhereAnAnswerIsKnown() {
    assertEquals(-1, new Watch.Index(-1).params(HOLD).getIndex());
    assertEquals(-1, new Watch.Index(-1).params(HOLD).getWaitTime());
    assertEquals(9, new Watch.Index(9).params(HOLD).getIndex());
    assertEquals(20, new Watch.Index(9).params(HOLD).getWaitTime());
  }

  @Test
  void backoff_growsWithJitterUpToItsBound_andStartsOver() {
    Backoff backoff = new Backoff(new Random(1));
    long ceiling = 200;
    for (int i = 0; i < 20; i++) {
      long millis = backoff.next().toMillis();
      assertTrue(millis >= ceiling / 2 && millis <= ceiling, millis + " of " + ceiling);
      ceiling = Math.min(3_000, ceiling * 2);
    }
    backoff.reset();
    assertTrue(backoff.next().toMillis() <= 200);
  }
}
