package io.vmqtt.store.raft;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The names of the files of one log. Ratis syncs what it writes, but not the folder in which it has
 * begun a file: after a power failure the last segment, with all that was acknowledged from it,
 * could have no name any more.
 */
final class LogNames {
  /**
   * Changes that are nearer to one another than this may carry the same time: some file systems
   * know whole seconds only.
   */
  private static final Duration CLOCK_STEP = Duration.ofMillis(2_500);

  private final Path folder;
  private @Nullable FileTime synced;

  /**
   * @param folder where Ratis keeps the segments of a log
   * @param around a folder that holds it, at any depth, and that lasts
   */
  LogNames(Path folder, Path around) throws IOException {
    this.folder = folder;
    Path at = around;
    for (Path name : around.relativize(folder)) {
      LastingFiles.syncNames(at);
      at = at.resolve(name);
    }
    LastingFiles.syncNames(folder);
  }

  /** Makes them last where any of them has changed; called before what is in the files counts. */
  void sync() throws IOException {
    FileTime changed = Files.getLastModifiedTime(folder);
    if (changed.equals(synced)) {
      return;
    }
    Instant now = Instant.now();
    LastingFiles.syncNames(folder);
    synced = changed.toInstant().isBefore(now.minus(CLOCK_STEP)) ? changed : null;
  }
}
