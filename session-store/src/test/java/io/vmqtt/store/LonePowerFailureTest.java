package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.client;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A store without replicas, with a journal or with a Raft log, whose power fails, at any moment of
 * a life in which it begins and deletes files of it, and is killed and started: whatever the disk
 * has then, it is not damaged, and a store starts with it, and has what was acknowledged. One that
 * leaves out a sync does not pass for that.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LonePowerFailureTest {
  private static final int MOMENTS = 40;
  private static final int STARTS_EACH = 5;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void start_powerFailedAtAnyMoment_isNoDamageAndHasWhatWasAcknowledged(Replication replication)
      throws Exception {
    RecordedDisk disk = recordedDisk();
    for (int life = 0; life < 2; life++) {
      live(replication, disk.environment());
    }
    List<String> wrong = new ArrayList<>();
    int number = 0;
    int most = 0;
    for (long moment : moments(disk, replication)) {
      for (Luck luck : List.of(Luck.none(), Luck.some(moment))) {
        Path found = folder.resolve("found");
        disk.powerOffAt(moment, luck, found);
        List<Damage> damages = RecordedLife.damages(found);
        if (!damages.isEmpty()) {
          wrong.add("after " + moment + " deeds: " + damages);
        } else if (number++ % STARTS_EACH == 0) {
          most = Math.max(most, start(found, replication));
        }
        CheckpointFiles.delete(found);
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(most > 100, most + " messages at most had been acknowledged");
  }

  /** By what is gone of what was acknowledged, or by a store that finds that something is. */
  @ParameterizedTest
  @CsvSource({
    "NONE,     /journal/journal-",
    "NONE,     /journal$",
    "POSSIBLE, /current/log_",
    "POSSIBLE, /current$"
  })
  void start_aSyncIsLeftOut_isFoundOut(Replication replication, String forgotten) throws Exception {
    RecordedDisk disk = recordedDisk();
    live(replication, disk.forgetful(forgotten));
    disk.powerOff(Luck.none());
    assertTrue(RecordedLoneStore.acknowledged(data()) > 100);
    assertFalse(isWhole(data(), replication));
  }

  @ParameterizedTest
  @EnumSource
  void start_noSyncIsLeftOut_hasAll(Replication replication) throws Exception {
    RecordedDisk disk = recordedDisk();
    live(replication, disk.environment());
    disk.powerOff(Luck.none());
    assertTrue(isWhole(data(), replication));
  }

  private RecordedDisk recordedDisk() {
    assumeTrue(RecordedDisk.isPossible(), "Linux, and a C compiler");
    return new RecordedDisk(data(), folder.resolve("notes"));
  }

  private Path data() {
    return folder.resolve("data");
  }

  private void live(Replication replication, Map<String, String> environment) throws Exception {
    RecordedLife.live(
        RecordedLoneStore.class,
        List.of(data().toString(), replication.name()),
        environment,
        folder.resolve("log"));
  }

  private static boolean isWhole(Path found, Replication replication) throws Exception {
    if (!RecordedLife.damages(found).isEmpty()) {
      return false;
    }
    try {
      return start(found, replication) > 0;
    } catch (TimeoutException | AssertionError _) {
      return false;
    }
  }

  /** Returns how many messages must have been there, and were. */
  private static int start(Path found, Replication replication) throws Exception {
    RecordedLife.powerHasFailed(found);
    int acknowledged = RecordedLoneStore.acknowledged(found);
    try (StoreHarness store = new StoreHarness(RecordedLoneStore.config(found), 1, replication);
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

  /** Those around each change of a name among the files of the log, and some of all. */
  private static SortedSet<Long> moments(RecordedDisk disk, Replication replication)
      throws IOException {
    List<Long> files =
        new ArrayList<>(
            disk.namings(
                switch (replication) {
                  case NONE -> "/journal/journal-";
                  case POSSIBLE -> "/current/log_";
                }));
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
