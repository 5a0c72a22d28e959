package io.vmqtt.store.leading;

import io.vmqtt.model.PublishKey;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.ShardState;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The retained messages that a replica has seen committed in the last moments. Which of them have
 * reached their subscribers, only the leader knows; the next one takes all for unsettled whose
 * publishers may still send them again. Bounded in time and number. Used on the shard's thread.
 */
public final class KeptLately {
  private static final int CAPACITY = 65_536;

  /** Routers have random numbers, and none has this one. */
  private static final long NO_ROUTER = 0;

  private final Deque<Kept> kept = new ArrayDeque<>();

  private record Kept(String topic, PublishKey key, long atMillis) {}

  /** A message is in the table. */
  public void add(Command.Publish publish, long uptimeMillis) {
    PublishKey key = publish.retainingKey();
    if (key != null) {
      kept.addLast(new Kept(publish.publication().topic(), key, uptimeMillis));
    }
    while (!kept.isEmpty()
        && (kept.size() > CAPACITY
            || uptimeMillis - kept.getFirst().atMillis >= UnsettledValues.PATIENCE_MILLIS)) {
      kept.removeFirst();
    }
  }

  /** Tells a leader that begins what may not be settled. */
  void tell(UnsettledValues unsettled, ShardState state) {
    long number = 0;
    for (Kept one : kept) {
      if (!state.isAnswered(one.key)) {
        unsettled.add(NO_ROUTER, ++number, one.topic, one.key, one.atMillis);
      }
    }
  }
}
