package io.vmqtt.store.host;

import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.store.raft.GroupCheck;
import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.DataFolder;
import io.vmqtt.store.storage.Findings;
import io.vmqtt.store.storage.NativeLibrary;
import io.vmqtt.store.storage.TablesCheck;
import io.vmqtt.store.storage.TornTail;
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
 * Looks at all that a store has on its disk, file by file and one beside the other, before anybody
 * uses it; changes nothing. RocksDB and Ratis notice much themselves, but not all: a log whose end
 * is missing is a shorter log to them, and tables without their list are none.
 */
public final class FolderCheck {
  private static final String NUMBER = "\\d{1,9}";

  private final Path data;
  private final List<Damage> damages = new ArrayList<>();
  private final List<TornTail> tails = new ArrayList<>();

  private FolderCheck(Path data) {
    this.data = data;
  }

  /** Looks at the folder of a store that does not run. */
  public static Findings of(Path data) throws IOException {
    return new FolderCheck(data).look();
  }

  private Findings look() throws IOException {
    Map<Integer, GroupCheck.Found> groups = GroupCheck.of(data.resolve(DataFolder.LOGS));
    Set<Integer> shards = tables();
    String id = read(DataFolder.NODE_ID, DataFolder::readNodeId, !groups.isEmpty());
    ShardMap map = read(DataFolder.SHARD_MAP, DataFolder::readShardMap, !groups.isEmpty());
    shards.addAll(groups.keySet());
    if (!shards.isEmpty()) {
      NativeLibrary.load(data.resolve("native"));
    }
    boolean othersHaveIt = true;
    for (int shard : shards) {
      look(shard, groups.get(shard), id, map);
      othersHaveIt &= replicas(shard, groups.get(shard), map) > 1;
    }
    return new Findings(List.copyOf(damages), othersHaveIt, tails);
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

  /** How a file is read. */
  @FunctionalInterface
  private interface Reading<T> {
    T of(Path file) throws IOException;
  }

  private <T> @Nullable T read(String name, Reading<T> reading, boolean isNeeded) {
    Path file = data.resolve(name);
    if (!Files.exists(file)) {
      if (isNeeded) {
        damages.add(new Damage(file, "is missing, though there are shards"));
      }
      return null;
    }
    try {
      return reading.of(file);
    } catch (IOException | RuntimeException e) {
      damages.add(new Damage(file, "cannot be read: " + e.getMessage()));
      return null;
    }
  }

  private void look(
      int shard, GroupCheck.@Nullable Found group, @Nullable String id, @Nullable ShardMap map)
      throws IOException {
    Path folder = data.resolve(DataFolder.SHARDS).resolve(Integer.toString(shard));
    TablesCheck.Found tables = TablesCheck.of(folder);
    damages.addAll(tables.damages());
    if (group == null) {
      // One that was handed back has lost its log first.
      if (tables.applied() > 0 && id != null && map != null && map.places(shard, id)) {
        damages.add(new Damage(data.resolve(DataFolder.LOGS), "has no log of shard " + shard));
      }
      return;
    }
    damages.addAll(group.damages());
    tails.addAll(group.tails());
    if (!tables.damages().isEmpty() || !group.damages().isEmpty()) {
      return;
    }
    long applied = Math.max(tables.applied(), group.checkpoint());
    if (group.first() > applied + 1) {
      damages.add(
          new Damage(
              folder, "ends at entry " + applied + ", but the log begins at " + group.first()));
    }
    // Ratis would never go on from there.
    if (group.lastInLog() >= 0 && group.lastInLog() < applied && group.checkpoint() < applied) {
      damages.add(
          new Damage(
              data.resolve(DataFolder.LOGS),
              "the log of shard "
                  + shard
                  + " ends at entry "
                  + group.lastInLog()
                  + ", but the tables have entry "
                  + applied));
    }
    long last = Math.max(applied, group.lastInLog());
    if (last < group.committed()) {
      damages.add(
          new Damage(
              data.resolve(DataFolder.LOGS),
              "the log of shard "
                  + shard
                  + " ends at entry "
                  + last
                  + ", but entry "
                  + group.committed()
                  + " was committed"));
    }
  }

  private static int replicas(int shard, GroupCheck.@Nullable Found group, @Nullable ShardMap map) {
    if (group != null && group.replicas() > 0) {
      return group.replicas();
    }
    return map != null && shard < map.shardCount() ? map.targets(shard).size() : 1;
  }
}
