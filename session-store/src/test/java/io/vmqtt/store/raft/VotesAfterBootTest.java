package io.vmqtt.store.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.apache.ratis.server.storage.RaftStorageMetadataFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the file as Ratis itself writes and reads it. */
class VotesAfterBootTest {
  private static final Instant EARLY = Instant.parse("2026-01-01T00:00:05Z");

  private static final String GROUP = GroupFiles.nameOf(0);

  @TempDir private Path data;
  private Path groups;
  private Path vote;

  @BeforeEach
  void voteInTermSeven() throws Exception {
    groups = data.resolve("raft");
    vote = Files.createDirectories(groups.resolve(GROUP).resolve("current")).resolve("raft-meta");
    file().persist(RaftStorageMetadata.valueOf(7, RaftPeerId.valueOf("store-1")));
    VotesAfterBoot.skipLostTerms(groups, "monday", EARLY);
    file().persist(RaftStorageMetadata.valueOf(7, RaftPeerId.valueOf("store-1")));
  }

  /** What Ratis makes of it: not public there. */
  private RaftStorageMetadataFile file() throws Exception {
    var constructor =
        Class.forName("org.apache.ratis.server.storage.RaftStorageMetadataFileImpl")
            .getDeclaredConstructor(File.class);
    constructor.setAccessible(true);
    return (RaftStorageMetadataFile) constructor.newInstance(vote.toFile());
  }

  @Test
  void skipLostTerms_sameBoot_leavesTheVote() throws Exception {
    VotesAfterBoot.skipLostTerms(groups, "monday", EARLY);
    assertEquals(
        RaftStorageMetadata.valueOf(7, RaftPeerId.valueOf("store-1")), file().getMetadata());
  }

  @Test
  void skipLostTerms_machineWasStartedSince_isInATermThatHasNoVoteOfItsOwn() throws Exception {
    VotesAfterBoot.skipLostTerms(groups, "tuesday", EARLY);
    RaftStorageMetadata known = file().getMetadata();
    assertEquals(1_007, known.getTerm());
    assertTrue(known.getVotedFor().toString().isEmpty(), known::toString);
    VotesAfterBoot.skipLostTerms(groups, "tuesday", EARLY);
    assertEquals(known, file().getMetadata());
  }

  /** Another may have skipped as many, and have had a vote in its new term. */
  @Test
  void skipLostTerms_later_isAboveWhatOthersSkippedTo() throws Exception {
    VotesAfterBoot.skipLostTerms(groups, "tuesday", EARLY.plusSeconds(1_000_000));
    assertEquals(1_001_005, file().getMetadata().getTerm());
  }

  @Test
  void skipLostTerms_groupThatNeverBegan_isLeftAlone() throws Exception {
    Files.createDirectories(groups.resolve(GroupFiles.nameOf(1)).resolve("current"));
    VotesAfterBoot.skipLostTerms(groups, "tuesday", EARLY);
    assertEquals(1_007, file().getMetadata().getTerm());
  }

  /** Whatever it said: a term of its own costs an election, an older one perhaps a vote. */
  @ParameterizedTest
  @ValueSource(
      strings = {"votedFor=store-1\n", "", "term=7x", "term=\\u00", "term=999999999999999"})
  void skipLostTerms_voteThatIsNotTheOneThatWasKnown_isNotUsed(String damaged) throws Exception {
    note();
    Files.writeString(vote, damaged);
    VotesAfterBoot.skipLostTerms(groups, "monday", EARLY);
    assertEquals(1_007, file().getMetadata().getTerm());
    assertTrue(file().getMetadata().getVotedFor().toString().isEmpty());
  }

  /** A digit, or one of a name: it can be read, and is wrong. */
  @Test
  void skipLostTerms_bitOfAVote_isInATermThatHasNoVoteOfItsOwn() throws Exception {
    note();
    file().persist(RaftStorageMetadata.valueOf(3, RaftPeerId.valueOf("store-1")));
    VotesAfterBoot.skipLostTerms(groups, "monday", EARLY);
    assertEquals(1_007, file().getMetadata().getTerm());
  }

  @Test
  void skipLostTerms_voteIsTheOneThatWasKnown_leavesIt() throws Exception {
    note();
    VotesAfterBoot.skipLostTerms(groups, "monday", EARLY);
    assertEquals(7, file().getMetadata().getTerm());
  }

  @Test
  void skipLostTerms_voteIsMissing_isInATermThatHasNoVoteOfItsOwn() throws Exception {
    Files.createFile(vote.resolveSibling("log_inprogress_0"));
    Files.delete(vote);
    VotesAfterBoot.skipLostTerms(groups, "monday", EARLY);
    assertEquals(1_005, file().getMetadata().getTerm());
  }

  @Test
  void skipLostTerms_nobodyKnowsWhatWasKnown_isInATermThatHasNoVoteOfItsOwn() throws Exception {
    note();
    Files.writeString(data.resolve("raft-known"), "group 0\n");
    VotesAfterBoot.skipLostTerms(groups, "monday", EARLY);
    assertEquals(1_007, file().getMetadata().getTerm());
  }

  private void note() throws IOException {
    LastKnown.write(groups, Map.of(GROUP, LastKnown.of(groups.resolve(GROUP), 0)));
  }
}
