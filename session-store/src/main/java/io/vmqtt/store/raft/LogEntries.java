package io.vmqtt.store.raft;

import io.vmqtt.store.log.LoggedEntries;
import io.vmqtt.store.storage.Damage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.jspecify.annotations.Nullable;

/** The good entries in the log of a shard that nobody has open, whatever is between them. */
public final class LogEntries {
  private LogEntries() {}

  /**
   * Reads them.
   *
   * @return what of the log cannot be read
   */
  public static List<Damage> read(Path groups, int shard, LoggedEntries reader) throws IOException {
    List<Damage> damages = new ArrayList<>();
    for (SegmentFile segment : GroupFiles.segments(groups.resolve(GroupFiles.nameOf(shard)))) {
      SegmentFile.Flaw flaw = segment.read().flaw();
      if (flaw != null) {
        damages.add(new Damage(segment.file(), flaw.how()));
      }
      segment.readWhatIsGood(
          entry -> reader.entry(entry.getTerm(), entry.getIndex(), content(entry)));
    }
    return damages;
  }

  private static @Nullable ByteBuffer content(LogEntryProto entry) {
    return entry.hasStateMachineLogEntry()
        ? entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer()
        : null;
  }
}
