package io.vmqtt.store.raft;

import io.vmqtt.store.log.LogEntry;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/** An entry as Ratis takes it; its bytes are not copied. */
record EntryMessage(LogEntry entry, ByteString content) implements Message {

  static EntryMessage of(LogEntry entry) {
    return new EntryMessage(entry, UnsafeByteOperations.unsafeWrap(entry.content()));
  }

  @Override
  public ByteString getContent() {
    return content;
  }
}
