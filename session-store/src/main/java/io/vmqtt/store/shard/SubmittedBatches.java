package io.vmqtt.store.shard;

import java.util.ArrayDeque;
import java.util.Deque;

/** Log entries whose fate is unknown, in the order in which they went. Bounded by its user. */
final class SubmittedBatches {
  private final Deque<Batch> underWay = new ArrayDeque<>();

  void add(Batch batch) {
    underWay.addLast(batch);
  }

  int size() {
    return underWay.size();
  }

  /** Its fate is known; returns whether it was not before. */
  boolean remove(Batch batch) {
    return underWay.remove(batch);
  }

  /** Whether one that the same leadership submitted before is under way still: it is lost. */
  boolean hasOvertaken(Batch batch) {
    for (Batch earlier : underWay) {
      if (earlier == batch) {
        return false;
      }
      if (earlier.leadership() == batch.leadership()) {
        return true;
      }
    }
    return false;
  }
}
