package io.vmqtt.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmqtt.faultydisk.Luck;
import io.vmqtt.faultydisk.RecordedDisk;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.Damage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica whose power fails, at any moment of a life in which it cuts its log and takes over a
 * checkpoint: whatever the disk has then, it is not damaged.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PowerFailureTest {
  private static final int MOMENTS = Integer.getInteger("vmqtt.power.moments", 45);

  @TempDir private Path folder;

  @Test
  void check_powerFailedAtAnyMoment_isNoDamage() throws Exception {
    assumeTrue(RecordedDisk.isPossible(), "Linux, and a C compiler");
    Path replica = folder.resolve("data").resolve("store-2");
    RecordedDisk disk = new RecordedDisk(replica, folder.resolve("notes"));
    RecordedLife.live(
        RecordedReplica.class,
        List.of(folder.resolve("data").toString()),
        disk.environment(),
        folder.resolve("log"));
    List<String> wrong = new ArrayList<>();
    for (long moment : moments(disk)) {
      for (Luck luck : List.of(Luck.none(), Luck.some(moment))) {
        Path found = folder.resolve("found");
        disk.powerOffAt(moment, luck, found);
        List<Damage> damages = RecordedLife.damages(found);
        if (!damages.isEmpty()) {
          wrong.add("after " + moment + " deeds: " + damages);
        }
        CheckpointFiles.delete(found);
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** Those when a checkpoint came, and some of all. */
  private static SortedSet<Long> moments(RecordedDisk disk) throws IOException {
    List<Long> received = disk.namings("/tmp/snapshot-");
    assertFalse(received.isEmpty(), "no checkpoint came");
    SortedSet<Long> moments = new TreeSet<>();
    long last = received.getLast();
    for (long moment = last - 20; moment < last + 60; moment += 2) {
      moments.add(moment);
    }
    List<Long> others = new ArrayList<>(disk.namings("/"));
    Collections.shuffle(others, new Random(0));
    for (long naming : others) {
      if (moments.size() < MOMENTS) {
        moments.add(naming);
        moments.add(naming + 1);
      }
    }
    return moments;
  }
}
