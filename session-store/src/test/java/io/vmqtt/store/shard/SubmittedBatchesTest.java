package io.vmqtt.store.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.ShardState;
import io.vmqtt.store.wire.SessionExpiry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is known of entries on their way. */
class SubmittedBatchesTest {
  private final Leadership first = leadership(1);
  private final Leadership second = leadership(2);
  private final SubmittedBatches submitted = new SubmittedBatches();

  private static Leadership leadership(long number) {
    return new Leadership(
        0,
        number,
        number,
        0,
        new ShardState(1),
        (session, from, limit, maxBytes) -> List.of(),
        new RetainedReads((from, visitor) -> {}, Runnable::run, Runnable::run),
        new Routers(1),
        command -> {},
        new GatewayWatch(1, 1),
        new ShardOptions(
            new QueueLimits(1, 1, QueueLimits.Overflow.REJECT_NEW, 1),
            1,
            1,
            1,
            1,
            1,
            1,
            SessionExpiry.UNLIMITED,
            () -> false,
            () -> false),
        new ShardClock(() -> 0, () -> 0),
        new ShardCounts());
  }

  private Batch submit(Leadership owner) {
    Batch batch = new Batch(0, List.of(), owner);
    submitted.add(batch);
    return batch;
  }

  @Test
  void remove_twice_knownOnce() {
    Batch batch = submit(first);

    assertTrue(submitted.remove(batch));
    assertFalse(submitted.remove(batch));
    assertEquals(0, submitted.size());
  }

  @Test
  void hasOvertaken_inOrder_no() {
    Batch one = submit(first);
    Batch two = submit(first);

    assertFalse(submitted.hasOvertaken(one));
    submitted.remove(one);
    assertFalse(submitted.hasOvertaken(two));
  }

  @Test
  void hasOvertaken_earlierOneIsUnderWay_yes() {
    submit(first);

    assertTrue(submitted.hasOvertaken(submit(first)));
  }

  /** Nobody waits for the answers of the leadership before. */
  @Test
  void hasOvertaken_earlierOneOfAFormerLeadership_no() {
    submit(first);

    assertFalse(submitted.hasOvertaken(submit(second)));
  }
}
