package io.vmqtt.store.raft;

import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.TornTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the logs of a store that nobody has open; changes nothing. Files with a vote are not its
 * business: one that is not as it was known is not used (see {@link VotesAfterBoot}).
 */
public final class GroupCheck {
  private final Path group;
  private final @Nullable LastKnown known;
  private final boolean sameBoot;
  private final List<Damage> damages = new ArrayList<>();
  private final List<TornTail> tails = new ArrayList<>();

  private GroupCheck(Path group, @Nullable LastKnown known, boolean sameBoot) {
    this.group = group;
    this.known = known;
    this.sameBoot = sameBoot;
  }

  /**
   * What is there of a group.
   *
   * @param first the index of the first entry in the log; -1: it has none
   * @param lastInLog the index of the last; -1: it has none
   * @param checkpoint the last entry that is in a checkpoint; -1: there is none
   * @param committed an entry that was committed; -1: not known
   * @param replicas how many it has; 0: not known
   * @param damages what is wrong
   * @param tails what was never whole
   */
  public record Found(
      long first,
      long lastInLog,
      long checkpoint,
      long committed,
      int replicas,
      List<Damage> damages,
      List<TornTail> tails) {}

  /** Looks at all groups in a folder; by the numbers of their shards. */
  public static Map<Integer, Found> of(Path groups) throws IOException {
    Map<String, LastKnown> known = LastKnown.readable(groups);
    boolean sameBoot = VotesAfterBoot.isSameBoot(groups);
    Map<Integer, Found> found = new TreeMap<>();
    for (String name : names(groups, known)) {
      LastKnown last = known.get(name);
      Path group = groups.resolve(name);
      var shard = GroupFiles.shardOf(name);
      if (shard.isPresent()) {
        found.put(shard.get(), new GroupCheck(group, last, sameBoot).look());
      }
    }
    return found;
  }

  private static List<String> names(Path groups, Map<String, LastKnown> known) throws IOException {
    if (!Files.isDirectory(groups)) {
      return List.copyOf(known.keySet());
    }
    try (Stream<Path> all = Files.list(groups)) {
      return Stream.concat(
              all.filter(Files::isDirectory).map(group -> group.getFileName().toString()),
              known.keySet().stream())
          .distinct()
          .toList();
    }
  }

  private Found look() throws IOException {
    if (!Files.isDirectory(group)) {
      damages.add(new Damage(group, "is missing"));
      return new Found(-1, -1, -1, known == null ? -1 : known.committed(), 0, damages, tails);
    }
    List<SegmentFile> segments = segments();
    long last = -1;
    for (SegmentFile segment : segments) {
      if (last >= 0 && segment.first() != last + 1 && damages.isEmpty()) {
        damages.add(
            new Damage(segment.file(), "follows entry " + last + ": what is between is missing"));
      }
      last = read(segment);
    }
    long checkpoint = checkpoint();
    return new Found(
        segments.isEmpty() ? -1 : segments.getFirst().first(),
        last,
        checkpoint,
        known == null ? -1 : known.committed(),
        replicas(),
        damages,
        tails);
  }

  private List<SegmentFile> segments() throws IOException {
    Path current = group.resolve(GroupFiles.CURRENT);
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

  /** The index of the last good entry. */
  private long read(SegmentFile segment) {
    try {
      SegmentFile.Contents contents = segment.read(entry -> {});
      SegmentFile.Flaw flaw = contents.flaw();
      if (flaw != null) {
        boolean isTail =
            switch (flaw.place()) {
              case WITHIN -> false;
              // Bytes of a write are on the disk in any order when the power fails.
              case LAST -> !sameBoot;
              case UNFINISHED -> true;
            };
        if (isTail) {
          tails.add(new TornTail(segment.file(), flaw.offset(), flaw.how()));
        } else {
          damages.add(new Damage(segment.file(), flaw.how()));
        }
      }
      return contents.last();
    } catch (IOException e) {
      damages.add(new Damage(segment.file(), "cannot be read: " + e));
      return segment.first() - 1;
    }
  }

  private long checkpoint() throws IOException {
    Path folder = group.resolve(GroupFiles.CHECKPOINTS);
    if (!Files.isDirectory(folder)) {
      return -1;
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(one -> one.getFileName().toString().split("_", -1))
          .filter(parts -> parts.length == 2)
          .mapToLong(parts -> Long.parseLong(parts[1]))
          .max()
          .orElse(-1);
    }
  }

  /** How many members it has. */
  private int replicas() {
    Path file = group.resolve(GroupFiles.MEMBERS);
    boolean hadFile = known != null && known.membersAt() >= 0;
    if (!Files.exists(file)) {
      if (hadFile) {
        damages.add(new Damage(file, "is missing"));
      }
      return 0;
    }
    try {
      LogEntryProto members = GroupFiles.members(file);
      if (hadFile && !isAsKnown(file, members.getIndex())) {
        damages.add(new Damage(file, "is not as it was written"));
        return 0;
      }
      return members.getConfigurationEntry().getPeersCount();
    } catch (IOException e) {
      damages.add(new Damage(file, "cannot be read: " + e));
      return 0;
    }
  }

  /** A file that a later entry has changed is not known. */
  private boolean isAsKnown(Path file, long membersAt) throws IOException {
    LastKnown before = Objects.requireNonNull(known);
    return membersAt > before.membersAt() || LastKnown.checksum(file).equals(before.members());
  }
}
