package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NumbersTest {

  @Test
  void next_everyLane_growsAndNamesTheLane() {
    for (int lane = 0; lane < Numbers.MAX_LANES; lane++) {
      Numbers numbers = new Numbers(lane);
      long last = 0;
      for (int i = 0; i < 1000; i++) {
        long next = numbers.next();
        assertTrue(next > last, "0 means that no number is given");
        assertEquals(lane, Numbers.laneOf(next));
        last = next;
      }
    }
  }

  @Test
  void next_lanesWithOneCounter_growsAcrossThem() {
    AtomicLong counter = new AtomicLong();
    Numbers first = new Numbers(7, counter);
    Numbers second = new Numbers(0, counter);

    long older = first.next();
    long newer = second.next();

    assertTrue(newer > older);
    assertTrue(first.next() > newer);
  }
}
