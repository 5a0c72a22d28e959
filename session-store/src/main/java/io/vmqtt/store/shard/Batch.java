package io.vmqtt.store.shard;

import com.google.protobuf.CodedOutputStream;
import io.vmqtt.proto.storage.v1.Entry;
import io.vmqtt.store.leading.Pending;
import io.vmqtt.store.log.LogEntry;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.wire.LoggedCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The commands of one log entry. It travels with the entry through the log, so that the leader need
 * not read again what it has written.
 */
final class Batch implements LogEntry {
  private final long timeMillis;
  private final List<Pending> commands;
  private final long leadership;
  private final QueueLimits limits;
  private final long beganNanos;
  private final byte[] content;

  /**
   * @param leadership number of the leadership that answers the commands
   * @param limits by which they are decided
   * @param beganNanos when it is made, nanoseconds since whenever
   */
  Batch(
      long timeMillis,
      List<Pending> commands,
      long leadership,
      QueueLimits limits,
      long beganNanos) {
    this.timeMillis = timeMillis;
    this.commands = commands;
    this.leadership = leadership;
    this.limits = limits;
    this.beganNanos = beganNanos;
    this.content = encode(timeMillis, commands, limits);
  }

  private static byte[] encode(long timeMillis, List<Pending> commands, QueueLimits limits) {
    Entry.Builder entry =
        Entry.newBuilder().setTimeMillis(timeMillis).setBounds(LoggedCommands.bounds(limits));
    for (Pending pending : commands) {
      entry.addCommands(pending.logged());
    }
    Entry built = entry.build();
    byte[] bytes = new byte[built.getSerializedSize()];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      built.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }

  long timeMillis() {
    return timeMillis;
  }

  List<Pending> commands() {
    return commands;
  }

  long leadership() {
    return leadership;
  }

  QueueLimits limits() {
    return limits;
  }

  long beganNanos() {
    return beganNanos;
  }

  @Override
  public ByteBuffer content() {
    return ByteBuffer.wrap(content);
  }
}
