package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.client;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmqtt.faultydisk.Luck;
import io.vmqtt.faultydisk.RecordedDisk;
import io.vmqtt.store.host.FolderCheck;
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
 * A store with a journal whose power fails, at any moment of a life in which it begins and deletes
 * files of it, and is killed and started: whatever the disk has then, it is not damaged, and a
 * store starts with it, and has what was acknowledged.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JournalPowerFailureTest {
  private static final int MOMENTS = 60;
  private static final int STARTS_EACH = 5;

  @TempDir private Path folder;

  @Test
  void start_powerFailedAtAnyMoment_isNoDamageAndHasWhatWasAcknowledged() throws Exception {
    assumeTrue(RecordedDisk.isPossible(), "Linux, and a C compiler");
    Path data = folder.resolve("data");
    RecordedDisk disk = new RecordedDisk(data, folder.resolve("notes"));
    for (int life = 0; life < 2; life++) {
      RecordedLife.live(RecordedLoneStore.class, data, disk, folder.resolve("log"));
    }
    List<String> wrong = new ArrayList<>();
    int number = 0;
    int most = 0;
    for (long moment : moments(disk)) {
      for (Luck luck : List.of(Luck.none(), Luck.some(moment))) {
        Path found = folder.resolve("found");
        disk.powerOffAt(moment, luck, found);
        List<Damage> damages = RecordedLife.damages(found);
        if (!damages.isEmpty()) {
          wrong.add("after " + moment + " deeds: " + damages);
        } else if (number++ % STARTS_EACH == 0) {
          most = Math.max(most, start(found));
        }
        CheckpointFiles.delete(found);
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(most > 100, most + " messages at most had been acknowledged");
  }

  /** Returns how many messages must have been there, and were. */
  private static int start(Path found) throws Exception {
    RecordedLife.powerHasFailed(found);
    int acknowledged = RecordedLoneStore.acknowledged(found);
    try (StoreHarness store =
            new StoreHarness(RecordedLoneStore.config(found), 1, Replication.NONE);
        FakeRouter router = store.router("router")) {
      await().until(() -> !store.node.status().isEmpty());
      if (acknowledged > 0) {
        router.attach(client("alice", 1, Long.MAX_VALUE).setReceiveMaximum(acknowledged));
      }
      for (int i = 0; i < acknowledged; i++) {
        assertEquals(
            RecordedLoneStore.payload(i),
            router.delivery().getMessage().getPayload().toStringUtf8());
      }
    }
    assertEquals(List.of(), FolderCheck.ofEverything(found).damages());
    return acknowledged;
  }

  /** Those around each change of a name in the journal, and some of all. */
  private static SortedSet<Long> moments(RecordedDisk disk) throws IOException {
    List<Long> files = new ArrayList<>(disk.namings("/journal/journal-"));
    assertTrue(files.size() > 10, files::toString);
    Random random = new Random(0);
    Collections.shuffle(files, random);
    SortedSet<Long> moments = new TreeSet<>();
    for (long naming : files) {
      if (moments.size() < MOMENTS) {
        moments.addAll(List.of(naming, naming + 1, naming + 2 + random.nextInt(40)));
      }
    }
    return moments;
  }
}
