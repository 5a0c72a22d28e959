package io.vmqtt.store.convert;

import io.vmqtt.cluster.machine.LastingFiles;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.store.host.FolderCheck;
import io.vmqtt.store.journal.JournalEntries;
import io.vmqtt.store.journal.JournalFolder;
import io.vmqtt.store.log.LoggedEntries;
import io.vmqtt.store.raft.GroupCheck;
import io.vmqtt.store.raft.GroupFolders;
import io.vmqtt.store.raft.LogEntries;
import io.vmqtt.store.salvage.ReplayedShard;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.ConversionMark;
import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.DataFolder;
import io.vmqtt.store.storage.DataFolderException;
import io.vmqtt.store.storage.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes Raft groups of the journal of a store that does not run, or a journal of its groups. The
 * tables are a checkpoint of either: they get all that the logs of before have, and the new ones
 * begin, without an entry, behind that.
 *
 * <p>The logs of before stay whole until the others are on the disk, and a file says meanwhile that
 * nobody may use the folder; whoever is killed at that is followed by one who begins again.
 */
public final class Conversion {
  private final Path data;
  private final Path groups;
  private final JournalFolder journal;

  /** What the logs become. */
  public enum Target {
    /** A group for each shard, with one member: what a store of a cluster has. */
    RAFT,
    /** One for all shards: what {@code standalone} has. */
    JOURNAL;

    /** As it is said on the command line, and in the folder. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Target of(String text) throws IOException {
      for (Target target : values()) {
        if (target.text().equals(text)) {
          return target;
        }
      }
      throw new IOException("it is being converted to " + text + ", which this version does not");
    }
  }

  /** Where the log of a shard ends. */
  private record End(long term, long index) {}

  private Conversion(Path data) {
    this.data = data;
    this.groups = data.resolve(DataFolder.LOGS);
    this.journal = JournalFolder.of(data);
  }

  /**
   * Converts a folder.
   *
   * @return how many shards have other logs now; 0: it had such logs already
   * @throws DataFolderException if it is in use, damaged, or cannot be converted; with one line
   * @throws IOException if a file cannot be read or written: to be tried again
   */
  public static int of(Path data, Target target) throws IOException, DataFolderException {
    if (!Files.isDirectory(data)) {
      throw new DataFolderException("there is no folder " + data);
    }
    Conversion conversion = new Conversion(data);
    try (DataFolder folder = DataFolder.open(data, conversion::look)) {
      return conversion.convert(folder, target);
    }
  }

  /** Before anything is looked at, what was begun is taken back, or brought to its end. */
  private Findings look(Path folder) throws IOException {
    if (ConversionMark.isSet(folder)) {
      Target target = Target.of(ConversionMark.read(folder));
      if (target == Target.RAFT && !journal.isEmpty()) {
        CheckpointFiles.remove(groups);
      } else if (target == Target.JOURNAL && hasGroups()) {
        CheckpointFiles.remove(journal.path());
      }
      ConversionMark.clear(folder);
    }
    CheckpointFiles.finishRemovals(folder);
    return FolderCheck.beforeStart(folder);
  }

  private boolean hasGroups() throws IOException {
    return !GroupCheck.of(groups).shards().isEmpty();
  }

  private int convert(DataFolder folder, Target target) throws IOException, DataFolderException {
    boolean hasJournal = journal.isUsed();
    if (!hasJournal && !hasGroups()) {
      throw new DataFolderException("data folder " + data + " has no logs to be converted");
    }
    if (hasJournal == (target == Target.JOURNAL)) {
      return 0;
    }
    ShardMap map = folder.shardMap();
    if (map == null || !map.stores().equals(Set.of(folder.nodeId()))) {
      throw new DataFolderException(
          "data folder "
              + data
              + " is not all that there is of its cluster, with stores "
              + (map == null ? "that nobody knows" : map.stores())
              + ": others may have what is not here");
    }
    Map<Integer, End> ends = new TreeMap<>();
    for (int shard = 0; shard < map.shardCount(); shard++) {
      requireAlone(shard, folder.nodeId());
      End end = bringUpToDate(folder, shard, hasJournal);
      if (end.term > 0) { // 0: it has never been open
        ends.put(shard, end);
      }
    }
    ConversionMark.set(data, target.text());
    if (target == Target.RAFT) {
      GroupFolders.begin(
          groups,
          ends.entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().term)));
      journal.remove();
    } else {
      journal.begin(
          ends.entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().index)),
          ends.values().stream().mapToLong(End::term).max().orElse(0));
      GroupFolders.remove(groups);
    }
    ConversionMark.clear(data);
    return ends.size();
  }

  /** Nothing that was acknowledged is anywhere else. */
  private void requireAlone(int shard, String nodeId) throws IOException, DataFolderException {
    Set<String> members = GroupCheck.of(groups).members(shard);
    if (!members.isEmpty() && !members.equals(Set.of(nodeId))) {
      throw new DataFolderException(
          "shard " + shard + " in " + data + " has other replicas, in stores " + members);
    }
  }

  /** Has the tables of a shard take what is in its log, on the disk; returns where that ends. */
  private End bringUpToDate(DataFolder folder, int shard, boolean hasJournal)
      throws IOException, DataFolderException {
    Path tables = folder.shards().resolve(Integer.toString(shard));
    boolean isKnown =
        Files.exists(tables)
            || (hasJournal
                ? JournalEntries.shards(journal).contains(shard)
                : GroupCheck.of(groups).hasFolder(shard));
    if (!isKnown) {
      return new End(0, 0);
    }
    LastingFiles.createFolders(tables);
    try (ReplayedShard replayed = new ReplayedShard(shard, tables)) {
      List<Long> left = new ArrayList<>();
      LoggedEntries reader =
          (term, index, content) -> {
            if (!replayed.takes(term, index, content)) {
              left.add(index);
            }
          };
      List<Damage> damages =
          hasJournal
              ? JournalEntries.read(journal, shard, reader)
              : LogEntries.read(groups, shard, reader);
      if (!damages.isEmpty() || !left.isEmpty()) {
        throw new DataFolderException(
            "the log of shard "
                + shard
                + " in "
                + data
                + " cannot be followed to its end: "
                + (damages.isEmpty() ? "entry " + left.getFirst() : damages.getFirst()));
      }
      replayed.flush();
      long checkpoint =
          GroupCheck.of(groups).checkpoints(shard).keySet().stream()
              .mapToLong(Long::longValue)
              .max()
              .orElse(0);
      if (checkpoint > replayed.index()) {
        throw new DataFolderException(
            "shard "
                + shard
                + " in "
                + data
                + " has a checkpoint that it has not taken over: start its store once");
      }
      return new End(replayed.term(), replayed.index());
    }
  }
}
