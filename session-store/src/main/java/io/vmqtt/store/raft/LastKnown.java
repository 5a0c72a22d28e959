package io.vmqtt.store.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vmqtt.store.storage.SealedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was last known of a group, written beside the groups now and then: no file says by itself
 * that its end is missing, or that it is not the one that was there.
 *
 * @param applied an entry that was committed, and is on this disk: in the log, the tables or a
 *     checkpoint
 * @param term the term that the replica was in
 * @param vote the checksum of the file with term and vote
 * @param membersAt the entry by which the file of members was written; -1: there was no file
 * @param membersTerm the term of that entry
 * @param members the checksum of those members; {@code -} where there was no file
 */
record LastKnown(
    long applied, long term, String vote, long membersAt, long membersTerm, String members) {
  /** Where it is, beside the folder of groups. */
  static final String FILE = "raft-known";

  private static final Logger log = LoggerFactory.getLogger(LastKnown.class);
  private static final String NOTHING = "-";

  /** What a folder of groups has of one. */
  static LastKnown of(Path group, long applied) throws IOException {
    Path members = group.resolve(GroupFiles.MEMBERS);
    LogEntryProto entry = Files.exists(members) ? GroupFiles.members(members) : null;
    Path vote = group.resolve(GroupFiles.VOTE);
    return new LastKnown(
        applied,
        GroupFiles.term(vote),
        checksum(vote),
        entry == null ? -1 : entry.getIndex(),
        entry == null ? -1 : entry.getTerm(),
        entry == null ? NOTHING : checksumOf(entry));
  }

  /** The checksum of a file; {@code -} where there is none. */
  static String checksum(Path file) throws IOException {
    return Files.exists(file) ? SealedText.checksum(Files.readAllBytes(file)) : NOTHING;
  }

  /** Of the members alone: Ratis may write the same in another order. */
  static String checksumOf(LogEntryProto members) {
    RaftConfigurationProto configuration = members.getConfigurationEntry();
    String text =
        Stream.of(
                configuration.getPeersList(),
                configuration.getOldPeersList(),
                configuration.getListenersList(),
                configuration.getOldListenersList())
            .map(peers -> peers.stream().map(LastKnown::text).sorted().toList().toString())
            .collect(Collectors.joining("\n"));
    return SealedText.checksum((text + text(members.getUnknownFields())).getBytes(UTF_8));
  }

  private static String text(MessageLite part) {
    return HexFormat.of().formatHex(part.toByteArray());
  }

  private static Path file(Path groups) {
    return groups.resolveSibling(FILE); // what is in the folder are groups
  }

  /**
   * What was noted of the groups in a folder, by their names.
   *
   * @throws DamagedNotesException if that is not what was written
   */
  static Map<String, LastKnown> read(Path groups) throws IOException {
    Map<String, LastKnown> known = new TreeMap<>();
    Path file = file(groups);
    if (!Files.exists(file)) {
      return known;
    }
    byte[] all = Files.readAllBytes(file);
    try {
      for (String line : SealedText.of(all).lines().toList()) {
        String[] parts = line.split(" ", -1);
        known.put(
            parts[0],
            new LastKnown(
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                parts[3],
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]),
                parts[6]));
      }
      return known;
    } catch (IOException | RuntimeException e) {
      throw new DamagedNotesException(file + " is not as it was written", e);
    }
  }

  /** The same; nothing where it is damaged, for whom the next note is good enough. */
  static Map<String, LastKnown> readable(Path groups) throws IOException {
    try {
      return read(groups);
    } catch (DamagedNotesException e) {
      log.warn("{}: it is written anew", e.getMessage());
      return new TreeMap<>();
    }
  }

  /** The file is there, and is not as it was written. */
  static final class DamagedNotesException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedNotesException(String message, Exception cause) {
      super(message, cause);
    }
  }

  /** Notes it for good. */
  static void write(Path groups, Map<String, LastKnown> known) throws IOException {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(known).forEach((group, last) -> text.append(last.line(group)));
    SealedText.write(file(groups), text.toString());
  }

  private String line(String group) {
    return String.join(
            " ", group, "" + applied, "" + term, vote, "" + membersAt, "" + membersTerm, members)
        + "\n";
  }

  /** Whether something besides the log's end is new. */
  boolean hasOtherFiles(@Nullable LastKnown before) {
    return before == null || !before.vote.equals(vote) || !before.members.equals(members);
  }
}
