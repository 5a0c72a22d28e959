package io.vmqtt.store.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.session.QueueLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is known of entries on their way. */
class SubmittedBatchesTest {
  private static final long FIRST = 1;
  private static final long SECOND = 2;

  private final SubmittedBatches submitted = new SubmittedBatches();

  private Batch submit(long leadership) {
    QueueLimits limits = new QueueLimits(1, 1, QueueLimits.Overflow.REJECT_NEW, 1);
    Batch batch = new Batch(0, List.of(), leadership, limits, 0);
    submitted.add(batch);
    return batch;
  }

  @Test
  void remove_twice_knownOnce() {
    Batch batch = submit(FIRST);

    assertTrue(submitted.remove(batch));
    assertFalse(submitted.remove(batch));
    assertEquals(0, submitted.size());
  }

  @Test
  void hasOvertaken_inOrder_no() {
    Batch one = submit(FIRST);
    Batch two = submit(FIRST);

    assertFalse(submitted.hasOvertaken(one));
    submitted.remove(one);
    assertFalse(submitted.hasOvertaken(two));
  }

  @Test
  void hasOvertaken_earlierOneIsUnderWay_yes() {
    submit(FIRST);

    assertTrue(submitted.hasOvertaken(submit(FIRST)));
  }

  /** Nobody waits for the answers of the leadership before. */
  @Test
  void hasOvertaken_earlierOneOfAFormerLeadership_no() {
    submit(FIRST);

    assertFalse(submitted.hasOvertaken(submit(SECOND)));
  }
}
