package io.vmqtt.store.shard;

import com.google.protobuf.CodedOutputStream;
import io.vmqtt.proto.storage.v1.Entry;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.wire.LoggedCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * The commands of one log entry. It travels with the entry through Raft, so that the leader need
 * not read again what it has written.
 */
final class Batch implements Message {
  private final long timeMillis;
  private final List<Pending> commands;
  private final ByteString content;
  private final Leadership owner;

  /**
   * @param owner the leadership that answers the commands
   */
  Batch(long timeMillis, List<Pending> commands, Leadership owner) {
    this.owner = owner;
    this.timeMillis = timeMillis;
    this.commands = commands;
    this.content = encode(timeMillis, commands, owner.limits());
  }

  private static ByteString encode(long timeMillis, List<Pending> commands, QueueLimits limits) {
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
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  long timeMillis() {
    return timeMillis;
  }

  List<Pending> commands() {
    return commands;
  }

  Leadership owner() {
    return owner;
  }

  @Override
  public ByteString getContent() {
    return content;
  }
}
