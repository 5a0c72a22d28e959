package io.vmqtt.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.DamagedStore.Harm;
import io.vmqtt.store.storage.DataFolderException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A store that is alone with its data, and has a damaged file: it has everything all the same, or
 * it does not start, and says in one line which file it is.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class DamagedFolderTest {
  private static final String GROUP = "raft/[-0-9a-f]{36}";
  private static final String CURRENT = GROUP + "/current/";

  @TempDir static Path folders;

  /** How the store had left its folder. */
  enum Folder {
    /** It was killed: its tables lack the end of the log. */
    KILLED,
    /** It had stopped in order: its tables have all of the log. */
    STOPPED,
    /** Likewise, and its log had been cut. */
    CUT;

    Path path() {
      return folders.resolve(name());
    }
  }

  @TempDir private Path parent;
  private Path data = Path.of("");

  /** What a store does that cannot have everything. */
  enum Outcome {
    REFUSES,
    HAS_EVERYTHING
  }

  @BeforeAll
  static void fill() throws Exception {
    DamagedStore.fill(Folder.STOPPED.path(), Folder.KILLED.path());
    DamagedStore.fillAndCut(Folder.CUT.path());
  }

  /** Each kind of file, and what becomes of a store if each of {@link Harm} happens to it. */
  static List<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    add(cases, Folder.KILLED, "node-id", "RRRRR");
    add(cases, Folder.KILLED, "shard-map\\.json", "RRRRR");
    // Neither is needed: a replica that does not know how it voted goes on in a later term.
    add(cases, Folder.KILLED, "boot-id", "EEEEE");
    add(cases, Folder.KILLED, "raft-known", "EEEEE");
    add(cases, Folder.KILLED, CURRENT + "raft-meta", "EEEEE");
    add(cases, Folder.KILLED, CURRENT + "raft-meta\\.conf", "RRRRR");
    add(cases, Folder.KILLED, CURRENT + "log_0-\\d+", "RRRRR");
    add(cases, Folder.KILLED, CURRENT + "log_[1-9]\\d*-\\d+", "RRRRR");
    add(cases, Folder.KILLED, CURRENT + "log_inprogress_\\d+", "RRRRR");
    add(cases, Folder.KILLED, GROUP, "----R");
    add(cases, Folder.KILLED, "raft", "----R");
    add(cases, Folder.KILLED, "shards/0/CURRENT", "RRRRR");
    // Made anew from the log, which has all of it.
    add(cases, Folder.KILLED, "shards", "----E");
    add(cases, Folder.KILLED, "shards/0", "----E");
    // The tables have all of what is missing, but for its end the log could not be continued.
    add(cases, Folder.STOPPED, CURRENT + "log_0-\\d+", "RRRRE");
    add(cases, Folder.STOPPED, CURRENT + "log_inprogress_\\d+", "RRRRR");
    add(cases, Folder.STOPPED, "raft", "----R");
    add(cases, Folder.STOPPED, "shards/0/CURRENT", "RRRRR");
    // The beginning of a list of tables is that of an earlier moment; the log has the rest.
    add(cases, Folder.STOPPED, "shards/0/MANIFEST-\\d+", "RRERR");
    add(cases, Folder.STOPPED, "shards/0/\\d+\\.sst", "RRRRR");
    add(cases, Folder.CUT, "shards/0/CURRENT", "RRRRR");
    add(cases, Folder.CUT, "shards/0/MANIFEST-\\d+", "RRRRR");
    add(cases, Folder.CUT, "shards/0/\\d+\\.sst", "RRRRR");
    add(cases, Folder.CUT, "shards/0", "----R");
    add(cases, Folder.CUT, "shards", "----R");
    return cases;
  }

  /** For each harm R, E, or - where it cannot happen. */
  private static void add(
      List<Arguments> cases, Folder folder, String file, String outcomeOfEachHarm) {
    Harm[] harms = Harm.values();
    for (int i = 0; i < harms.length; i++) {
      Harm harm = harms[i];
      switch (outcomeOfEachHarm.charAt(i)) {
        case 'R' -> cases.add(Arguments.of(folder, file, harm, Outcome.REFUSES));
        case 'E' -> cases.add(Arguments.of(folder, file, harm, Outcome.HAS_EVERYTHING));
        case '-' -> {
          // a folder has no bytes
        }
        default -> throw new IllegalArgumentException(outcomeOfEachHarm);
      }
    }
  }

  private void copy(Folder from) throws Exception {
    data = parent.resolve("data");
    DamagedStore.copy(from.path(), data);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void start_damagedFile(Folder folder, String file, Harm harm, Outcome outcome) throws Exception {
    copy(folder);
    Path damaged = DamagedStore.find(data, file);
    harm.to(damaged);
    switch (outcome) {
      case REFUSES -> {
        String line = assertRefused();
        Path within = data.resolve(data.relativize(damaged).getName(0));
        assertTrue(line.contains(within + "") || line.contains("but the log begins at"), line);
      }
      case HAS_EVERYTHING -> assertStarts();
    }
  }

  private void assertStarts() throws Exception {
    try (StoreHarness store = DamagedStore.open(data)) {
      DamagedStore.assertWhole(store);
    }
  }

  private String assertRefused() {
    DataFolderException refusal =
        assertThrows(DataFolderException.class, () -> DamagedStore.open(data).close());
    String line = String.valueOf(refusal.getMessage());
    assertEquals(1, line.lines().count(), line);
    assertTrue(line.startsWith("data folder " + data + " is damaged, and no other store"), line);
    return line;
  }

  /** As a process leaves it that is killed while it writes: nobody was told that it is there. */
  @Test
  void start_entryThatHasNoEnd_isCutOff() throws Exception {
    copy(Folder.STOPPED);
    append(new byte[] {32, 8, 1, 16});
    assertStarts();
  }

  /** Only a power failure leaves that, and none was. */
  @Test
  void start_lastEntryIsNotWhatWasWritten_isDamage() throws Exception {
    copy(Folder.STOPPED);
    Path log = append(new byte[] {4, 8, 1, 16, 9, 1, 2, 3, 4});
    assertTrue(assertRefused().contains(log.getFileName().toString()));
  }

  @Test
  void start_lastEntryIsTornByAPowerFailure_isCutOff() throws Exception {
    copy(Folder.STOPPED);
    append(new byte[] {4, 8, 1, 16, 9, 1, 2, 3, 4});
    Files.writeString(data.resolve("boot-id"), "another\n");
    assertStarts();
    assertStarts(); // and is as before from then on
  }

  private Path append(byte[] bytes) throws Exception {
    Path log = DamagedStore.find(data, CURRENT + "log_inprogress_\\d+");
    Files.write(log, bytes, StandardOpenOption.APPEND);
    return log;
  }
}
