package io.vmqtt.store.raft;

import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.Findings.Part;
import io.vmqtt.store.storage.TornTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the logs of a store that nobody has open; changes nothing. All entries are read: Ratis
 * would cut off what it cannot read, and not only at the end of a log.
 */
public final class GroupCheck {
  private final Path groups;
  private final Map<Integer, Path> folders;
  private final Map<String, LastKnown> known;
  private final boolean sameBoot;

  private GroupCheck(
      Path groups, Map<Integer, Path> folders, Map<String, LastKnown> known, boolean sameBoot) {
    this.groups = groups;
    this.folders = folders;
    this.known = known;
    this.sameBoot = sameBoot;
  }

  /**
   * Of the groups in a folder.
   *
   * @throws IOException if it cannot be looked at
   */
  public static GroupCheck of(Path groups) throws IOException {
    return new GroupCheck(
        groups,
        GroupFiles.groups(groups),
        LastKnown.readable(groups),
        VotesAfterBoot.isSameBoot(groups));
  }

  /** The shards whose groups are there, or have been. */
  public Set<Integer> shards() {
    Set<Integer> shards = new TreeSet<>(folders.keySet());
    for (String name : known.keySet()) {
      GroupFiles.shardOf(name).ifPresent(shards::add);
    }
    return shards;
  }

  /** Whether there is a folder of a shard's group. */
  public boolean hasFolder(int shard) {
    return folders.containsKey(shard);
  }

  /** The last entry that each checkpoint of a shard has everything up to, by its folder. */
  public Map<Long, Path> checkpoints(int shard) throws IOException {
    Path group = folders.get(shard);
    return group == null ? Map.of() : GroupFiles.checkpoints(group);
  }

  /**
   * What is there of a group.
   *
   * @param parts what was looked at
   * @param tails what was never whole
   */
  public record Found(List<Part> parts, List<TornTail> tails) {}

  /**
   * Looks at one.
   *
   * @param applied the last entry that is in the tables of the shard; -1: nobody knows
   */
  public Found look(int shard, long applied) throws IOException {
    Path group = folders.get(shard);
    if (group == null) {
      Path missing = groups.resolve(GroupFiles.nameOf(shard));
      return new Found(
          List.of(
              new Part(
                  name(shard, "log"), "", List.of(), List.of(new Damage(missing, "is missing")))),
          List.of());
    }
    return new Look(shard, group, known.get(group.getFileName().toString()), applied).all();
  }

  private static String name(int shard, String part) {
    return "shard " + shard + ", " + part;
  }

  /** At one group. */
  private final class Look {
    private final int shard;
    private final Path group;
    private final @Nullable LastKnown last;
    private final long applied;
    private final List<TornTail> tails = new ArrayList<>();

    Look(int shard, Path group, @Nullable LastKnown last, long applied) {
      this.shard = shard;
      this.group = group;
      this.last = last;
      this.applied = applied;
    }

    Found all() throws IOException {
      return new Found(List.of(log(), vote(), members()), tails);
    }

    private Part log() throws IOException {
      List<Damage> damages = new ArrayList<>();
      NavigableMap<Long, Path> checkpoints = GroupFiles.checkpoints(group);
      long base = base(checkpoints);
      List<SegmentFile> segments = GroupFiles.segments(group);
      long end = -1;
      for (SegmentFile segment : segments) {
        // What is missing before an entry that the tables have was cut, or is to be.
        boolean isNeeded = end >= 0 && applied >= 0 && segment.first() > base + 1;
        if (end >= 0 && segment.first() <= end) {
          damages.add(new Damage(segment.file(), "begins before entry " + end + " is over"));
        } else if (isNeeded && segment.first() != end + 1) {
          damages.add(
              new Damage(
                  segment.file(), "begins behind entry " + end + ": what is between is missing"));
        }
        end = read(segment, segment == segments.getLast(), damages);
      }
      if (damages.isEmpty() && applied >= 0) {
        compare(segments, checkpoints, end, damages);
      }
      String what =
          end < 0 || end < segments.getFirst().first()
              ? "no entries"
              : "entries " + segments.getFirst().first() + " to " + end;
      return new Part(
          name(shard, "log"),
          what,
          tails.stream().map(tail -> tail.file() + ": " + tail.how()).toList(),
          damages);
    }

    /** The last entry that is somewhere else than in the log. */
    private long base(NavigableMap<Long, Path> checkpoints) {
      return Math.max(applied, checkpoints.isEmpty() ? 0 : checkpoints.lastKey());
    }

    /** The index of the last good entry. */
    private long read(SegmentFile segment, boolean isLast, List<Damage> damages)
        throws IOException {
      SegmentFile.Contents contents = segment.read();
      SegmentFile.Flaw flaw = contents.flaw();
      if (flaw != null) {
        boolean isTail =
            switch (flaw.place()) {
              case WITHIN, LAST, CUT -> false;
              case TORN -> !sameBoot;
              case UNFINISHED -> true;
            };
        if (isTail) {
          tails.add(new TornTail(segment.file(), flaw.offset(), segment.file(), flaw.how()));
        } else if (isLast && flaw.place() == SegmentFile.Place.CUT) {
          tails.add(
              new TornTail(
                  segment.file(), flaw.offset(), segment.endingAt(contents.last()), flaw.how()));
        } else {
          damages.add(new Damage(segment.file(), flaw.how()));
        }
      }
      return contents.last();
    }

    /** With what others know of it. */
    private void compare(
        List<SegmentFile> segments,
        NavigableMap<Long, Path> checkpoints,
        long end,
        List<Damage> damages) {
      long base = base(checkpoints);
      if (!segments.isEmpty() && segments.getFirst().first() > base + 1) {
        damages.add(
            new Damage(
                segments.getFirst().file(),
                "is the first of the log, but the tables end at entry " + base));
      }
      // A replica applies nothing that its own log does not have on the disk, but for a checkpoint
      // of its leader: then the log begins anew behind that.
      if (checkpoints.isEmpty() && end >= 0 && end < applied) {
        damages.add(
            new Damage(
                segments.getLast().file(),
                "ends the log at entry " + end + ", but the tables have entry " + applied));
      }
      long reached = Math.max(base, end);
      if (last != null && reached < last.applied()) {
        damages.add(
            new Damage(
                group.resolve(GroupFiles.CURRENT),
                "the log ends at entry " + reached + ", but had entry " + last.applied()));
      }
    }

    private Part vote() throws IOException {
      Path file = group.resolve(GroupFiles.VOTE);
      String flaw = VotesAfterBoot.flaw(group, last);
      return new Part(
          name(shard, "vote"),
          "",
          flaw.isEmpty()
              ? List.of()
              : List.of(file + ": " + flaw + "; it goes on in a term in which it has no vote"),
          List.of());
    }

    private Part members() throws IOException {
      Path file = group.resolve(GroupFiles.MEMBERS);
      List<Damage> damages = new ArrayList<>();
      String what = "";
      if (!Files.exists(file)) {
        if (last != null && last.membersAt() >= 0) {
          damages.add(new Damage(file, "is missing"));
        }
      } else {
        byte[] bytes = Files.readAllBytes(file);
        try {
          LogEntryProto entry = GroupFiles.members(bytes);
          // Ratis writes those of earlier entries again when it replays its log.
          if (last != null
              && entry.getIndex() == last.membersAt()
              && !LastKnown.checksumOf(entry).equals(last.members())) {
            damages.add(new Damage(file, "does not name those that it did"));
          }
          Set<String> ids = new HashSet<>();
          entry
              .getConfigurationEntry()
              .getPeersList()
              .forEach(peer -> ids.add(peer.getId().toStringUtf8()));
          what = ids.size() == 1 ? "one" : ids.size() + "";
        } catch (InvalidProtocolBufferException e) {
          damages.add(new Damage(file, "cannot be read: " + e.getMessage()));
        }
      }
      return new Part(name(shard, "members"), what, List.of(), damages);
    }
  }
}
