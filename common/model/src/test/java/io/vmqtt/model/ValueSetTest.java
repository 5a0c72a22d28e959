package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueSetTest {
  /** Equal by number; as many hash codes as asked for, so that the index has long runs. */
  private record Value(int number, int hashCodes) {
    @Override
    public int hashCode() {
      return number % hashCodes;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 50, 1_000_000})
  void addAndRemove_randomOrder_agreesWithASet(int hashCodes) {
    long seed = 3;
    Random random = new Random(seed);
    ValueSet<Value> set = new ValueSet<>(new Value(0, hashCodes), new Value(1, hashCodes));
    Set<Value> expected = new HashSet<>(values(set));
    int highest = 1;
    for (int round = 0; round < 40_000; round++) {
      // The set grows and shrinks in turns, through every size of its index.
      boolean grow = random.nextInt(100) < (round / 2_000 % 2 == 0 ? 70 : 30);
      Value value = new Value(random.nextInt(200), hashCodes);
      String where = "seed " + seed + " round " + round;
      assertEquals(expected.contains(value), set.contains(value), where);
      if (grow) {
        assertEquals(expected.add(value), set.add(value), where);
      } else {
        assertEquals(expected.remove(value), set.remove(value), where);
      }
      assertEquals(expected.size(), set.size(), where);
      highest = Math.max(highest, set.size());
    }
    assertEquals(expected, values(set));
    assertTrue(highest > 100, "grew to " + highest + " only");
  }

  @Test
  void get_onlyAdditions_keepsTheirOrder() {
    ValueSet<Integer> set = new ValueSet<>(1_000, 999);
    for (int i = 998; i >= 0; i--) {
      assertTrue(set.add(i));
    }
    for (int i = 0; i <= 1_000; i++) {
      assertEquals(1_000 - i, set.get(i));
    }
    assertFalse(set.add(500));
  }

  private static <V> Set<V> values(ValueSet<V> set) {
    Set<V> values = new HashSet<>();
    for (int i = 0; i < set.size(); i++) {
      assertTrue(values.add(set.get(i)), "held twice: " + set.get(i));
    }
    return values;
  }
}
