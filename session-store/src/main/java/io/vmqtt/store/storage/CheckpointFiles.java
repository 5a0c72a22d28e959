package io.vmqtt.store.storage;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The files of a checkpoint of tables. */
public final class CheckpointFiles {
  /** Never written again once they are complete, so that two folders can share them. */
  private static final String SORTED_TABLE = ".sst";

  private static final String REMOVED = ".removed";

  private CheckpointFiles() {}

  /** Makes a folder of tables from a checkpoint, beside the one whose place it will take. */
  static Path prepare(Path tables, Path checkpoint) {
    Path draft = sibling(tables, ".restored");
    try {
      delete(draft);
      Files.createDirectories(draft);
      for (Path file : list(checkpoint)) {
        Path target = draft.resolve(file.getFileName());
        if (file.toString().endsWith(SORTED_TABLE)) {
          Files.createLink(target, file);
        } else {
          Files.copy(file, target);
        }
      }
      sync(draft);
      return draft;
    } catch (IOException e) {
      throw new StorageException("cannot restore " + tables + " from " + checkpoint, e);
    }
  }

  /** Puts prepared tables in the place of others, which are closed. */
  static void replace(Path tables, Path prepared) {
    Path old = sibling(tables, ".old");
    try {
      delete(old);
      Files.move(tables, old, StandardCopyOption.ATOMIC_MOVE);
      LastingFiles.move(prepared, tables);
      delete(old);
    } catch (IOException e) {
      throw new StorageException("cannot put " + prepared + " in the place of " + tables, e);
    }
  }

  private static Path sibling(Path tables, String suffix) {
    return tables.resolveSibling(tables.getFileName() + suffix);
  }

  /** The files of a folder, in the order of their names. */
  public static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Makes the files of a folder last, and their names. */
  public static void sync(Path folder) throws IOException {
    for (Path file : list(folder)) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
    LastingFiles.syncNames(folder);
  }

  /**
   * Deletes a folder with everything in it, if it is there. Its name goes first: whoever is killed
   * at that leaves no half of it, but something that {@link #finishRemovals} deletes.
   */
  public static void remove(Path folder) throws IOException {
    Path removed = sibling(folder, REMOVED);
    delete(removed);
    if (Files.exists(folder)) {
      LastingFiles.move(folder, removed);
      delete(removed);
    }
  }

  /** Deletes what was being removed in a folder when the process was killed. */
  public static void finishRemovals(Path around) throws IOException {
    if (Files.isDirectory(around)) {
      List<Path> left;
      try (Stream<Path> all = Files.list(around)) {
        left = all.filter(one -> one.getFileName().toString().endsWith(REMOVED)).toList();
      }
      for (Path one : left) {
        delete(one);
      }
    }
  }

  /** Deletes a folder with everything in it, if it is there. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> everything = Files.walk(folder)) {
      for (Path path : everything.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
