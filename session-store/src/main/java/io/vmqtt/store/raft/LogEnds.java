package io.vmqtt.store.raft;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a process that was killed has written to logs, and perhaps not synced. Ratis takes all that
 * it reads at a start for synced, has it count for the majority, and syncs only what it writes from
 * then on.
 */
final class LogEnds {
  private LogEnds() {}

  /**
   * Makes it last, before anybody reads it.
   *
   * @param groups the folder that has one for each group
   */
  static void sync(Path groups) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(groups)) {
      for (Path group : all) {
        Path current = group.resolve("current");
        if (Files.isDirectory(current)) {
          syncFiles(current);
        }
      }
    }
  }

  private static void syncFiles(Path current) throws IOException {
    try (DirectoryStream<Path> segments = Files.newDirectoryStream(current, "log_*")) {
      for (Path segment : segments) {
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
          file.force(true);
        }
      }
    }
  }
}
