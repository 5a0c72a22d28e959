package io.vmqtt.store.raft;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a replica from voting twice in one term when its machine lost power. Ratis writes a vote
 * into a file that it renames, and does not sync the folder: the vote may be gone, though it
 * counted. So a replica on a machine that was started since goes on in a term far above all in
 * which it can have voted. Where only the process ended, the kernel still knows, and nothing is
 * done: a higher term costs the others an election.
 */
final class VotesAfterBoot {
  private static final Logger log = LoggerFactory.getLogger(VotesAfterBoot.class);

  /** Changes with every start of the machine (Linux); elsewhere each start of a process counts. */
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private static final String LAST_BOOT = "boot-id";
  private static final Path VOTE = Path.of("current", "raft-meta");
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

  private VotesAfterBoot() {}

  /**
   * Looks at all groups of a folder; before any of them is opened.
   *
   * @throws IOException if a vote cannot be read or written; the message names the file
   */
  static void skipLostTerms(Path groups) throws IOException {
    skipLostTerms(groups, bootId(), Instant.now());
  }

  static void skipLostTerms(Path groups, String boot, Instant now) throws IOException {
    Path lastBoot = groups.resolveSibling(LAST_BOOT); // what is in the folder are groups
    if (Files.exists(lastBoot) && Files.readString(lastBoot).strip().equals(boot)) {
      return;
    }
    for (Path group : foldersIn(groups)) {
      skip(group.resolve(VOTE), TERMS_BEGIN.until(now, ChronoUnit.SECONDS));
    }
    LastingFiles.write(lastBoot, boot + "\n");
  }

  private static List<Path> foldersIn(Path groups) throws IOException {
    try (Stream<Path> all = Files.list(groups)) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  private static void skip(Path file, long seconds) throws IOException {
    Properties vote = new Properties();
    try {
      vote.load(new StringReader(Files.readString(file)));
    } catch (NoSuchFileException e) {
      return; // a group that never began has voted for nobody
    }
    try {
      long term = Math.max(Long.parseLong(vote.getProperty(TERM, "")), seconds) + TERMS_SKIPPED;
      vote.setProperty(TERM, String.valueOf(term));
      vote.setProperty(VOTED_FOR, "");
      StringWriter text = new StringWriter();
      vote.store(text, null);
      LastingFiles.write(file, text.toString());
      log.info("{}: the machine was started since, on from term {}", file, term);
    } catch (NumberFormatException e) {
      throw new IOException(file + " does not say in which term this replica has voted", e);
    }
  }

  private static String bootId() throws IOException {
    return Files.exists(BOOT_ID) ? Files.readString(BOOT_ID).strip() : UUID.randomUUID().toString();
  }
}
