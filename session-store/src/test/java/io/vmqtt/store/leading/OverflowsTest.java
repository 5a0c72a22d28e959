package io.vmqtt.store.leading;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Content;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.Session;
import io.vmqtt.store.session.SessionHeader;
import io.vmqtt.store.session.ShardState;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** When an episode of a session that loses messages begins and ends. */
class OverflowsTest {
  private record Text(String text) implements Content {}

  private final ShardState state = new ShardState(1);
  private final Overflows overflows =
      new Overflows(0, new QueueLimits(8, 1_000, QueueLimits.Overflow.DROP_OLDEST, 1));

  private Session fullSession() {
    apply(
        new Change.SessionSaved(
            new SessionHeader(1, "c", 1, false, 7, 1, false, 60, 10, null, 0, 0, 0)));
    for (long sequence = 1; sequence <= 8; sequence++) {
      Publication message =
          new Publication("t", Qos.AT_LEAST_ONCE, false, false, 0, 0, 10, new Text("x"));
      apply(new Change.Queued(1, sequence, 0, message, Delivery.of(Qos.AT_LEAST_ONCE, false)));
    }
    return Objects.requireNonNull(state.session(1));
  }

  private void apply(Change change) {
    state.apply(change, body -> {});
  }

  @Test
  void dequeued_downToThreeQuarters_episodeIsOver() {
    Session session = fullSession();
    overflows.dropped(session);
    overflows.dropped(session);
    assertEquals(1, overflows.count());

    apply(new Change.Dequeued(1, 1));
    overflows.dequeued(session);
    assertEquals(1, overflows.count(), "7 of 8");
    apply(new Change.Dequeued(1, 2));
    overflows.dequeued(session);
    assertEquals(0, overflows.count());
  }

  @Test
  void ended_session_forgotten() {
    overflows.dropped(fullSession());
    overflows.ended(1);
    assertEquals(0, overflows.count());
  }
}
