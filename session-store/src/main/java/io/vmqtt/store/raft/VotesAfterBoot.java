package io.vmqtt.store.raft;

import io.vmqtt.store.storage.Boot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a replica from voting twice in one term when its machine lost power, or its file is
 * damaged. Ratis writes a vote into a file that it renames, and does not sync the folder: the vote
 * may be gone, though it counted. So a replica on a machine that was started since goes on in a
 * term far above all in which it can have voted, and so does one whose file is missing, or not the
 * one that was last known. Where only the process ended, the kernel still knows, and nothing is
 * done: a higher term costs the others an election.
 */
final class VotesAfterBoot {
  private static final Logger log = LoggerFactory.getLogger(VotesAfterBoot.class);

  /** More than there are elections between two syncs of a log's folder, or two notes of a vote. */
  private static final long TERMS_SKIPPED = 1_000;

  /**
   * Where terms by the clock begin. Other replicas skip terms, too, and one may have voted in
   * theirs and forgotten that: who starts later has to come out higher. In seconds, so that terms
   * stay below 2^31 for decades.
   */
  private static final Instant TERMS_BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private VotesAfterBoot() {}

  /**
   * Looks at all groups of a folder; before any of them is opened.
   *
   * @throws IOException if a vote cannot be written, or a file not be read
   */
  static void skipLostTerms(Path groups) throws IOException {
    skipLostTerms(groups, Boot.current(), Instant.now());
  }

  static void skipLostTerms(Path groups, String boot, Instant now) throws IOException {
    boolean sameBoot = Boot.is(data(groups), boot);
    String doubtOfAll = sameBoot ? "" : "the machine was started since";
    Map<String, LastKnown> known = Map.of();
    try {
      known = LastKnown.read(groups);
    } catch (LastKnown.DamagedNotesException e) {
      doubtOfAll = String.valueOf(e.getMessage());
    }
    for (Path group : GroupFiles.groups(groups).values()) {
      LastKnown last = known.get(group.getFileName().toString());
      String flaw = flaw(group, last);
      if (!flaw.isEmpty()) {
        log.warn("{}: {}", group.resolve(GroupFiles.VOTE), flaw);
      }
      if (!flaw.isEmpty() || (!doubtOfAll.isEmpty() && hasVoted(group))) {
        skip(
            group,
            last,
            flaw.isEmpty() ? doubtOfAll : flaw,
            TERMS_BEGIN.until(now, ChronoUnit.SECONDS));
      }
    }
    Boot.note(data(groups), boot);
  }

  /** Whether the machine has not been started since these groups were open. */
  static boolean isSameBoot(Path groups) throws IOException {
    return Boot.isSame(data(groups));
  }

  /** What is in the folder itself are groups. */
  private static Path data(Path groups) {
    return groups.resolveSibling("");
  }

  private static boolean hasVoted(Path group) {
    return Files.exists(group.resolve(GroupFiles.VOTE));
  }

  /** Why the file of a vote may not be the last one; empty: it is, or there never was one. */
  static String flaw(Path group, @Nullable LastKnown known) throws IOException {
    Path file = group.resolve(GroupFiles.VOTE);
    if (!Files.exists(file)) {
      // A group that never began has voted for nobody.
      return known != null || !GroupFiles.segments(group).isEmpty() ? "is missing" : "";
    }
    if (GroupFiles.term(file) < 0) {
      return "cannot be read";
    }
    return known == null || LastKnown.checksum(file).equals(known.vote())
        ? ""
        : "is not the one that was last known";
  }

  private static void skip(Path group, @Nullable LastKnown known, String why, long seconds)
      throws IOException {
    Path file = group.resolve(GroupFiles.VOTE);
    long term = Math.max(seconds, GroupFiles.term(file));
    if (known != null) {
      term = Math.max(term, known.term());
    }
    List<SegmentFile> segments = GroupFiles.segments(group);
    for (SegmentFile segment : segments.reversed()) {
      long ofEntry = segment.read().term();
      if (ofEntry > 0) {
        term = Math.max(term, ofEntry);
        break;
      }
    }
    GroupFolders.vote(group, term + TERMS_SKIPPED);
    log.info("{}: {}, on from term {}", file, why, term + TERMS_SKIPPED);
  }
}
