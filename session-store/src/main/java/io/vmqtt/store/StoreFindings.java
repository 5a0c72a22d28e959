package io.vmqtt.store;

import io.vmqtt.cluster.alarms.AlarmKind;
import io.vmqtt.cluster.alarms.Finding;
import io.vmqtt.cluster.alarms.Severity;
import io.vmqtt.store.leading.NearlyFull;
import io.vmqtt.store.shard.ShardStatus;
import io.vmqtt.store.storage.DiskSpace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is wrong with a store and wants somebody. */
final class StoreFindings {
  private StoreFindings() {}

  static List<Finding> of(DiskSpace disk, NearlyFull queues, List<ShardStatus> shards) {
    List<Finding> found = new ArrayList<>();
    disk(disk, found);
    Map<Integer, Long> terms = new HashMap<>();
    for (ShardStatus shard : shards) {
      if (shard.leader()) {
        terms.put(shard.shard(), shard.term());
      }
    }
    queues.of(terms).forEach((shard, count) -> found.add(nearlyFull(shard, count)));
    return found;
  }

  /** From twice the bound at which messages are refused on, and no more at three times that. */
  private static void disk(DiskSpace disk, List<Finding> found) {
    long free = disk.freeBytes();
    long least = disk.minFreeBytes();
    if (free < 3 * least) {
      Finding finding =
          Finding.own(
              AlarmKind.DISK_LOW,
              "",
              disk.isLow() ? Severity.CRITICAL : Severity.WARNING,
              disk.isLow()
                  ? "the disk has " + free + " bytes left: messages are refused"
                  : "the disk has "
                      + free
                      + " bytes left: below "
                      + least
                      + " messages are refused");
      found.add(free < 2 * least ? finding : finding.keeping());
    }
  }

  /** Whose they are, operators alone may know: this can be read by anybody. */
  private static Finding nearlyFull(int shard, int count) {
    return Finding.own(
        AlarmKind.QUEUE_NEAR_BOUND,
        "shard " + shard,
        Severity.WARNING,
        count
            + (count == 1 ? " session has a queue" : " sessions have queues")
            + " near its bound");
  }
}
