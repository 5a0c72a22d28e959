package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NumberMapTest {
  @Test
  void anything_numbersOfALaneFirstInFirstOut_eachHasItsOwn() {
    Numbers numbers = new Numbers(7);
    NumberMap<Long> map = new NumberMap<>();
    Deque<Long> open = new ArrayDeque<>();
    for (int i = 0; i < 10_000; i++) {
      long number = numbers.next();
      map.put(number, number);
      open.addLast(number);
      if (open.size() > 1_000) {
        long oldest = open.removeFirst();
        assertTrue(map.contains(oldest));
        assertEquals(oldest, map.remove(oldest));
        assertFalse(map.contains(oldest));
        assertNull(map.get(oldest));
      }
      assertEquals(number, map.get(number));
    }
    assertEquals(new TreeSet<>(open), new TreeSet<>(map.values()));
  }
}
