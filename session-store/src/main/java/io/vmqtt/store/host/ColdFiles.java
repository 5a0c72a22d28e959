package io.vmqtt.store.host;

import io.vmqtt.store.raft.ColdLogs;
import io.vmqtt.store.shard.Shard;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.Damage;
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
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a running store that are complete: closed files of logs, tables, and checkpoints.
 * Nobody writes them again, so they can be read beside all other work; but they may go at any time.
 */
final class ColdFiles {
  private static final Logger log = LoggerFactory.getLogger(ColdFiles.class);
  private static final String SORTED_TABLE = ".sst";

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
   * @param shard whose it is
   */
  record ColdFile(int shard, Path file, Check check) {}

  /**
   * Those that are there now.
   *
   * @param logs the folder of all logs
   */
  static List<ColdFile> of(Path logs, Collection<Shard> shards) {
    ColdFiles cold = new ColdFiles();
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
      files.add(new ColdFile(number, checkpoint, folder -> ofCheckpoint(folder, isOld)));
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
      Object place = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      if (place == null || known.add(place)) {
        files.add(new ColdFile(shard, file, check));
      }
    } catch (NoSuchFileException e) {
      log.debug("{} was merged with others, or cut, meanwhile", file);
    }
  }
}
