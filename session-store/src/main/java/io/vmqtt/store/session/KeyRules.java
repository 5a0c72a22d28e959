package io.vmqtt.store.session;

import io.vmqtt.model.PublishKey;
import java.util.List;

/** What a key says of a command: whether it is the first with it, a copy, or too late. */
final class KeyRules {
  private final ShardState state;

  KeyRules(ShardState state) {
    this.state = state;
  }

  /** Whether its producer has gone on to a later epoch. */
  boolean isFenced(PublishKey key) {
    SeenKeys seen = state.keysOf(key.producer());
    return seen != null && key.epoch() < seen.epoch();
  }

  /** Whether its publisher has had the answer: it is a copy that comes late. */
  boolean isLate(PublishKey key) {
    SeenKeys seen = state.keysOf(key.producer());
    return seen != null && key.epoch() == seen.epoch() && key.sequence() < seen.lowWater();
  }

  /**
   * Whether it is the first with this key.
   *
   * @param changes gets what is to be remembered, and what can be forgotten
   */
  boolean isNew(PublishKey key, long timeMillis, List<Change> changes) {
    SeenKeys seen = state.keysOf(key.producer());
    if (seen != null) {
      boolean sameEpoch = key.epoch() == seen.epoch();
      Iterable<Long> finished =
          sameEpoch ? seen.below(Math.min(key.lowWater(), key.sequence())) : seen.all();
      for (long done : finished) {
        changes.add(new Change.KeyForgotten(key.producer(), done));
      }
      if (sameEpoch && seen.isDone(key.sequence())) {
        return false;
      }
    }
    changes.add(new Change.KeySeen(key, timeMillis));
    return true;
  }
}
