package io.vmqtt.store.raft;

import io.vmqtt.store.storage.SealedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was last known of a group, written beside the groups now and then: no file says by itself
 * that its end is missing, or that it is not the one that was there.
 *
 * @param committed an entry that was committed: the log, or a checkpoint, has it
 * @param vote the checksum of the file with term and vote
 * @param membersAt the entry by which the file of members was written; -1: there was no file
 * @param members the checksum of that file; {@code -} where there was none
 */
record LastKnown(long committed, String vote, long membersAt, String members) {
  private static final Logger log = LoggerFactory.getLogger(LastKnown.class);
  private static final String FILE = "raft-known";
  private static final String NOTHING = "-";

  /** What a folder of groups has of one. */
  static LastKnown of(Path group, long committed) throws IOException {
    Path members = group.resolve(GroupFiles.MEMBERS);
    boolean has = Files.exists(members);
    return new LastKnown(
        committed,
        checksum(group.resolve(GroupFiles.VOTE)),
        has ? GroupFiles.members(members).getIndex() : -1,
        has ? checksum(members) : NOTHING);
  }

  /** The checksum of a file; {@code -} where there is none. */
  static String checksum(Path file) throws IOException {
    return Files.exists(file) ? SealedText.checksum(Files.readAllBytes(file)) : NOTHING;
  }

  private static Path file(Path groups) {
    return groups.resolveSibling(FILE); // what is in the folder are groups
  }

  /**
   * What was noted of the groups in a folder, by their names.
   *
   * @throws IOException if the file is damaged; the message names it
   */
  static Map<String, LastKnown> read(Path groups) throws IOException {
    Map<String, LastKnown> known = new TreeMap<>();
    Path file = file(groups);
    if (!Files.exists(file)) {
      return known;
    }
    try {
      for (String line : SealedText.read(file).lines().toList()) {
        String[] parts = line.split(" ", -1);
        known.put(
            parts[0],
            new LastKnown(Long.parseLong(parts[1]), parts[2], Long.parseLong(parts[3]), parts[4]));
      }
      return known;
    } catch (IOException | RuntimeException e) {
      throw new IOException(file + " cannot be read", e);
    }
  }

  /** The same; nothing where the file is damaged, for whom the next note is good enough. */
  static Map<String, LastKnown> readable(Path groups) {
    try {
      return read(groups);
    } catch (IOException e) {
      log.warn("{}: the next one is written anew", e.getMessage());
      return new TreeMap<>();
    }
  }

  /** Notes it for good. */
  static void write(Path groups, Map<String, LastKnown> known) throws IOException {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(known).forEach((group, last) -> text.append(last.line(group)));
    SealedText.write(file(groups), text.toString());
  }

  private String line(String group) {
    return group + " " + committed + " " + vote + " " + membersAt + " " + members + "\n";
  }

  /** Whether something besides the log's end is new. */
  boolean hasOtherFiles(@Nullable LastKnown before) {
    return before == null || !before.vote.equals(vote) || !before.members.equals(members);
  }
}
