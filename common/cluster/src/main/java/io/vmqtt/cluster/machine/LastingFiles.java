package io.vmqtt.cluster.machine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Files and folders that are still there when the power has failed: a name is as safe as the folder
 * that it is in was synced, whatever was done to the file.
 */
public final class LastingFiles {
  private LastingFiles() {}

  /** Writes a file, all of it or nothing; when this returns, it is on the disk. */
  public static void write(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(
        draft,
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.SYNC);
    move(draft, file);
  }

  /** Gives a synced file, or folder, another name beside its own, for good. */
  public static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    syncNames(Objects.requireNonNull(to.toAbsolutePath().getParent(), "a file is in a folder"));
  }

  /** Creates a folder, and those around it that are not there, for good. */
  public static void createFolders(Path folder) throws IOException {
    Path absolute = folder.toAbsolutePath();
    if (Files.isDirectory(absolute)) {
      return;
    }
    Path around = absolute.getParent();
    if (around != null) {
      createFolders(around);
    }
    try {
      Files.createDirectory(absolute);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(absolute)) {
        throw e;
      }
    }
    if (around != null) {
      syncNames(around);
    }
  }

  /** Makes the names in a folder last, as they are now. */
  public static void syncNames(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder)) {
      channel.force(true);
    }
  }
}
