package io.vmqtt.store.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.RaftGroupId;

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

  /** Names the groups of V-MQTT among all Raft groups; the shard's number is the other half. */
  private static final long ID_HIGH_BITS = 0x564d_5154_5400_4000L;

  private static final long ID_VARIANT = 0x8000_0000_0000_0000L;

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
      return id.getMostSignificantBits() == ID_HIGH_BITS
          ? Optional.of((int) (id.getLeastSignificantBits() ^ ID_VARIANT))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The entry by which the members of a group were last changed. */
  static LogEntryProto members(Path file) throws IOException {
    LogEntryProto entry = LogEntryProto.parseFrom(Files.readAllBytes(file));
    if (entry.getConfigurationEntry().getPeersCount() == 0) {
      throw new IOException("it names no members");
    }
    return entry;
  }
}
