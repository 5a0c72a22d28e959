package io.vmqtt.store.leading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Content;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.Session;
import io.vmqtt.store.session.SessionHeader;
import io.vmqtt.store.session.ShardState;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which queues are near their bounds: 8 messages. */
class NearlyFullTest {
  private static final Map<Integer, Integer> NONE = Map.of();
  private static final Map<Integer, Integer> ONE = Map.of(3, 1);
  private static final Map<Integer, Long> LED = Map.of(3, 5L, 4, 5L);

  private record Text(String text) implements Content {}

  private final ShardState state = new ShardState(1);
  private final QueueLimits limits = new QueueLimits(8, 1_000, QueueLimits.Overflow.DROP_OLDEST, 1);
  private final NearlyFull queues = new NearlyFull();

  private Session session() {
    apply(
        new Change.SessionSaved(
            new SessionHeader(1, "c", 1, false, 7, 1, false, 60, 10, null, 0, 0, 0)));
    return Objects.requireNonNull(state.session(1));
  }

  private void apply(Change change) {
    state.apply(change, body -> {});
  }

  private void queue(Session session, long sequence, int bytes) {
    Publication message =
        new Publication("t", Qos.AT_LEAST_ONCE, false, false, 0, 0, bytes, new Text("x"));
    apply(new Change.Queued(1, sequence, 0, message, Delivery.of(Qos.AT_LEAST_ONCE, false)));
    queues.queued(3, 5, session, limits);
  }

  private void dequeue(Session session, long sequence) {
    apply(new Change.Dequeued(1, sequence));
    queues.shorter(3, 5, session, limits);
  }

  @Test
  void queued_upToSevenEighths_isNear_untilThreeQuarters() {
    Session session = session();
    for (long sequence = 1; sequence <= 6; sequence++) {
      queue(session, sequence, 10);
    }
    assertEquals(NONE, queues.of(LED));
    queue(session, 7, 10);
    assertEquals(ONE, queues.of(LED));
    dequeue(session, 1);
    assertEquals(ONE, queues.of(LED), "6 of 8 is three quarters");
    dequeue(session, 2);
    assertEquals(NONE, queues.of(LED));
  }

  @Test
  void queued_manyBytes_isNear() {
    Session session = session();
    queue(session, 1, 800);
    assertEquals(NONE, queues.of(LED));
    queue(session, 2, 100);
    assertEquals(ONE, queues.of(LED));
    queues.ended(3, 5, 1);
    assertEquals(NONE, queues.of(LED));
  }

  @Test
  void of_laterLeadership_forgetsWhatTheOneBeforeHasSeen() {
    queue(session(), 1, 990);
    assertEquals(ONE, queues.of(LED));
    assertEquals(NONE, queues.of(Map.of(3, 6L)));
    assertEquals(NONE, queues.of(LED));
  }

  @Test
  void of_shardIsLedNoLonger_forgetsWhatWasSeenOfIt() {
    queue(session(), 1, 990);
    assertEquals(NONE, queues.of(Map.of(4, 5L)));
    assertEquals(NONE, queues.of(LED));
    assertTrue(queues.isEmpty());
  }
}
