package io.vmqtt.store.storage;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Something that a kill or a power failure leaves in a folder, and what is done about it before
 * anybody uses the folder. Done twice it does nothing more, so a start may be killed at it, too.
 */
public sealed interface Mend {
  /** The file, or folder, that it is about. */
  Path file();

  /** What is there, in a few words, and what becomes of it. */
  String how();

  /** Does it, for good. */
  void make() throws IOException;

  /**
   * The end of a file that was never acknowledged is cut off.
   *
   * @param offset where it begins, in bytes
   * @param name what the file is called without it
   */
  record TornTail(Path file, long offset, Path name, String how) implements Mend {
    @Override
    public void make() throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(offset);
        channel.force(true);
      }
      if (!name.equals(file)) {
        LastingFiles.move(file, name);
      }
    }
  }

  /** A file of which everything is somewhere else is deleted. */
  record Superfluous(Path file, String how) implements Mend {
    @Override
    public void make() throws IOException {
      Files.deleteIfExists(file);
      LastingFiles.syncNames(around(file));
    }
  }

  /**
   * A folder that is whole, and synced, gets its place.
   *
   * @param place where it belongs
   */
  record Unplaced(Path file, Path place, String how) implements Mend {
    @Override
    public void make() throws IOException {
      LastingFiles.createFolders(around(place));
      LastingFiles.move(file, place);
      LastingFiles.syncNames(around(file));
    }
  }

  private static Path around(Path file) {
    return Objects.requireNonNull(file.getParent(), "a file is in a folder");
  }
}
