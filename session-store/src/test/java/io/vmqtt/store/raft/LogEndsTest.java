package io.vmqtt.store.raft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sync that has failed before says that all is well: only what is written again is synced. */
class LogEndsTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);
  private static final int PART_BYTES = 64 << 10;

  @TempDir private Path groups;

  private Path file(String name, byte[] content) throws IOException {
    Path current = groups.resolve(GroupFiles.nameOf(0)).resolve(GroupFiles.CURRENT);
    Files.createDirectories(current);
    Path file = Files.write(current.resolve(name), content);
    return Files.setLastModifiedTime(file, LONG_AGO);
  }

  /** Entries, zeros of more than a part, entries again that end within a part, and zeros. */
  private static byte[] content() {
    byte[] content = new byte[7 * PART_BYTES + 99];
    Random random = new Random(1);
    for (int at = 0; at < content.length; at++) {
      boolean isEntry = at < PART_BYTES + 5 || (at > 4 * PART_BYTES && at < 5 * PART_BYTES + 700);
      content[at] = isEntry ? (byte) random.nextInt() : 0;
    }
    return content;
  }

  @Test
  void sync_openFile_isWrittenAgainAsItIs() throws Exception {
    byte[] content = content();
    Path open = file("log_inprogress_0", content);
    LogEnds.sync(groups);
    assertArrayEquals(content, Files.readAllBytes(open));
    assertNotEquals(LONG_AGO, Files.getLastModifiedTime(open), "nothing was written");
  }

  /** Nobody misses zeros, and what is closed was synced when it was. */
  @Test
  void sync_closedFile_orRoomThatIsNotUsed_isNotWritten() throws Exception {
    Path closed = file("log_0-9", content());
    Path empty = file("log_inprogress_10", new byte[3 * PART_BYTES]);
    LogEnds.sync(groups);
    assertEquals(LONG_AGO, Files.getLastModifiedTime(closed));
    assertEquals(LONG_AGO, Files.getLastModifiedTime(empty));
  }
}
