package io.vmqtt.store.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.store.journal.JournalCheck;
import io.vmqtt.store.journal.JournalFolder;
import io.vmqtt.store.raft.GroupCheck;
import io.vmqtt.store.storage.ConversionMark;
import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.DataFolder;
import io.vmqtt.store.storage.Findings;
import io.vmqtt.store.storage.Findings.Part;
import io.vmqtt.store.storage.Mend;
import io.vmqtt.store.storage.NativeLibrary;
import io.vmqtt.store.storage.SealedText;
import io.vmqtt.store.storage.TablesCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what a store has on its disk, file by file and one beside the other, before anybody uses
 * it; changes nothing, and looks at no file whose name it does not know. RocksDB and Ratis notice
 * much themselves, but not all: a log whose end is missing is a shorter log to them, and tables
 * without their list are none.
 */
public final class FolderCheck {
  private static final String NUMBER = "0|[1-9]\\d{0,8}";

  private final Path data;
  private final TablesCheck.Depth depth;
  private final List<Part> parts = new ArrayList<>();
  private final List<Mend> mends = new ArrayList<>();

  private FolderCheck(Path data, TablesCheck.Depth depth) {
    this.data = data;
    this.depth = depth;
  }

  /**
   * Before a start: all but what RocksDB finds out by itself, when it reads it. RocksDB's library
   * is unpacked into the folder.
   */
  public static Findings beforeStart(Path data) throws IOException {
    NativeLibrary.load(data.resolve(DataFolder.NATIVE));
    return new FolderCheck(data, TablesCheck.Depth.LIST).look();
  }

  /** All of it, to the last block of the last table. */
  public static Findings ofEverything(Path data) throws IOException {
    return new FolderCheck(data, TablesCheck.Depth.EVERYTHING).look();
  }

  private Findings look() throws IOException {
    if (ConversionMark.isSet(data)) {
      damaged(
          "logs",
          new Damage(
              ConversionMark.in(data),
              "is there because a conversion of the logs has not come to its end: 'vmqtt store"
                  + " convert' goes on"));
    }
    GroupCheck groups = GroupCheck.of(data.resolve(DataFolder.LOGS));
    JournalCheck journal = JournalCheck.of(data);
    Set<Integer> shards = tables();
    shards.addAll(groups.shards());
    shards.addAll(journal.shards());
    boolean isNeeded = !groups.shards().isEmpty() || journal.isNeeded();
    String id = read("store id", DataFolder.NODE_ID, DataFolder::nodeIdOf, isNeeded);
    ShardMap map = read("shard map", DataFolder.SHARD_MAP, DataFolder::shardMapOf, isNeeded);
    boolean hasJournal = JournalFolder.of(data).isUsed();
    if (hasJournal) {
      requireOneLog(groups);
      parts.add(journal.part());
      mends.addAll(journal.mends());
    }
    for (int shard : shards) {
      if (map == null || shard < map.shardCount()) { // there are no others: those are nobody's
        look(shard, groups, hasJournal ? journal : null, id, map);
      }
    }
    return new Findings(List.copyOf(parts), List.copyOf(mends));
  }

  /** Tables have one log; a folder that has two is two that somebody has mixed. */
  private void requireOneLog(GroupCheck groups) {
    if (!groups.shards().isEmpty()) {
      damaged(
          "logs",
          new Damage(
              JournalFolder.of(data).path(),
              "is there beside Raft logs, of shards "
                  + groups.shards()
                  + ": only one of both can be the log of these tables"));
    }
  }

  /** The shards of which there are tables. */
  private Set<Integer> tables() throws IOException {
    Set<Integer> shards = new TreeSet<>();
    Path folder = data.resolve(DataFolder.SHARDS);
    if (Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.list(folder)) {
        all.map(one -> one.getFileName().toString())
            .filter(name -> name.matches(NUMBER))
            .forEach(name -> shards.add(Integer.valueOf(name)));
      }
    }
    return shards;
  }

  /** What a text stands for. */
  @FunctionalInterface
  private interface Meaning<T> {
    T of(String text) throws IOException;
  }

  private <T> @Nullable T read(String part, String name, Meaning<T> meaning, boolean isNeeded)
      throws IOException {
    Path file = data.resolve(name);
    if (!Files.exists(file)) {
      if (isNeeded) {
        damaged(part, new Damage(file, "is missing, though there are shards"));
      }
      return null;
    }
    byte[] bytes = Files.readAllBytes(file);
    String text;
    try {
      text = SealedText.of(bytes);
    } catch (IOException e) {
      damaged(part, new Damage(file, String.valueOf(e.getMessage())));
      return null;
    }
    try {
      T value = meaning.of(text);
      parts.add(new Part(part, String.valueOf(value), List.of(), List.of()));
      return value;
    } catch (JsonProcessingException | IllegalArgumentException e) {
      damaged(part, new Damage(file, "cannot be read: " + e.getMessage()));
      return null;
    } catch (IOException e) {
      if (SealedText.isSealed(bytes)) { // it is what was written, by a later version
        throw new IOException(file + ": " + e.getMessage(), e);
      }
      damaged(part, new Damage(file, "cannot be read: " + e.getMessage()));
      return null;
    }
  }

  private void damaged(String part, Damage damage) {
    parts.add(new Part(part, "", List.of(), List.of(damage)));
  }

  private void look(
      int shard,
      GroupCheck groups,
      @Nullable JournalCheck journal,
      @Nullable String id,
      @Nullable ShardMap map)
      throws IOException {
    boolean isPlacedHere = id == null || map == null || map.places(shard, id);
    boolean isForgotten = !groups.shards().contains(shard);
    if (!groups.hasFolder(shard)
        && (!isPlacedHere || (isForgotten && comesFromOthers(shard, map)))) {
      return; // what is left of one that was handed back, which nobody uses
    }
    Path folder = data.resolve(DataFolder.SHARDS).resolve(Integer.toString(shard));
    TablesCheck.Found tables = TablesCheck.of(folder, depth);
    // One that was handed back has lost its log, and the note of it, before its tables.
    if (groups.shards().contains(shard)) {
      GroupCheck.Found group = groups.look(shard, tables.applied());
      parts.addAll(group.parts());
      mends.addAll(group.mends());
    }
    parts.add(
        new Part(
            "shard " + shard + ", tables",
            tables.files() + " files, everything up to entry " + tables.applied(),
            List.of(),
            tables.damages()));
    if (journal != null) {
      List<Damage> damages = journal.compare(shard, tables.applied());
      parts.add(new Part("shard " + shard + ", journal", "", List.of(), damages));
    }
    Map<Long, Path> checkpoints = groups.checkpoints(shard);
    for (Map.Entry<Long, Path> checkpoint : checkpoints.entrySet()) {
      long entry = checkpoint.getKey();
      // One that is about to take the place of the tables must be as good as they are.
      if (depth == TablesCheck.Depth.EVERYTHING || entry > tables.applied()) {
        boolean isOld = checkpoints.keySet().stream().anyMatch(other -> other > entry);
        look(shard, entry, checkpoint.getValue(), isOld);
      }
    }
  }

  /** Whether a shard of which there is no log begins with what others send. */
  private static boolean comesFromOthers(int shard, @Nullable ShardMap map) {
    return map != null && map.epoch() > 1 && map.targets(shard).size() > 1;
  }

  /**
   * Looks at a checkpoint.
   *
   * @param isOld whether there is a later one, so that nobody needs it
   */
  private void look(int shard, long entry, Path checkpoint, boolean isOld) throws IOException {
    TablesCheck.Found found = TablesCheck.of(checkpoint, TablesCheck.Depth.EVERYTHING);
    if (isOld && found.lacksFiles()) {
      // Earlier versions deleted old ones file by file, and could be killed at that.
      parts.add(
          new Part(
              "shard " + shard + ", checkpoint of entry " + entry,
              "half deleted; the next checkpoint takes the rest away",
              List.of(),
              List.of()));
      return;
    }
    parts.add(
        new Part(
            "shard " + shard + ", checkpoint of entry " + entry,
            found.files() + " files",
            List.of(),
            found.damages()));
  }
}
