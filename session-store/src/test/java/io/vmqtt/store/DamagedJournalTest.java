package io.vmqtt.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.DamagedStore.Harm;
import io.vmqtt.store.host.FolderCheck;
import io.vmqtt.store.salvage.Salvage;
import io.vmqtt.store.storage.Damage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A store with a journal that has a damaged file: it has everything all the same, or it does not
 * start, and says in one line which file it is.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class DamagedJournalTest {
  private static final String FILES = "journal/journal-\\d+";
  private static final int SECTOR = 512;

  @TempDir static Path folders;

  /** How the store had left its folder. */
  enum Folder {
    /** It was killed: its tables lack the end of the journal. */
    KILLED,
    /** It had stopped in order: its tables have all of the journal. */
    STOPPED,
    /** Likewise, and its journal had been cut. */
    CUT;

    Path path() {
      return folders.resolve(name());
    }
  }

  /** Which of its files. */
  enum Which {
    FIRST,
    SECOND,
    LAST
  }

  @TempDir private Path parent;
  private Path data = Path.of("");

  @BeforeAll
  static void fill() throws Exception {
    DamagedStore.fill(Folder.STOPPED.path(), Folder.KILLED.path(), Replication.NONE);
    DamagedStore.fillAndCut(Folder.CUT.path(), Replication.NONE);
  }

  /** Each kind of file, and whether a store starts if each of {@link Harm} happens to it. */
  static List<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    add(cases, Folder.KILLED, "node-id", Which.FIRST, "RRRRR");
    add(cases, Folder.KILLED, "shard-map\\.json", Which.FIRST, "RRRRR");
    add(cases, Folder.KILLED, "boot-id", Which.FIRST, "EEEEE");
    add(cases, Folder.KILLED, "journal-known", Which.FIRST, "EEEEE");
    add(cases, Folder.KILLED, FILES, Which.FIRST, "RRRRR");
    add(cases, Folder.KILLED, FILES, Which.SECOND, "RRRRR");
    add(cases, Folder.KILLED, FILES, Which.LAST, "RRRRR");
    add(cases, Folder.KILLED, "journal", Which.FIRST, "----R");
    // Made anew from the journal, which has all of it.
    add(cases, Folder.KILLED, "shards", Which.FIRST, "----E");
    // The tables have all of what is missing, but nothing is taken for whole that has a gap.
    add(cases, Folder.STOPPED, FILES, Which.FIRST, "RRRRE");
    add(cases, Folder.STOPPED, FILES, Which.SECOND, "RRRRR");
    add(cases, Folder.STOPPED, FILES, Which.LAST, "RRRRR");
    add(cases, Folder.STOPPED, "journal", Which.FIRST, "----R");
    add(cases, Folder.CUT, "shards/0", Which.FIRST, "----R");
    add(cases, Folder.CUT, "shards", Which.FIRST, "----R");
    add(cases, Folder.CUT, FILES, Which.LAST, "RRRRR");
    return cases;
  }

  /** For each harm R, E, or - where it cannot happen. */
  private static void add(
      List<Arguments> cases, Folder folder, String file, Which which, String refusals) {
    Harm[] harms = Harm.values();
    for (int i = 0; i < harms.length; i++) {
      if (refusals.charAt(i) != '-') {
        cases.add(Arguments.of(folder, file, which, harms[i], refusals.charAt(i) == 'R'));
      }
    }
  }

  private void copy(Folder from) throws Exception {
    data = parent.resolve("data");
    DamagedStore.copy(from.path(), data);
  }

  private Path find(String pattern, Which which) throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      List<Path> found =
          all.filter(path -> data.relativize(path).toString().matches(pattern))
              .sorted(
                  Comparator.comparingInt((Path path) -> path.toString().length())
                      .thenComparing(p -> p))
              .toList();
      assertFalse(found.isEmpty(), pattern);
      return switch (which) {
        case FIRST -> found.getFirst();
        case SECOND -> found.get(1);
        case LAST -> found.getLast();
      };
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void start_damagedFile(Folder folder, String file, Which which, Harm harm, boolean refuses)
      throws Exception {
    copy(folder);
    Path damaged = find(file, which);
    harm.to(damaged);
    Map<String, String> before = DamagedStore.contents(data);
    List<Damage> damages = FolderCheck.ofEverything(data).damages();
    assertEquals(refuses, !damages.isEmpty(), damages::toString);
    if (refuses) {
      Salvage.of(data, parent.resolve("salvaged"));
    }
    assertEquals(before, DamagedStore.contents(data), "looking at it changed something");
    if (refuses) {
      DamagedStore.assertNames(assertRefused(), data, damaged);
    } else {
      assertStarts();
    }
  }

  private void assertStarts() throws Exception {
    DamagedStore.assertStarts(data, Replication.NONE);
  }

  private String assertRefused() throws Exception {
    return DamagedStore.assertRefused(data, Replication.NONE);
  }

  /** What is there of the file, without the room behind it. */
  private static int written(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] == 0) {
      length--;
    }
    return (length + SECTOR - 1) / SECTOR * SECTOR;
  }

  /** The batch behind the last one, as far as it got. */
  private Path append(byte[] bytes) throws IOException {
    Path file = find(FILES, Which.LAST);
    int end = written(file);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.seek(end);
      out.write(bytes);
    }
    return file;
  }

  /** As a process leaves it that is killed while it writes: nobody was told that it is there. */
  @Test
  void start_batchThatHasNoEnd_isCutOff() throws Exception {
    copy(Folder.STOPPED);
    append(new byte[] {1, 2, 3, 4});
    assertEquals(1, FolderCheck.ofEverything(data).mends().size());
    assertStarts();
    assertEquals(List.of(), FolderCheck.ofEverything(data).mends());
    assertStarts();
  }

  /** Only a power failure leaves that, and none was. */
  @Test
  void start_lastBatchIsTorn_isDamageUnlessThePowerFailed() throws Exception {
    copy(Folder.STOPPED);
    byte[] torn = new byte[2 * SECTOR];
    torn[SECTOR + 100] = 1;
    Path file = append(torn);
    assertTrue(assertRefused().contains(file.getFileName().toString()));
    Files.writeString(data.resolve("boot-id"), "another\n");
    assertStarts();
    assertStarts(); // and is as before from then on
  }

  /** Nothing of it is missing, so it was written as it was to be. */
  @Test
  void start_lastBatchIsNotWhatWasWritten_isDamageWhateverHappenedSince() throws Exception {
    copy(Folder.KILLED);
    Files.delete(data.resolve("journal-known"));
    Harm.FLIPPED_AT_END.to(find(FILES, Which.LAST));
    Files.writeString(data.resolve("boot-id"), "another\n");
    assertRefused();
  }

  /** A kill can come before the header of a new file is whole, and between two of its writes. */
  @Test
  void start_fileThatWasNeverBegun_isDeleted() throws Exception {
    copy(Folder.STOPPED);
    Path last = find(FILES, Which.LAST);
    long number = Long.parseLong(last.getFileName().toString().substring("journal-".length()));
    Path begun = last.resolveSibling("journal-" + (number + 1));
    Files.write(begun, new byte[5_000]);
    Files.writeString(last.resolveSibling("journal-" + number + ".new"), "half of it");
    assertEquals(List.of(), FolderCheck.ofEverything(data).damages());
    assertStarts();
    assertFalse(Files.exists(begun));
  }

  @Test
  void start_thereAreRaftLogsToo_isRefused() throws Exception {
    copy(Folder.STOPPED);
    Path replicated = parent.resolve("replicated");
    DamagedStore.fill(replicated, parent.resolve("live"), Replication.POSSIBLE);
    DamagedStore.copy(replicated.resolve("raft"), data.resolve("raft"));
    for (Replication replication : Replication.values()) {
      String refusal = DamagedStore.assertRefused(data, replication);
      assertTrue(refusal.contains("journal: is there beside Raft logs, of shards [0]"), refusal);
    }
  }

  @Test
  void start_foldersAndFilesOfOthers_areNotLookedAt() throws Exception {
    copy(Folder.CUT);
    for (String around : List.of("", "journal", "shards")) {
      Files.createDirectory(data.resolve(around).resolve("lost+found"));
    }
    Files.writeString(data.resolve("journal/journal-1.bak"), "?");
    assertEquals(List.of(), FolderCheck.ofEverything(data).damages());
    assertStarts();
  }

  /**
   * All of the journal before it is applied, and what is behind it is there as it was published.
   */
  @Test
  void salvage_damagedJournal_hasAllButTheDamagedBatch() throws Exception {
    copy(Folder.KILLED);
    Harm.FLIPPED_WITHIN.to(find(FILES, Which.SECOND));
    Path to = parent.resolve("salvaged");
    Salvage.Result result = Salvage.of(data, to);
    assertTrue(result.queued() > 0 && result.logged() > 0, result::toString);
    assertEquals(1, result.losses().size(), result::toString);
    List<String> messages = DamagedStore.messages(to);
    assertTrue(messages.size() >= DamagedStore.MESSAGES - DamagedStore.MOST_OF_AN_ENTRY);
    assertEquals(List.copyOf(new TreeSet<>(messages)).size(), messages.size(), "some come twice");
  }

  @Test
  void salvage_nothingIsDamaged_hasEverything() throws Exception {
    for (Folder folder : Folder.values()) {
      data = parent.resolve(folder.name());
      DamagedStore.copy(folder.path(), data);
      Path to = parent.resolve(folder + ".jsonl");
      Salvage.Result result = Salvage.of(data, to);
      assertEquals(List.of(), result.losses());
      assertEquals(DamagedStore.MESSAGES, result.queued());
      assertEquals(0, result.logged());
      assertEquals(DamagedStore.MESSAGES, DamagedStore.messages(to).size());
    }
  }
}
