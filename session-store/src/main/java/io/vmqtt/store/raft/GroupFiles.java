package io.vmqtt.store.raft;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/** Where the files of a group are, and whose they are. */
final class GroupFiles {
  /** Has the segments of the log, and what Ratis knows beside it. */
  static final Path CURRENT = Path.of("current");

  /** In which term a replica is, and for whom it has voted in it. */
  static final Path VOTE = CURRENT.resolve("raft-meta");

  /** The members of a group, from its first election or snapshot on. */
  static final Path MEMBERS = CURRENT.resolve("raft-meta.conf");

  /** The checkpoints of the state machine. */
  static final Path CHECKPOINTS = Path.of("sm");

  /** Has a folder for each checkpoint that is being received; it becomes that of all of them. */
  static final Path RECEIVED = Path.of("tmp");

  static final String TERM = "term";
  static final String VOTED_FOR = "votedFor";

  /** Names the groups of V-MQTT among all Raft groups; the shard's number is the other half. */
  private static final long ID_HIGH_BITS = 0x564d_5154_5400_4000L;

  private static final long ID_VARIANT = 0x8000_0000_0000_0000L;
  private static final long MOST_SHARDS = 1L << 31;

  /** Higher than the clock will have it for centuries; a digit can be damaged, too. */
  private static final long HIGHEST_TERM = 1L << 34;

  private GroupFiles() {}

  static RaftGroupId idOf(int shard) {
    return RaftGroupId.valueOf(new UUID(ID_HIGH_BITS, ID_VARIANT | shard));
  }

  /** The name of the folder of a shard's group. */
  static String nameOf(int shard) {
    return idOf(shard).getUuid().toString();
  }

  /** The shard whose group has a folder of that name. */
  static Optional<Integer> shardOf(String name) {
    try {
      UUID id = UUID.fromString(name);
      long shard = id.getLeastSignificantBits() ^ ID_VARIANT;
      return id.toString().equals(name)
              && id.getMostSignificantBits() == ID_HIGH_BITS
              && shard >= 0
              && shard < MOST_SHARDS
          ? Optional.of((int) shard)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The folders of groups, by shard; whatever else lies there is nobody's. */
  static Map<Integer, Path> groups(Path groups) throws IOException {
    Map<Integer, Path> found = new TreeMap<>();
    for (Path group : foldersIn(groups)) {
      shardOf(group.getFileName().toString()).ifPresent(shard -> found.put(shard, group));
    }
    return found;
  }

  /** The files of a group's log, in order. */
  static List<SegmentFile> segments(Path group) throws IOException {
    Path current = group.resolve(CURRENT);
    if (!Files.isDirectory(current)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(current)) {
      return files
          .map(SegmentFile::of)
          .filter(Objects::nonNull)
          .sorted(Comparator.comparingLong(SegmentFile::first))
          .toList();
    }
  }

  /** The entries that a group's checkpoints have everything up to, by folder, in order. */
  static NavigableMap<Long, Path> checkpoints(Path group) throws IOException {
    return checkpointsIn(group.resolve(CHECKPOINTS));
  }

  /** The checkpoints in a folder of them, by the entries that they have everything up to. */
  static NavigableMap<Long, Path> checkpointsIn(Path folder) throws IOException {
    NavigableMap<Long, Path> found = new TreeMap<>();
    for (Path one : foldersIn(folder)) {
      String name = one.getFileName().toString();
      if (name.matches("\\d{1,18}_\\d{1,18}")) {
        found.put(Long.valueOf(name.substring(name.indexOf('_') + 1)), one);
      }
    }
    return found;
  }

  /** The folders in a folder; none where it is not there. */
  static List<Path> foldersIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  /** The term in a file of a vote; -1: there is none, or nothing that can be one. */
  static long term(Path file) throws IOException {
    if (!Files.exists(file)) {
      return -1;
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    Properties vote = new Properties();
    try {
      vote.load(new StringReader(text));
      long term = Long.parseLong(vote.getProperty(TERM, ""));
      return vote.getProperty(VOTED_FOR) == null || term < 0 || term >= HIGHEST_TERM ? -1 : term;
    } catch (IllegalArgumentException e) {
      return -1;
    }
  }

  /** The entry by which the members of a group were last changed. */
  static LogEntryProto members(Path file) throws IOException {
    return members(Files.readAllBytes(file));
  }

  /**
   * The same, of a file that was read.
   *
   * @throws InvalidProtocolBufferException if it is not one
   */
  static LogEntryProto members(byte[] file) throws InvalidProtocolBufferException {
    LogEntryProto entry = LogEntryProto.parseFrom(file);
    if (entry.getConfigurationEntry().getPeersCount() == 0) {
      throw new InvalidProtocolBufferException("it names no members");
    }
    return entry;
  }
}
