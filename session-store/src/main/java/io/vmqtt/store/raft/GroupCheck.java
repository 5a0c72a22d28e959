package io.vmqtt.store.raft;

import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.Findings.Part;
import io.vmqtt.store.storage.Mend;
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
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
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

  /** The ids of the members of a shard's group, as far as it knows any. */
  public Set<String> members(int shard) throws IOException {
    Path group = folders.get(shard);
    Set<String> ids = new TreeSet<>();
    if (group != null && Files.exists(group.resolve(GroupFiles.MEMBERS))) {
      RaftConfigurationProto members =
          GroupFiles.members(group.resolve(GroupFiles.MEMBERS)).getConfigurationEntry();
      members.getPeersList().forEach(peer -> ids.add(peer.getId().toStringUtf8()));
      members.getOldPeersList().forEach(peer -> ids.add(peer.getId().toStringUtf8()));
    }
    return ids;
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
   * @param mends what is to be done before anybody uses it
   */
  public record Found(List<Part> parts, List<Mend> mends) {}

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
    private final List<Mend> mends = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();

    /**
     * The last entry of the latest checkpoint, and the last one that is anywhere but in the log.
     */
    private final long checkpoint;

    private final long base;
    private final boolean alone;

    Look(int shard, Path group, @Nullable LastKnown last, long applied) throws IOException {
      this.shard = shard;
      this.group = group;
      this.last = last;
      this.applied = applied;
      NavigableMap<Long, Path> placed = GroupFiles.checkpoints(group);
      NavigableMap<Long, Path> received =
          ReceivedCheckpoints.whole(
              group, Math.max(applied, placed.isEmpty() ? 0 : placed.lastKey()));
      if (!received.isEmpty()) {
        Path folder = received.lastEntry().getValue();
        mends.add(
            new Mend.Unplaced(
                folder,
                group.resolve(GroupFiles.CHECKPOINTS).resolve(folder.getFileName()),
                "is a complete checkpoint, and is put in its place"));
        placed.putAll(received);
      }
      checkpoint = placed.isEmpty() ? 0 : placed.lastKey();
      base = Math.max(applied, checkpoint);
      alone = placed.isEmpty() && isAlone();
    }

    /** Whether the group has this one replica, which never cuts off what it has. */
    private boolean isAlone() throws IOException {
      Path file = group.resolve(GroupFiles.MEMBERS);
      try {
        return Files.exists(file)
            && GroupFiles.members(file).getConfigurationEntry().getPeersCount() == 1
            && GroupFiles.members(file).getConfigurationEntry().getOldPeersCount() == 0;
      } catch (InvalidProtocolBufferException e) {
        return false; // that is damage by itself
      }
    }

    Found all() throws IOException {
      return new Found(List.of(log(), vote(), members()), mends);
    }

    private Part log() throws IOException {
      List<SegmentFile> segments = GroupFiles.segments(group);
      List<SegmentFile> kept = new ArrayList<>();
      long end = -1;
      for (SegmentFile segment : segments) {
        SegmentFile.Contents contents = segment.read();
        if (isOvertaken(segment, contents)) {
          deleteAll(kept, "everything in it is in a checkpoint; it is deleted");
          deleteAll(List.of(segment), "lacks entries that a checkpoint has; it is deleted");
          kept.clear();
          continue;
        }
        if (!kept.isEmpty() && segment.first() > end + 1 && segment.first() <= base + 1) {
          // Ratis deletes files in any order, as the disk sees it, and reads no log with gaps.
          deleteAll(kept, "is before a part of the log that was cut; it is deleted");
          kept.clear();
        } else if (!kept.isEmpty() && segment.first() != end + 1) {
          judgeOrder(segment, end);
        }
        kept.add(segment);
        judge(segment, contents, segment == segments.getLast());
        end = contents.last();
      }
      if (damages.isEmpty() && !kept.isEmpty() && end < checkpoint) {
        // Ratis would keep a file that is still open, and take no entry behind the checkpoint.
        deleteAll(kept, "everything in it is in a checkpoint; it is deleted");
        kept.clear();
      }
      if (damages.isEmpty() && applied >= 0) {
        compare(kept, kept.isEmpty() ? -1 : end);
      }
      String what =
          kept.isEmpty() || end < kept.getFirst().first()
              ? "no entries"
              : "entries " + kept.getFirst().first() + " to " + end;
      return new Part(
          name(shard, "log"),
          what,
          mends.stream().map(mend -> mend.file() + ": " + mend.how()).toList(),
          List.copyOf(damages));
    }

    /**
     * When a replica takes over a checkpoint, Ratis forgets the entries that are not written yet,
     * gives the file the name that it would have with them, and deletes it.
     */
    private boolean isOvertaken(SegmentFile segment, SegmentFile.Contents contents) {
      SegmentFile.Flaw flaw = contents.flaw();
      return flaw != null && flaw.place() == SegmentFile.Place.CUT && segment.last() <= checkpoint;
    }

    private void deleteAll(List<SegmentFile> superfluous, String how) {
      for (SegmentFile one : superfluous) {
        mends.add(new Mend.Superfluous(one.file(), how));
      }
    }

    /**
     * Whether an entry that is missing was there. A replica that others have overruled deletes
     * files in any order, but only of entries that were never committed.
     */
    private boolean isMissed(long entry) {
      return alone || (last != null && entry <= last.applied());
    }

    private void judgeOrder(SegmentFile segment, long end) {
      if (isMissed(Math.min(segment.first(), end + 1))) {
        damages.add(
            new Damage(
                segment.file(),
                segment.first() <= end
                    ? "begins before entry " + end + " is over"
                    : "begins behind entry " + end + ": what is between is missing"));
      }
    }

    private void judge(SegmentFile segment, SegmentFile.Contents contents, boolean isLast) {
      SegmentFile.Flaw flaw = contents.flaw();
      if (flaw == null) {
        return;
      }
      switch (flaw.place()) {
        case WITHIN, LAST -> damages.add(new Damage(segment.file(), flaw.how()));
        case TORN -> tail(segment, flaw, !sameBoot);
        case UNFINISHED -> tail(segment, flaw, true);
        case CUT -> {
          boolean hasEntries = contents.last() >= segment.first();
          if (!hasEntries || isMissed(contents.last() + 1)) {
            damages.add(new Damage(segment.file(), flaw.how()));
          } else if (isLast) {
            mends.add(
                new Mend.TornTail(
                    segment.file(),
                    flaw.offset(),
                    segment.endingAt(contents.last()),
                    flaw.how() + "; it gets the name that it should have"));
          }
        }
      }
    }

    private void tail(SegmentFile segment, SegmentFile.Flaw flaw, boolean canBe) {
      if (canBe && flaw.offset() == 0) {
        // Ratis does not read a file without its header, not even an empty one.
        deleteAll(List.of(segment), "was never begun; it is deleted");
      } else if (canBe) {
        mends.add(
            new Mend.TornTail(
                segment.file(),
                flaw.offset(),
                segment.file(),
                flaw.how() + "; that was never acknowledged, and is cut off"));
      } else {
        damages.add(new Damage(segment.file(), flaw.how()));
      }
    }

    /** With what others know of it. */
    private void compare(List<SegmentFile> segments, long end) {
      if (!segments.isEmpty() && segments.getFirst().first() > base + 1 && isMissed(base + 1)) {
        damages.add(
            new Damage(
                segments.getFirst().file(),
                "is the first of the log, but the tables end at entry " + base));
      }
      // A replica applies nothing that its own log does not have on the disk, but for a checkpoint
      // of its leader: then the log begins anew behind that.
      if (checkpoint == 0 && end >= 0 && end < applied) {
        damages.add(
            new Damage(
                segments.getLast().file(),
                "ends the log at entry " + end + ", but the tables have entry " + applied));
      }
      long reached = Math.max(base, end);
      if (last != null && reached < last.applied()) {
        damages.add(
            new Damage(
                segments.isEmpty() ? group.resolve(GroupFiles.CURRENT) : segments.getLast().file(),
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
      List<Damage> wrong = new ArrayList<>();
      String what = "";
      if (!Files.exists(file)) {
        if (last != null && last.membersAt() >= 0) {
          wrong.add(new Damage(file, "is missing"));
        }
      } else {
        byte[] bytes = Files.readAllBytes(file);
        try {
          LogEntryProto entry = GroupFiles.members(bytes);
          // Ratis writes those of earlier entries again when it replays its log, and others where
          // the entry was never committed.
          if (last != null
              && entry.getIndex() == last.membersAt()
              && entry.getTerm() == last.membersTerm()
              && !LastKnown.checksumOf(entry).equals(last.members())) {
            wrong.add(new Damage(file, "does not name those that it did"));
          }
          Set<String> ids = new HashSet<>();
          entry
              .getConfigurationEntry()
              .getPeersList()
              .forEach(peer -> ids.add(peer.getId().toStringUtf8()));
          what = ids.size() == 1 ? "one" : ids.size() + "";
        } catch (InvalidProtocolBufferException e) {
          wrong.add(new Damage(file, "cannot be read: " + e.getMessage()));
        }
      }
      return new Part(name(shard, "members"), what, List.of(), wrong);
    }
  }
}
