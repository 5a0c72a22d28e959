package io.vmqtt.store.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.Findings.Part;
import io.vmqtt.store.storage.Mend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs in every state in which Ratis can leave them, and in others. */
class GroupCheckTest {
  @TempDir private Path data;
  private Path group = Path.of("");

  @BeforeEach
  void folder() throws IOException {
    group = data.resolve("raft").resolve(GroupFiles.nameOf(0));
    Files.createDirectories(group.resolve(GroupFiles.CURRENT));
    members(1, LogBytes.TERM, "a", "b", "c");
  }

  private void members(long index, long term, String... ids) throws IOException {
    RaftConfigurationProto.Builder members = RaftConfigurationProto.newBuilder();
    for (String id : ids) {
      members.addPeers(RaftPeerProto.newBuilder().setId(ByteString.copyFromUtf8(id)));
    }
    Files.write(
        group.resolve(GroupFiles.MEMBERS),
        LogEntryProto.newBuilder()
            .setTerm(term)
            .setIndex(index)
            .setConfigurationEntry(members)
            .build()
            .toByteArray());
  }

  private void closed(long first, long last) throws IOException {
    closed(first, last, (int) (last - first + 1));
  }

  private void closed(long first, long last, int entries) throws IOException {
    write("log_" + first + "-" + last, LogBytes.file(first, entries));
  }

  private void open(long first, int entries) throws IOException {
    write("log_inprogress_" + first, LogBytes.file(first, entries));
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(group.resolve(GroupFiles.CURRENT).resolve(name), bytes);
  }

  private void checkpoint(long entry) throws IOException {
    Files.createDirectories(group.resolve(GroupFiles.CHECKPOINTS).resolve("3_" + entry));
  }

  /** What was known is that this entry was applied. */
  private void note(long applied) throws IOException {
    LastKnown.write(
        data.resolve("raft"), Map.of(GroupFiles.nameOf(0), LastKnown.of(group, applied)));
  }

  private GroupCheck.Found look(long applied) throws IOException {
    return GroupCheck.of(data.resolve("raft")).look(0, applied);
  }

  private List<Damage> damages(long applied) throws IOException {
    return look(applied).parts().stream().map(Part::damages).flatMap(List::stream).toList();
  }

  /** No damage, and the files of the log that are there when it is mended. */
  private List<String> mended(long applied) throws IOException {
    assertEquals(List.of(), damages(applied));
    for (Mend mend : look(applied).mends()) {
      mend.make();
    }
    assertEquals(List.of(), look(applied).mends());
    assertEquals(List.of(), damages(applied));
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(group.resolve(GroupFiles.CURRENT))) {
      files.map(file -> file.getFileName().toString()).sorted().forEach(names::add);
    }
    names.remove("raft-meta.conf");
    return names;
  }

  /** Of the files that it deletes because the tables have them, the disk may have lost any. */
  @Test
  void look_gapInWhatTheTablesHave_hasOnlyWhatIsBehindIt() throws IOException {
    closed(0, 9);
    open(20, 15);
    note(30);
    assertEquals(List.of("log_inprogress_20"), mended(30));
  }

  @Test
  void look_gapInWhatTheTablesLack_isDamage() throws IOException {
    closed(0, 9);
    open(20, 15);
    note(30);
    assertEquals(1, damages(18).size());
  }

  /** The file was named for entries that were not written any more, and would have been deleted. */
  @Test
  void look_fileLacksEntriesThatACheckpointHas_isDeleted() throws IOException {
    closed(0, 9);
    closed(10, 19, 4);
    checkpoint(50);
    note(12);
    assertEquals(List.of(), mended(12));
    closed(10, 19, 0);
    open(51, 2);
    assertEquals(List.of("log_inprogress_51"), mended(50));
  }

  @Test
  void look_fileLacksEntriesThatNoCheckpointHas_isDamage() throws IOException {
    closed(0, 9);
    closed(10, 19, 4);
    note(17);
    assertEquals(1, damages(12).size());
    checkpoint(18);
    note(19);
    assertEquals(1, damages(12).size());
  }

  /** A replica that was killed while it took over a checkpoint would never catch up. */
  @Test
  void look_logEndsBeforeTheCheckpoint_beginsAnewBehindIt() throws IOException {
    closed(0, 9);
    open(10, 30);
    checkpoint(50);
    note(12);
    assertEquals(List.of(), mended(12));
  }

  @Test
  void look_logGoesOnBehindTheCheckpoint_staysAsItIs() throws IOException {
    closed(0, 9);
    open(10, 50);
    checkpoint(50);
    note(12);
    assertEquals(List.of("log_0-9", "log_inprogress_10"), mended(12));
  }

  /** Both names of the file that a checkpoint has overtaken, and the one that was begun. */
  @Test
  void look_twoFilesThatWereBeingWritten_hasOnlyTheOneBehindTheCheckpoint() throws IOException {
    open(10, 4);
    open(51, 1);
    checkpoint(50);
    assertEquals(List.of("log_inprogress_51"), mended(12));
  }

  /** Of entries that were overruled it deletes files, and ends one, in any order. */
  @Test
  void look_followerThatCutsItsLog_isNoDamage() throws IOException {
    closed(0, 9);
    open(20, 15);
    note(8);
    assertEquals(List.of(), damages(8));
    closed(0, 9, 6);
    note(5);
    assertEquals(List.of(), damages(5));
    note(7);
    assertFalse(damages(5).isEmpty());
  }

  /** Who is alone is never overruled. */
  @Test
  void look_gapInTheLogOfTheOnlyReplica_isDamage() throws IOException {
    members(1, LogBytes.TERM, "a");
    closed(0, 9);
    open(20, 15);
    assertEquals(1, damages(8).size());
  }

  @Test
  void look_fileOfTheOnlyReplicaEndsTooEarly_isDamage() throws IOException {
    members(1, LogBytes.TERM, "a");
    closed(0, 9, 6);
    assertEquals(1, damages(2).size());
  }

  @Test
  void look_lastFileOfAFollowerWasEndedAndNotRenamed_getsItsName() throws IOException {
    closed(0, 9, 6);
    note(5);
    assertEquals(List.of("log_0-5"), mended(2));
  }

  @Test
  void look_fileWithoutHeader_isDeleted() throws IOException {
    closed(0, 9);
    write("log_inprogress_10", new byte[0]);
    note(5);
    assertEquals(List.of("log_0-9"), mended(2));
    write("log_inprogress_10", new byte[1_000]);
    assertEquals(List.of("log_0-9"), mended(2));
  }

  @Test
  void look_logBeginsBehindTheTables_isDamageIfItWasThere() throws IOException {
    open(20, 15);
    note(15);
    assertEquals(1, damages(10).size());
    note(10);
    assertEquals(List.of(), damages(10));
  }

  /** The entry was overruled: another is in its place. */
  @Test
  void look_membersOfTheSameEntryInAnotherTerm_areNoDamage() throws IOException {
    open(0, 9);
    note(5);
    members(1, LogBytes.TERM + 1, "a", "b");
    assertEquals(List.of(), damages(5));
    members(1, LogBytes.TERM, "a", "b");
    assertEquals(1, damages(5).size());
  }

  @Test
  void look_noteButNoFolder_isDamage() throws IOException {
    note(5);
    Files.move(group, data.resolve("elsewhere"));
    assertTrue(damages(5).getFirst().how().contains("is missing"));
  }

  /** What is known of one group is noted, whatever is wrong with the files of another. */
  @Test
  void take_membersOfOneGroupCannotBeRead_notesTheOthers() throws IOException {
    open(0, 9);
    Path other = group.resolveSibling(GroupFiles.nameOf(1));
    Files.createDirectories(other.resolve(GroupFiles.CURRENT));
    Files.write(other.resolve(GroupFiles.MEMBERS), new byte[] {1, 2, 3});
    new GroupNotes(data.resolve("raft"))
        .take(Map.of(GroupFiles.nameOf(0), 5L, GroupFiles.nameOf(1), 5L));
    assertEquals(
        Map.of(GroupFiles.nameOf(0), LastKnown.of(group, 5)), LastKnown.read(data.resolve("raft")));
  }
}
