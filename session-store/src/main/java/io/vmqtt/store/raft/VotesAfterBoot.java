package io.vmqtt.store.raft;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
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

  /** Changes with every start of the machine (Linux); elsewhere each start of a process counts. */
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private static final String LAST_BOOT = "boot-id";
  private static final String TERM = "term";
  private static final String VOTED_FOR = "votedFor";

  /** More than there are elections between two syncs of a log's folder. */
  private static final long TERMS_SKIPPED = 1_000;

  /**
   * Where terms by the clock begin. Other replicas skip terms, too, and one may have voted in
   * theirs and forgotten that: who starts later has to come out higher. In seconds, so that terms
   * stay below 2^31 for decades.
   */
  private static final Instant TERMS_BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  /** Higher than the clock will have it for centuries. */
  private static final long HIGHEST_TERM = 1L << 34;

  private VotesAfterBoot() {}

  /**
   * Looks at all groups of a folder; before any of them is opened.
   *
   * @throws IOException if a vote cannot be written, or a folder not be read
   */
  static void skipLostTerms(Path groups) throws IOException {
    skipLostTerms(groups, bootId(), Instant.now());
  }

  static void skipLostTerms(Path groups, String boot, Instant now) throws IOException {
    boolean sameBoot = isBoot(groups, boot);
    String doubtOfAll = sameBoot ? "" : "the machine was started since";
    Map<String, LastKnown> known = Map.of();
    try {
      known = LastKnown.read(groups);
    } catch (IOException e) {
      doubtOfAll = String.valueOf(e.getMessage());
    }
    for (Path group : foldersIn(groups)) {
      String doubt = doubt(group, known.get(group.getFileName().toString()), doubtOfAll);
      if (!doubt.isEmpty()) {
        skip(group.resolve(GroupFiles.VOTE), doubt, TERMS_BEGIN.until(now, ChronoUnit.SECONDS));
      }
    }
    if (!sameBoot) {
      LastingFiles.write(groups.resolveSibling(LAST_BOOT), boot + "\n");
    }
  }

  /** Whether the machine has not been started since these groups were open. */
  static boolean isSameBoot(Path groups) throws IOException {
    return isBoot(groups, bootId());
  }

  private static boolean isBoot(Path groups, String boot) throws IOException {
    Path lastBoot = groups.resolveSibling(LAST_BOOT); // what is in the folder are groups
    return Files.exists(lastBoot)
        && new String(Files.readAllBytes(lastBoot), StandardCharsets.UTF_8).strip().equals(boot);
  }

  /** Why a vote may not be the last one; empty: it is, or there never was one. */
  private static String doubt(Path group, @Nullable LastKnown known, String ofAll)
      throws IOException {
    Path file = group.resolve(GroupFiles.VOTE);
    if (!Files.exists(file)) {
      // A group that never began has voted for nobody.
      return known != null || hasLog(group) ? "is missing" : "";
    }
    return !ofAll.isEmpty() || known == null || LastKnown.checksum(file).equals(known.vote())
        ? ofAll
        : "is not the one that was last known";
  }

  private static boolean hasLog(Path group) throws IOException {
    Path current = group.resolve(GroupFiles.CURRENT);
    if (!Files.isDirectory(current)) {
      return false;
    }
    try (Stream<Path> files = Files.list(current)) {
      return files.anyMatch(file -> SegmentFile.of(file) != null);
    }
  }

  private static List<Path> foldersIn(Path groups) throws IOException {
    try (Stream<Path> all = Files.list(groups)) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  private static void skip(Path file, String doubt, long seconds) throws IOException {
    Properties vote = new Properties();
    vote.setProperty(TERM, String.valueOf(Math.max(term(file), seconds) + TERMS_SKIPPED));
    vote.setProperty(VOTED_FOR, "");
    StringWriter text = new StringWriter();
    vote.store(text, null);
    LastingFiles.write(file, text.toString());
    log.info("{}: {}, on from term {}", file, doubt, vote.getProperty(TERM));
  }

  /** What a file says; 0: nothing that can be a term. */
  private static long term(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    Properties vote = new Properties();
    try {
      vote.load(
          new StringReader(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)));
      long term = Long.parseLong(vote.getProperty(TERM, ""));
      // A digit that is damaged must not bring it near the end of all terms.
      return term < HIGHEST_TERM ? term : 0;
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }

  private static String bootId() throws IOException {
    return Files.exists(BOOT_ID) ? Files.readString(BOOT_ID).strip() : UUID.randomUUID().toString();
  }
}
