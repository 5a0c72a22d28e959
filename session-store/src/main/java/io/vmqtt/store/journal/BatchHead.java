package io.vmqtt.store.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the records of a batch, which is what one write has: salt of the file, number,
 * length of the records, their CRC-32C, and that of all this.
 */
record BatchHead(long salt, long number, int bodyBytes, int bodyChecksum) {
  static final int BYTES = 2 * Long.BYTES + 3 * Integer.BYTES;

  private static final int CHECKED_BYTES = BYTES - Integer.BYTES;

  /** How many bytes the batch takes. */
  int batchBytes() {
    return Sectors.up(BYTES + bodyBytes);
  }

  /** Writes the head of a batch whose records are behind it in the buffer already. */
  static void put(ByteBuffer batch, long salt, long number, int bodyBytes) {
    CRC32C body = new CRC32C();
    body.update(batch.slice(BYTES, bodyBytes));
    batch
        .putLong(0, salt)
        .putLong(Long.BYTES, number)
        .putInt(2 * Long.BYTES, bodyBytes)
        .putInt(2 * Long.BYTES + Integer.BYTES, (int) body.getValue());
    CRC32C head = new CRC32C();
    head.update(batch.slice(0, CHECKED_BYTES));
    batch.putInt(CHECKED_BYTES, (int) head.getValue());
  }

  /** The head at an offset; null where there is none that has its checksum. */
  static @Nullable BatchHead at(byte[] file, int offset) {
    if (offset + BYTES > file.length) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(file, offset, BYTES);
    BatchHead head = new BatchHead(in.getLong(), in.getLong(), in.getInt(), in.getInt());
    return in.getInt() == checksum(file, offset, CHECKED_BYTES)
            && head.bodyBytes > 0
            && head.bodyBytes < Integer.MAX_VALUE - BYTES - Sectors.BYTES
        ? head
        : null;
  }

  /** Whether the records behind a head are those that it was written for, with zeros behind. */
  boolean hasItsBody(byte[] file, int offset) {
    return bodyBytes <= file.length - offset - BYTES
        && checksum(file, offset + BYTES, bodyBytes) == bodyChecksum
        && Sectors.areZero(file, offset + BYTES + bodyBytes, offset + batchBytes());
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, length);
    return (int) checksum.getValue();
  }
}
