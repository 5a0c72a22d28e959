package io.vmqtt.store.storage;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a write that was never acknowledged has left at the end of a file, when the process was
 * killed or the power failed.
 *
 * @param file the file
 * @param offset where it begins, in bytes
 * @param name what the file is called without it
 * @param how what is there
 */
public record TornTail(Path file, long offset, Path name, String how) {
  /** Ends the file before it, for good. */
  public void cut() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(offset);
      channel.force(true);
    }
    if (!name.equals(file)) {
      LastingFiles.move(file, name);
    }
  }
}
