package io.vmqtt.store.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceivedCheckpointsTest {
  @TempDir private Path groups;

  private void file(String name) throws IOException {
    Path file = groups.resolve(GroupFiles.nameOf(0)).resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "?");
  }

  private List<String> files() throws IOException {
    Path group = groups.resolve(GroupFiles.nameOf(0));
    try (Stream<Path> all = Files.walk(group)) {
      return all.filter(Files::isRegularFile)
          .map(file -> group.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void deleteLeft_whatWasBeingReceivedOrReplaced_isGone() throws Exception {
    file("current/raft-meta");
    file("sm/1_20/CURRENT");
    file("sm.tmp.17/1_10/CURRENT");
    file("tmp/snapshot-1/1_20/000010.sst");
    ReceivedCheckpoints.deleteLeft(groups);
    assertEquals(List.of("current/raft-meta", "sm/1_20/CURRENT"), files());
  }

  /** They may be all that there is. */
  @Test
  void deleteLeft_checkpointsThatNothingHasReplaced_stay() throws Exception {
    file("sm.tmp.17/1_10/CURRENT");
    ReceivedCheckpoints.deleteLeft(groups);
    assertEquals(List.of("sm.tmp.17/1_10/CURRENT"), files());
  }
}
