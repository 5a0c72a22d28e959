package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
}
