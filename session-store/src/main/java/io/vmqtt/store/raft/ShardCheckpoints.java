package io.vmqtt.store.raft;

import io.vmqtt.cluster.machine.LastingFiles;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.ShardStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of a shard that has several replicas, each a folder named {@code TERM_INDEX}:
 * what a replica gets whose log is too old. A checkpoint has everything up to its index, and may
 * have a little more; entries that come twice are passed over.
 *
 * <p>They cost hard links, and the tables that would otherwise have been deleted meanwhile. The one
 * before the latest stays, because a replica may be reading it.
 */
final class ShardCheckpoints {
  private static final int KEPT = 2;
  private static final String DIGEST = ".md5";

  private final Path folder;
  private final ShardStorage storage;

  private record Found(TermIndex at, Path folder) {}

  /**
   * @param folder of the checkpoints; Ratis puts there what it got from the leader
   */
  ShardCheckpoints(Path folder, ShardStorage storage) {
    this.folder = folder;
    this.storage = storage;
  }

  /** Makes one that has everything up to an entry. */
  SnapshotInfo take(TermIndex applied) throws IOException {
    Path target = folder.resolve(applied.getTerm() + "_" + applied.getIndex());
    if (!Files.exists(target)) {
      LastingFiles.createFolders(folder);
      CheckpointFiles.finishRemovals(folder);
      Path draft = folder.resolve("draft");
      CheckpointFiles.delete(draft);
      storage.checkpoint(draft);
      LastingFiles.move(draft, target);
      List<Found> all = found();
      for (Found old : all.subList(0, Math.max(0, all.size() - KEPT))) {
        CheckpointFiles.remove(old.folder);
      }
    }
    return info(new Found(applied, target));
  }

  /** Makes the latest last, with the folder of all: Ratis has put it there, and synced nothing. */
  void syncLatest() throws IOException {
    List<Found> all = found();
    if (!all.isEmpty()) {
      CheckpointFiles.sync(all.getLast().folder);
      LastingFiles.syncNames(folder);
      LastingFiles.syncNames(folder.resolveSibling(""));
    }
  }

  /** The latest, if there is one. */
  @Nullable SnapshotInfo latest() throws IOException {
    List<Found> all = found();
    return all.isEmpty() ? null : info(all.getLast());
  }

  /** Where the latest lies. */
  Path latestFolder() throws IOException {
    return found().getLast().folder;
  }

  private static SnapshotInfo info(Found found) throws IOException {
    List<FileInfo> files = new ArrayList<>();
    for (Path file : CheckpointFiles.list(found.folder)) {
      if (!file.toString().endsWith(DIGEST)) {
        files.add(new FileInfo(file, null));
      }
    }
    return new FileListSnapshotInfo(files, found.at.getTerm(), found.at.getIndex());
  }

  /** Oldest first. */
  private List<Found> found() throws IOException {
    List<Found> all = new ArrayList<>();
    for (Path checkpoint : GroupFiles.checkpointsIn(folder).values()) {
      String[] parts = checkpoint.getFileName().toString().split("_", -1);
      all.add(
          new Found(
              TermIndex.valueOf(Long.parseLong(parts[0]), Long.parseLong(parts[1])), checkpoint));
    }
    all.sort(Comparator.comparing(Found::at));
    return all;
  }
}
