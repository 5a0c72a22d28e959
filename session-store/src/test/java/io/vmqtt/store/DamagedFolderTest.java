package io.vmqtt.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.DamagedStore.Harm;
import io.vmqtt.store.host.FolderCheck;
import io.vmqtt.store.salvage.Salvage;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.DataFolderException;
import io.vmqtt.store.storage.Findings;
import io.vmqtt.store.storage.Mend;
import io.vmqtt.store.storage.SealedText;
import io.vmqtt.store.storage.TablesCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.ratis.util.MD5FileUtil;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A store with Raft groups that is alone with its data, and has a damaged file: it has everything
 * all the same, or it does not start, and says in one line which file it is.
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
    HAS_EVERYTHING,
    /** One of the two; which, depends on how much RocksDB happened to have written. */
    EITHER
  }

  @BeforeAll
  static void fill() throws Exception {
    DamagedStore.fill(Folder.STOPPED.path(), Folder.KILLED.path(), Replication.POSSIBLE);
    DamagedStore.fillAndCut(Folder.CUT.path(), Replication.POSSIBLE);
  }

  /** Each kind of file, and what becomes of a store if each of {@link Harm} happens to it. */
  private static List<Arguments> cases() {
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
    // There are no tables yet that it would name.
    add(cases, Folder.KILLED, "shards/0/CURRENT", "RRRRE");
    // Made anew from the log, which has all of it.
    add(cases, Folder.KILLED, "shards", "----E");
    add(cases, Folder.KILLED, "shards/0", "----E");
    // The tables have all of what is missing, but for its end the log could not be continued.
    add(cases, Folder.STOPPED, CURRENT + "log_0-\\d+", "RRRRE");
    add(cases, Folder.STOPPED, CURRENT + "log_inprogress_\\d+", "RRRRR");
    add(cases, Folder.STOPPED, "raft", "----R");
    add(cases, Folder.STOPPED, "shards/0/CURRENT", "RRRRR");
    // The beginning of a list of tables may be that of an earlier moment, and the log has the rest;
    // what is flipped in its middle may be a length, and what follows an entry without its end.
    add(cases, Folder.STOPPED, "shards/0/MANIFEST-\\d+", "?R?RR");
    add(cases, Folder.STOPPED, "shards/0/\\d+\\.sst", "RRRRR");
    add(cases, Folder.CUT, "shards/0/CURRENT", "RRRRR");
    add(cases, Folder.CUT, "shards/0/MANIFEST-\\d+", "RRRRR");
    add(cases, Folder.CUT, "shards/0/\\d+\\.sst", "RRRRR");
    add(cases, Folder.CUT, "shards/0", "----R");
    add(cases, Folder.CUT, "shards", "----R");
    return cases;
  }

  /** For each harm R, E, ? for either, or - where it cannot happen. */
  private static void add(
      List<Arguments> cases, Folder folder, String file, String outcomeOfEachHarm) {
    Harm[] harms = Harm.values();
    for (int i = 0; i < harms.length; i++) {
      Harm harm = harms[i];
      switch (outcomeOfEachHarm.charAt(i)) {
        case 'R' -> cases.add(Arguments.of(folder, file, harm, Outcome.REFUSES));
        case 'E' -> cases.add(Arguments.of(folder, file, harm, Outcome.HAS_EVERYTHING));
        case '?' -> cases.add(Arguments.of(folder, file, harm, Outcome.EITHER));
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

  static List<Arguments> everyOtherCase() {
    return casesFrom(0);
  }

  static List<Arguments> theOtherCases() {
    return casesFrom(1);
  }

  /** Of five kinds of harm, so that of each kind of file and of each harm there is one. */
  private static List<Arguments> casesFrom(int first) {
    List<Arguments> cases = cases();
    return IntStream.iterate(first, i -> i < cases.size(), i -> i + 2)
        .mapToObj(cases::get)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("everyOtherCase")
  void start_damagedFile(Folder folder, String file, Harm harm, Outcome outcome) throws Exception {
    assertKnown(folder, file, harm, outcome);
  }

  @ParameterizedTest
  @MethodSource("theOtherCases")
  @Tag("slow")
  void start_damagedFile_theOtherHalf(Folder folder, String file, Harm harm, Outcome outcome)
      throws Exception {
    assertKnown(folder, file, harm, outcome);
  }

  private void assertKnown(Folder folder, String file, Harm harm, Outcome outcome)
      throws Exception {
    copy(folder);
    Path damaged = DamagedStore.find(data, file);
    harm.to(damaged);
    Map<String, String> before = DamagedStore.contents(data);
    List<Damage> damages = FolderCheck.ofEverything(data).damages();
    boolean refuses = outcome == Outcome.EITHER ? !damages.isEmpty() : outcome == Outcome.REFUSES;
    if (refuses) {
      assertFalse(damages.isEmpty());
      Salvage.of(data, parent.resolve("salvaged"));
    } else {
      assertEquals(List.of(), damages);
    }
    assertEquals(before, DamagedStore.contents(data), "looking at it changed something");
    if (refuses) {
      DamagedStore.assertNames(assertRefused(), data, damaged);
    } else {
      assertStarts();
    }
  }

  private void assertStarts() throws Exception {
    DamagedStore.assertStarts(data, Replication.POSSIBLE);
  }

  private String assertRefused() throws Exception {
    return DamagedStore.assertRefused(data, Replication.POSSIBLE);
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
  void start_lastEntryIsTorn_isDamage() throws Exception {
    copy(Folder.STOPPED);
    Path log = append(torn());
    assertTrue(assertRefused().contains(log.getFileName().toString()));
  }

  @Test
  void start_lastEntryIsTornByAPowerFailure_isCutOff() throws Exception {
    copy(Folder.STOPPED);
    append(torn());
    Files.writeString(data.resolve("boot-id"), "another\n");
    assertStarts();
    assertStarts(); // and is as before from then on
  }

  /** Nothing of it is missing, so it was written as it was to be. */
  @Test
  void start_lastEntryIsNotWhatWasWritten_isDamageWhateverHappenedSince() throws Exception {
    copy(Folder.STOPPED);
    append(new byte[] {4, 8, 1, 16, 9, 1, 2, 3, 4});
    Files.writeString(data.resolve("boot-id"), "another\n");
    assertRefused();
  }

  /** Two sectors of an entry, of which only the end is there. */
  private static byte[] torn() {
    byte[] entry = new byte[2_000];
    entry[1_990] = 1;
    return entry;
  }

  private Path append(byte[] bytes) throws Exception {
    Path log = DamagedStore.find(data, CURRENT + "log_inprogress_\\d+");
    Files.write(log, bytes, StandardOpenOption.APPEND);
    return log;
  }

  /** A leader's checkpoint had come, the power failed, and now the shard has one replica. */
  @Test
  void start_checkpointIsNewerThanTheTablesOfTheOneReplica_isTakenOver() throws Exception {
    copy(Folder.STOPPED);
    Path tables = data.resolve("shards/0");
    Path group = DamagedStore.find(data, GROUP);
    String vote = Files.readString(group.resolve("current/raft-meta"));
    String term = vote.replaceFirst("(?s).*term=(\\d+).*", "$1");
    long applied = TablesCheck.of(tables, TablesCheck.Depth.LIST).applied();
    Files.createDirectories(group.resolve("sm"));
    Files.move(tables, group.resolve("sm/" + term + "_" + applied));
    for (String log : List.of("log_0-\\d+", "log_[1-9]\\d*-\\d+", "log_inprogress_\\d+")) {
      Files.delete(DamagedStore.find(data, CURRENT + log));
    }
    Files.delete(data.resolve("raft-known"));
    assertStarts();
  }

  /** Whatever else lies there is nobody's. */
  @Test
  void start_foldersAndFilesOfOthers_areNotLookedAt() throws Exception {
    copy(Folder.CUT);
    for (String around : List.of("", "raft", "shards", "shards/0")) {
      Files.createDirectory(data.resolve(around).resolve("lost+found"));
    }
    Files.writeString(DamagedStore.find(data, GROUP).resolve("current/log_1-2.bak"), "?");
    Files.createDirectories(data.resolve("raft/00000000-0000-4000-8000-000000000000/current"));
    assertEquals(List.of(), FolderCheck.ofEverything(data).damages());
    assertStarts();
  }

  /** A shard that was being handed back when the process was killed. */
  @Test
  void start_halfOfAGroupThatWasBeingRemoved_isDeleted() throws Exception {
    copy(Folder.STOPPED);
    Path group = DamagedStore.find(data, GROUP);
    Path half = group.resolveSibling("564d5154-5400-4000-8000-000000000001" + ".removed");
    DamagedStore.copy(group, half);
    Files.delete(half.resolve("current/raft-meta"));
    Files.createDirectory(data.resolve("shards/1.removed"));
    assertEquals(List.of(), FolderCheck.ofEverything(data).damages());
    assertStarts();
    assertFalse(Files.exists(half));
    assertFalse(Files.exists(data.resolve("shards/1.removed")));
  }

  /** Its log goes first, and what is noted of it; another map can place the shard here again. */
  @Test
  void start_tablesOfAShardThatWasHandedBack_areNoDamage() throws Exception {
    copy(Folder.STOPPED);
    CheckpointFiles.delete(DamagedStore.find(data, GROUP));
    SealedText.write(data.resolve("raft-known"), "");
    assertEquals(List.of(), FolderCheck.ofEverything(data).damages());
    assertStarts();
  }

  /** No map has so many shards: they are nobody's, whatever is in them. */
  @Test
  void start_foldersWithOtherNumbers_areNotLookedAt() throws Exception {
    copy(Folder.CUT);
    for (String name : List.of("1", "99", "007", "999999999")) {
      Path tables = Files.createDirectory(data.resolve("shards").resolve(name));
      Files.writeString(tables.resolve("CURRENT"), "?");
    }
    Path group = data.resolve("raft/564d5154-5400-4000-8000-000000000063/current");
    Files.createDirectories(group);
    Files.writeString(group.resolve("log_0-9"), "?");
    assertEquals(List.of(), FolderCheck.ofEverything(data).damages());
    assertStarts();
  }

  /**
   * Ratis had received a checkpoint and deleted the log before it, and the disk has the latter and
   * not the new name of the former.
   */
  @Test
  void start_checkpointThatIsNotInItsPlace_getsIt() throws Exception {
    copy(Folder.CUT);
    Path received = DamagedStore.find(data, GROUP).resolve("tmp/snapshot-1");
    long applied = receiveTables(received);
    Findings findings = FolderCheck.ofEverything(data);
    assertEquals(List.of(), findings.damages());
    for (Mend mend : findings.mends()) {
      mend.make();
    }
    Path placed = DamagedStore.find(data, GROUP).resolve("sm/1_" + applied);
    assertTrue(Files.exists(placed.resolve("CURRENT")));
    findings = FolderCheck.ofEverything(data);
    assertEquals(List.of(), findings.damages());
    assertEquals(List.of(), findings.mends());
    Harm.FLIPPED_WITHIN.to(DamagedStore.find(placed, "\\d+\\.sst"));
    assertFalse(FolderCheck.beforeStart(data).damages().isEmpty(), "it will replace the tables");
  }

  /** It was never complete, so the log that it is to replace is needed. */
  @ParameterizedTest
  @EnumSource(Harm.class)
  void start_halfOfACheckpoint_isNotUsed(Harm harm) throws Exception {
    copy(Folder.CUT);
    Path received = DamagedStore.find(data, GROUP).resolve("tmp/snapshot-1");
    receiveTables(received);
    harm.to(DamagedStore.find(received, "1_\\d+/\\d+\\.sst"));
    Findings findings = FolderCheck.ofEverything(data);
    assertEquals(List.of(), findings.mends());
    assertTrue(findings.damages().toString().contains("but the tables end at entry 0"));
  }

  /** The tables are where Ratis keeps what it receives, each file with its digest. */
  private long receiveTables(Path received) throws Exception {
    Path tables = data.resolve("shards/0");
    long applied = TablesCheck.of(tables, TablesCheck.Depth.LIST).applied();
    Path checkpoint = received.resolve("1_" + applied);
    Files.createDirectories(received);
    Files.move(tables, checkpoint);
    for (Path file : CheckpointFiles.list(checkpoint)) {
      MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
    }
    return applied;
  }

  /** New tables that were killed have a list, and nothing that names it. */
  @Test
  void start_tablesThatWereNeverFinished_areMadeAnew() throws Exception {
    copy(Folder.KILLED);
    Path tables = data.resolve("shards/0");
    CheckpointFiles.delete(tables);
    Files.createDirectory(tables);
    Files.writeString(tables.resolve("MANIFEST-000001"), "half of it");
    assertEquals(List.of(), FolderCheck.ofEverything(data).damages());
    assertStarts();
  }

  /** A replica that was killed when its leader had sent it a checkpoint: its log is not cut yet. */
  @Test
  void check_logEndsBeforeACheckpoint_isNoDamage() throws Exception {
    copy(Folder.STOPPED);
    Path checkpoint = DamagedStore.find(data, GROUP).resolve("sm/1_5000");
    Files.createDirectories(checkpoint.getParent());
    DamagedStore.copy(data.resolve("shards/0"), checkpoint);
    assertEquals(List.of(), FolderCheck.ofEverything(data).damages());
    Path begun = DamagedStore.find(data, GROUP).resolve("current/log_inprogress_5001");
    Files.writeString(begun, "RaftLog1");
    assertEquals(List.of(), FolderCheck.ofEverything(data).damages());
    Harm.FLIPPED_WITHIN.to(DamagedStore.find(checkpoint, "\\d+\\.sst"));
    assertFalse(FolderCheck.ofEverything(data).damages().isEmpty());
  }

  @Test
  void start_fileThatCannotBeRead_isNoDamage() throws Exception {
    copy(Folder.STOPPED);
    Path log = DamagedStore.find(data, CURRENT + "log_0-\\d+");
    Files.delete(log);
    Files.createDirectory(log); // whoever runs this, it is no file to read
    DataFolderException refusal =
        assertThrows(
            DataFolderException.class, () -> DamagedStore.open(data, Replication.POSSIBLE).close());
    assertTrue(String.valueOf(refusal.getMessage()).contains("cannot be used"), refusal::toString);
  }

  @Test
  void start_mapOfALaterFormat_isNoDamage() throws Exception {
    copy(Folder.STOPPED);
    SealedText.write(data.resolve("shard-map.json"), "{\"format\":9}");
    DataFolderException refusal =
        assertThrows(
            DataFolderException.class, () -> DamagedStore.open(data, Replication.POSSIBLE).close());
    assertTrue(String.valueOf(refusal.getMessage()).contains("format 9"), refusal::toString);
    assertFalse(String.valueOf(refusal.getMessage()).contains("is damaged"), refusal::toString);
  }

  /** All of the log before it is applied, and what is behind it is there as it was published. */
  @Test
  void salvage_damagedLog_hasAllButTheDamagedEntry() throws Exception {
    copy(Folder.KILLED);
    Harm.FLIPPED_WITHIN.to(DamagedStore.find(data, CURRENT + "log_[1-9]\\d*-\\d+"));
    Path to = parent.resolve("salvaged");
    Salvage.Result result = Salvage.of(data, to);
    assertTrue(result.queued() > 0 && result.logged() > 0, result::toString);
    assertEquals(1, result.losses().size(), result::toString);
    List<String> messages = DamagedStore.messages(to);
    assertTrue(messages.size() >= DamagedStore.MESSAGES - DamagedStore.MOST_OF_AN_ENTRY);
    assertEquals(List.copyOf(new TreeSet<>(messages)).size(), messages.size(), "some come twice");
  }

  @Test
  void salvage_damagedTable_hasWhatIsInItsOtherBlocks() throws Exception {
    copy(Folder.CUT);
    Harm.FLIPPED_WITHIN.to(DamagedStore.find(data, "shards/0/\\d+\\.sst"));
    Path to = parent.resolve("salvaged");
    Salvage.Result result = Salvage.of(data, to);
    assertFalse(result.losses().isEmpty());
    assertTrue(result.queued() >= DamagedStore.MESSAGES / 2, result::toString);
    assertTrue(result.queued() < DamagedStore.MESSAGES, result::toString);
    assertTrue(Files.readString(to).contains("\"clientId\":\"alice\""));
  }

  @Test
  void salvage_noListOfTables_hasWhatIsInTheirFiles() throws Exception {
    copy(Folder.CUT);
    Files.delete(data.resolve("shards/0/CURRENT"));
    Path to = parent.resolve("salvaged");
    Salvage.of(data, to);
    assertEquals(DamagedStore.MESSAGES, new TreeSet<>(DamagedStore.messages(to)).size());
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
