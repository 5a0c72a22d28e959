package io.vmqtt.store.host;

import io.vmqtt.store.journal.ColdJournal;
import io.vmqtt.store.raft.ColdLogs;
import io.vmqtt.store.shard.Shard;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.DataFolder;
import io.vmqtt.store.storage.StorageException;
import io.vmqtt.store.storage.TablesCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a running store that are complete: closed files of logs and of the journal, tables,
 * and checkpoints. Nobody writes them again, so they can be read beside all other work; but they
 * may go at any time.
 */
final class ColdFiles {
  private static final Logger log = LoggerFactory.getLogger(ColdFiles.class);
  private static final String SORTED_TABLE = ".sst";

  /** In place of a shard: all have something in it. */
  static final int OF_ALL = -1;

  private final List<ColdFile> files = new ArrayList<>();

  /** By their places on the disk: checkpoints share tables with one another. */
  private final Set<Object> known = new HashSet<>();

  private ColdFiles() {}

  /** Whoever knows what a file should be. */
  @FunctionalInterface
  interface Check {
    /** What is wrong with it; empty: nothing. */
    List<Damage> of(Path file) throws IOException;
  }

  /**
   * One of them, or a folder that lists them.
   *
   * @param shard whose it is; {@link #OF_ALL}
   * @param place where it is on the disk; null: nobody knows
   */
  record ColdFile(int shard, Path file, @Nullable Object place, Check check) {
    static ColdFile of(int shard, Path file, Check check) throws IOException {
      return new ColdFile(shard, file, placeOf(file), check);
    }

    /** Whether it is still that one: another may have its name, and may be half written. */
    boolean isThere() {
      try {
        return Objects.equals(place, placeOf(file));
      } catch (IOException e) {
        log.debug("{} is gone: {}", file, e.toString());
        return false;
      }
    }

    private static @Nullable Object placeOf(Path file) throws IOException {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }
  }

  /**
   * Those that are there now.
   *
   * @param data the folder of the store
   */
  static List<ColdFile> of(Path data, Collection<Shard> shards) {
    ColdFiles cold = new ColdFiles();
    Path logs = data.resolve(DataFolder.LOGS);
    try {
      for (Path file : ColdJournal.files(data)) {
        cold.add(OF_ALL, file, ColdJournal::look);
      }
    } catch (IOException e) {
      log.debug("the journal is passed over: {}", e.toString());
    }
    for (Shard shard : shards) {
      try {
        cold.add(logs, shard);
      } catch (IOException | StorageException e) {
        // It is being closed, or what was listed is gone: the next round finds what there is then.
        log.debug("shard {} is passed over: {}", shard.number(), e.toString());
      }
    }
    return cold.files;
  }

  private void add(Path logs, Shard shard) throws IOException {
    int number = shard.number();
    for (Path segment : ColdLogs.segments(logs, number)) {
      add(number, segment, ColdLogs::look);
    }
    for (Path table : shard.storage().files()) {
      add(number, table, TablesCheck::ofTable);
    }
    List<Path> checkpoints = List.copyOf(ColdLogs.checkpoints(logs, number));
    for (Path checkpoint : checkpoints) {
      boolean isOld = !checkpoint.equals(checkpoints.getLast());
      files.add(ColdFile.of(number, checkpoint, folder -> ofCheckpoint(folder, isOld)));
      for (Path file : CheckpointFiles.list(checkpoint)) {
        if (file.toString().endsWith(SORTED_TABLE)) {
          add(number, file, TablesCheck::ofTable);
        }
      }
    }
  }

  /** An old one that an earlier version has deleted by half is no damage. */
  private static List<Damage> ofCheckpoint(Path folder, boolean isOld) throws IOException {
    TablesCheck.Found found = TablesCheck.of(folder, TablesCheck.Depth.LIST);
    return isOld && found.lacksFiles() ? List.of() : found.damages();
  }

  private void add(int shard, Path file, Check check) throws IOException {
    try {
      ColdFile cold = ColdFile.of(shard, file, check);
      if (cold.place == null || known.add(cold.place)) {
        files.add(cold);
      }
    } catch (NoSuchFileException e) {
      log.debug("{} was merged with others, or cut, meanwhile", file);
    }
  }
}
