package io.vmqtt.store.raft;

import io.vmqtt.cluster.machine.LastingFiles;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.TablesCheck;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.ratis.util.MD5FileUtil;

/**
 * Checkpoints of a leader that Ratis has received, and has not put in their place yet. It renames
 * the folder of one that is complete, and deletes the log before it at once, but syncs nothing. So
 * the files are synced before that, and one that has not got its place gets it at the next start:
 * after a power failure the log may be gone, and the new name as well.
 */
final class ReceivedCheckpoints {
  /** How the name of the folder of checkpoints begins while another takes its place. */
  private static final String REPLACED = GroupFiles.CHECKPOINTS + ".";

  private ReceivedCheckpoints() {}

  /**
   * Deletes what was being received, or replaced, when the process ended: what of it is whole has
   * got its place before. For logs that nobody has open.
   *
   * @param groups the folder that has one for each group
   */
  static void deleteLeft(Path groups) throws IOException {
    for (Path group : GroupFiles.groups(groups).values()) {
      for (Path transfer : GroupFiles.foldersIn(group.resolve(GroupFiles.RECEIVED))) {
        CheckpointFiles.delete(transfer);
      }
      if (Files.isDirectory(group.resolve(GroupFiles.CHECKPOINTS))) {
        for (Path folder : GroupFiles.foldersIn(group)) {
          if (folder.getFileName().toString().startsWith(REPLACED)) {
            CheckpointFiles.delete(folder);
          }
        }
      }
    }
  }

  /** Makes what a group has received last; before Ratis puts it in its place. */
  static void sync(Path group) throws IOException {
    Path received = group.resolve(GroupFiles.RECEIVED);
    for (Path transfer : GroupFiles.foldersIn(received)) {
      for (Path checkpoint : GroupFiles.checkpointsIn(transfer).values()) {
        CheckpointFiles.sync(checkpoint);
      }
      LastingFiles.syncNames(transfer);
    }
    syncPlace(group);
  }

  /** Makes the place last that the folder of checkpoints has. */
  static void syncPlace(Path group) throws IOException {
    for (Path folder : List.of(group.resolve(GroupFiles.RECEIVED), group)) {
      if (Files.isDirectory(folder)) {
        LastingFiles.syncNames(folder);
      }
    }
  }

  /**
   * The complete ones of a group, by the entries that they have everything up to.
   *
   * @param above the last entry that is somewhere else: nobody needs older ones
   */
  static NavigableMap<Long, Path> whole(Path group, long above) throws IOException {
    NavigableMap<Long, Path> whole = new TreeMap<>();
    for (Path transfer : GroupFiles.foldersIn(group.resolve(GroupFiles.RECEIVED))) {
      for (Map.Entry<Long, Path> one : GroupFiles.checkpointsIn(transfer).entrySet()) {
        if (one.getKey() > above && isWhole(one.getValue(), one.getKey())) {
          whole.put(one.getKey(), one.getValue());
        }
      }
    }
    return whole;
  }

  /** Each file with its digest, which Ratis writes when it has all of it; and no file missing. */
  private static boolean isWhole(Path checkpoint, long index) throws IOException {
    for (Path path : CheckpointFiles.list(checkpoint)) {
      File file = path.toFile();
      if (!file.getName().endsWith(MD5FileUtil.MD5_SUFFIX) && !hasDigest(file)) {
        return false;
      }
    }
    TablesCheck.Found tables = TablesCheck.of(checkpoint, TablesCheck.Depth.LIST);
    return tables.damages().isEmpty() && tables.applied() >= index;
  }

  private static boolean hasDigest(File file) throws IOException {
    if (!MD5FileUtil.getDigestFileForFile(file).exists()) {
      return false;
    }
    try {
      return MD5FileUtil.computeMd5ForFile(file).equals(MD5FileUtil.readStoredMd5ForFile(file));
    } catch (IOException e) {
      return false; // half a digest, or half a file
    }
  }
}
