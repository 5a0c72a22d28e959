package io.vmqtt.cluster.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AcknowledgedBatchesTest {
  private final AcknowledgedBatches processed = new AcknowledgedBatches();

  @Test
  void report_nothingProcessed_zero() {
    assertEquals(0, processed.report());
  }

  @Test
  void add_inOrder_reportGrows() {
    assertTrue(processed.add(1));
    assertTrue(processed.add(2));

    assertEquals(2, processed.unreported());
    assertEquals(2, processed.report());
    assertEquals(0, processed.unreported());
  }

  @Test
  void add_afterAGap_reportStaysBeforeTheGap() {
    assertTrue(processed.add(1));
    assertFalse(processed.add(3));
    assertFalse(processed.add(4));
    assertEquals(1, processed.report());

    assertTrue(processed.add(2));

    assertEquals(4, processed.report());
  }

  @Test
  void add_anyOrder_reportIsTheGaplessNumber() {
    for (long seed = 1; seed <= 200; seed++) {
      AcknowledgedBatches batches = new AcknowledgedBatches();
      List<Long> order = new ArrayList<>();
      for (long sequence = 1; sequence <= 50; sequence++) {
        order.add(sequence);
      }
      Collections.shuffle(order, new Random(seed));
      Set<Long> naive = new HashSet<>();
      for (long sequence : order) {
        long before = gapless(naive);
        naive.add(sequence);
        boolean grew = batches.add(sequence);
        assertEquals(gapless(naive) > before, grew, "seed " + seed);
        assertEquals(gapless(naive), batches.report(), "seed " + seed);
      }
    }
  }

  private static long gapless(Set<Long> sequences) {
    long through = 0;
    while (sequences.contains(through + 1)) {
      through++;
    }
    return through;
  }
}
