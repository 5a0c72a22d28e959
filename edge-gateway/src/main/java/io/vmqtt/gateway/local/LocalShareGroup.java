package io.vmqtt.gateway.local;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Members of a share group on this gateway; they take turns. Changed under the write lock alone.
 */
final class LocalShareGroup {
  private final List<LocalSubscription> members = new ArrayList<>();
  private final AtomicInteger turns = new AtomicInteger();

  void add(LocalSubscription member) {
    members.add(member);
  }

  void remove(LocalSubscription member) {
    members.remove(member);
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  LocalSubscription next() {
    return members.get(Math.floorMod(turns.getAndIncrement(), members.size()));
  }
}
