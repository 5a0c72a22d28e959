package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmqtt.faultydisk.Luck;
import io.vmqtt.faultydisk.RecordedDisk;
import io.vmqtt.store.convert.Conversion;
import io.vmqtt.store.convert.Conversion.Target;
import io.vmqtt.store.host.FolderCheck;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.ConversionMark;
import io.vmqtt.store.storage.DataFolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a journal to Raft groups, and back: everything that was acknowledged is there. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ConversionTest {
  private static final List<String> LIVES = List.of("stopped", "killed", "cut");

  @TempDir static Path folders;
  @TempDir private Path parent;

  @BeforeAll
  static void fill() throws Exception {
    for (Replication replication : Replication.values()) {
      Path of = Files.createDirectory(folders.resolve(replication.name()));
      DamagedStore.fill(of.resolve("stopped"), of.resolve("killed"), replication);
      DamagedStore.fillAndCut(of.resolve("cut"), replication);
    }
  }

  private static Target target(Replication replication) {
    return replication == Replication.POSSIBLE ? Target.RAFT : Target.JOURNAL;
  }

  private static Replication other(Replication replication) {
    return replication == Replication.POSSIBLE ? Replication.NONE : Replication.POSSIBLE;
  }

  /** A folder with the logs of which these are not. */
  private Path folder(String life, Replication wanted) throws IOException {
    Path data = parent.resolve(life + wanted);
    DamagedStore.copy(folders.resolve(other(wanted).name()).resolve(life), data);
    return data;
  }

  private static void assertHas(Path data, Replication logs) throws Exception {
    assertEquals(logs == Replication.NONE, Files.exists(data.resolve("journal")));
    assertEquals(logs == Replication.NONE, Files.exists(data.resolve("journal-known")));
    assertEquals(logs == Replication.POSSIBLE, Files.exists(data.resolve("raft")));
    assertFalse(ConversionMark.isSet(data));
    assertEquals(List.of(), FolderCheck.ofEverything(data).damages());
  }

  @ParameterizedTest
  @EnumSource(Replication.class)
  void of_folderOfEachLife_hasEverythingAndGoesOn(Replication wanted) throws Exception {
    for (String life : LIVES) {
      Path data = folder(life, wanted);
      assertEquals(1, Conversion.of(data, target(wanted)));
      DamagedStore.assertStarts(data, wanted);
      DamagedStore.assertStarts(data, wanted);
      assertHas(data, wanted);
    }
  }

  @Test
  void of_thereAndBack_hasEverything() throws Exception {
    Path data = folder("killed", Replication.POSSIBLE);
    for (int turn = 0; turn < 2; turn++) {
      for (Replication wanted : List.of(Replication.POSSIBLE, Replication.NONE)) {
        assertEquals(1, Conversion.of(data, target(wanted)));
        try (StoreHarness store = DamagedStore.open(data, wanted);
            FakeRouter router = store.router("router-1")) {
          router.publishSafely(message("nobody", 1, "-"));
        }
        DamagedStore.assertStarts(data, wanted);
      }
    }
    assertHas(data, Replication.NONE);
  }

  @Test
  void of_logsThatAreThatAlready_changesNothing() throws Exception {
    Path data = folder("stopped", Replication.POSSIBLE);
    Map<String, String> before = DamagedStore.contents(data.resolve("journal"));
    assertEquals(0, Conversion.of(data, Target.JOURNAL));
    assertEquals(before, DamagedStore.contents(data.resolve("journal")));
    DamagedStore.assertStarts(data, Replication.NONE);
  }

  @Test
  void of_folderThatIsNone_orNotTheWholeCluster_orDamaged_isRefused() throws Exception {
    assertRefused(parent.resolve("none"), "there is no folder");
    assertRefused(Files.createDirectory(parent.resolve("empty")), "has no logs");

    Path damaged = folder("killed", Replication.POSSIBLE);
    DamagedStore.Harm.FLIPPED_WITHIN.to(damaged.resolve("journal/journal-1"));
    assertRefused(damaged, "is damaged");

    Path lost = folder("stopped", Replication.POSSIBLE);
    Files.delete(lost.resolve("shard-map.json"));
    assertRefused(lost, "shard-map.json");
  }

  private static void assertRefused(Path data, String why) {
    String said =
        String.valueOf(
            assertThrows(DataFolderException.class, () -> Conversion.of(data, Target.RAFT))
                .getMessage());
    assertTrue(said.contains(why), said);
    assertEquals(1, said.lines().count());
  }

  /** The other stores may have what this one has not. */
  @Test
  void of_groupWithOtherMembers_isRefused() throws Exception {
    Path cluster = parent.resolve("cluster");
    try (StoreCluster stores = new StoreCluster(cluster, 1_000)) {
      stores.leader().publishSafely(message("nobody", 1, "-"));
    }
    DataFolderException refusal =
        assertThrows(
            DataFolderException.class,
            () -> Conversion.of(cluster.resolve("store-0"), Target.JOURNAL));
    assertTrue(String.valueOf(refusal.getMessage()).contains("is not all that there is"));
  }

  /** Nobody uses it, and whoever converts it again comes to the end. */
  @Test
  void start_conversionThatHasNotEnded_isRefused() throws Exception {
    Path data = folder("killed", Replication.POSSIBLE);
    ConversionMark.set(data, Target.RAFT.text());
    Files.createDirectories(data.resolve("raft/half"));
    for (Replication replication : Replication.values()) {
      String line = DamagedStore.assertRefused(data, replication);
      assertTrue(line.contains("'vmqtt store convert' goes on"), line);
    }
    assertEquals(0, Conversion.of(data, Target.JOURNAL), "it is taken back");
    assertFalse(Files.exists(data.resolve("raft")));
    DamagedStore.assertStarts(data, Replication.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RAFT", "JOURNAL"})
  void of_powerFailedAtAnyMoment_isRepeatedAndHasEverything(String logs) throws Exception {
    assumeTrue(RecordedDisk.isPossible(), "Linux, and a C compiler");
    Target target = Target.valueOf(logs);
    Replication wanted = target == Target.RAFT ? Replication.POSSIBLE : Replication.NONE;
    Path data = folder("killed", wanted);
    RecordedDisk disk = new RecordedDisk(data, parent.resolve("notes"));
    RecordedLife.live(
        target == Target.RAFT ? RecordedConversion.ToRaft.class : RecordedConversion.Back.class,
        List.of(data.toString()),
        disk.environment(),
        parent.resolve("log"));
    Path found = parent.resolve("found");
    NavigableSet<Long> moments = new TreeSet<>();
    for (String name : List.of("/raft", "/journal", "/converting")) {
      moments.addAll(disk.namings(name));
    }
    assertTrue(moments.size() > 5, moments::toString);
    for (long naming : moments) {
      // By turns: what was not synced is gone, or some of it.
      disk.powerOffAt(naming, naming % 2 == 0 ? Luck.none() : Luck.some(naming), found);
      RecordedLife.powerHasFailed(found);
      Conversion.of(found, target);
      DamagedStore.assertStarts(found, wanted);
      assertHas(found, wanted);
      CheckpointFiles.delete(found);
    }
  }
}
