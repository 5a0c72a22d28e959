package io.vmqtt.store.raft;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** The bytes of a log as Ratis writes them. */
final class LogBytes {
  static final long TERM = 3;

  private LogBytes() {}

  static byte[] header() {
    return "RaftLog1".getBytes(StandardCharsets.US_ASCII);
  }

  /** An entry of a shard. */
  static byte[] entry(long index, byte[] data) throws IOException {
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    LogEntryProto.newBuilder()
        .setTerm(TERM)
        .setIndex(index)
        .setStateMachineLogEntry(
            StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFrom(data)))
        .build()
        .writeDelimitedTo(entry);
    CRC32C checksum = new CRC32C();
    checksum.update(entry.toByteArray());
    entry.write(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    return entry.toByteArray();
  }

  /** A file with entries from one on. */
  static byte[] file(long first, int count) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(header());
    for (long index = first; index < first + count; index++) {
      file.write(entry(index, new byte[] {7}));
    }
    return file.toByteArray();
  }
}
