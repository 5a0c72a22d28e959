package io.vmqtt.store.raft;

import io.vmqtt.store.storage.Damage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** What of the logs of a running store is complete, so that nobody writes it again. */
public final class ColdLogs {
  private ColdLogs() {}

  /** The files of a shard's log that are closed, in order. */
  public static List<Path> segments(Path groups, int shard) throws IOException {
    return GroupFiles.segments(groups.resolve(GroupFiles.nameOf(shard))).stream()
        .filter(segment -> !segment.isOpen())
        .map(SegmentFile::file)
        .toList();
  }

  /** The folders of a shard's checkpoints, the oldest first. */
  public static Collection<Path> checkpoints(Path groups, int shard) throws IOException {
    return GroupFiles.checkpoints(groups.resolve(GroupFiles.nameOf(shard))).values();
  }

  /**
   * What is wrong with a closed file of a log. A follower that cuts its log ends a file before it
   * gives it another name: so it looks for a moment as if something was missing.
   */
  public static List<Damage> look(Path file) throws IOException {
    SegmentFile segment = SegmentFile.of(file);
    SegmentFile.Flaw flaw = segment == null ? null : segment.read().flaw();
    return flaw == null ? List.of() : List.of(new Damage(file, flaw.how()));
  }
}
