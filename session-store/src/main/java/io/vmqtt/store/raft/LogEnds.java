package io.vmqtt.store.raft;

import java.io.IOException;
import java.nio.channels.FileChannel;
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
    for (Path group : GroupFiles.groups(groups).values()) {
      for (SegmentFile segment : GroupFiles.segments(group)) {
        try (FileChannel file = FileChannel.open(segment.file(), StandardOpenOption.WRITE)) {
          file.force(true);
        }
      }
    }
  }
}
