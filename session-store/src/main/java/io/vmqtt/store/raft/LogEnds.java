package io.vmqtt.store.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a process that was killed has written to logs, and perhaps not synced. Ratis takes all that
 * it reads at a start for synced, has it count for the majority, and syncs only what it writes from
 * then on.
 *
 * <p>To sync the end of a log is not enough: where a sync has failed before, Linux takes what was
 * not written for written, and the next sync says that all is well. So it is written again, each
 * byte as it is.
 */
final class LogEnds {
  private static final int PART_BYTES = 64 << 10;

  private LogEnds() {}

  /**
   * Makes it last, before anybody reads it.
   *
   * @param groups the folder that has one for each group
   */
  static void sync(Path groups) throws IOException {
    for (Path group : GroupFiles.groups(groups).values()) {
      for (SegmentFile segment : GroupFiles.segments(group)) {
        try (FileChannel file =
            FileChannel.open(segment.file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          if (segment.isOpen()) {
            writeAgain(file);
          }
          file.force(true);
        }
      }
    }
  }

  /** Without the zeros that it has at its end: nobody misses those. */
  private static void writeAgain(FileChannel file) throws IOException {
    ByteBuffer part = ByteBuffer.allocate(PART_BYTES);
    long at = 0;
    while (file.read(part, at) > 0) {
      part.flip();
      if (hasContent(part)) {
        for (long to = at; part.hasRemaining(); ) {
          to += file.write(part, to);
        }
      }
      at += part.limit();
      part.clear();
    }
  }

  private static boolean hasContent(ByteBuffer part) {
    for (int i = 0; i < part.limit(); i++) {
      if (part.get(i) != 0) {
        return true;
      }
    }
    return false;
  }
}
