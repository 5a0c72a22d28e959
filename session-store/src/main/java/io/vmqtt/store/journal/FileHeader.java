package io.vmqtt.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a file of the journal begins with: whole sectors of it.
 *
 * @param number of the file; they follow one another
 * @param firstBatch the number of its first batch: none of that number or a later one counts that
 *     is in a file before it
 * @param term of whoever has begun to write it
 * @param salt by chance, and in each batch: nobody outside can make bytes that look like one
 * @param ends the last entry of each shard that is before this file
 */
record FileHeader(long number, long firstBatch, long term, long salt, Map<Integer, Long> ends) {
  private static final byte[] MAGIC = "VMQTTJL1".getBytes(StandardCharsets.US_ASCII);
  private static final int FIXED_BYTES = MAGIC.length + 4 * Long.BYTES + Integer.BYTES;
  private static final int END_BYTES = Integer.BYTES + Long.BYTES;

  FileHeader {
    ends = Map.copyOf(ends);
  }

  /** How many bytes it takes. */
  int bytes() {
    return Sectors.up(FIXED_BYTES + ends.size() * END_BYTES + Integer.BYTES);
  }

  /** As it is written. */
  ByteBuffer encoded() {
    ByteBuffer out = ByteBuffer.allocate(bytes());
    out.put(MAGIC).putLong(number).putLong(firstBatch).putLong(term).putLong(salt);
    out.putInt(ends.size());
    new TreeMap<>(ends).forEach((shard, index) -> out.putInt(shard).putLong(index));
    out.putInt(checksum(out.array(), out.position()));
    return out.position(0);
  }

  /**
   * The header of a file; null where it is not whole.
   *
   * @throws IOException if it is of a later format
   */
  static @Nullable FileHeader of(byte[] file, String name) throws IOException {
    int digit = MAGIC.length - 1;
    if (file.length < FIXED_BYTES || !Arrays.equals(file, 0, digit, MAGIC, 0, digit)) {
      return null;
    }
    if (file[digit] > MAGIC[digit] && file[digit] <= '9') {
      throw new IOException(name + " is of a format that this version does not read");
    }
    ByteBuffer in = ByteBuffer.wrap(file).position(MAGIC.length);
    long number = in.getLong();
    long firstBatch = in.getLong();
    long term = in.getLong();
    long salt = in.getLong();
    int count = in.getInt();
    if (count < 0 || count > (in.remaining() - Integer.BYTES) / END_BYTES) {
      return null;
    }
    Map<Integer, Long> ends = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      ends.put(in.getInt(), in.getLong());
    }
    int end = in.position();
    FileHeader header = new FileHeader(number, firstBatch, term, salt, ends);
    return file[digit] == MAGIC[digit]
            && in.getInt() == checksum(file, end)
            && header.bytes() <= file.length
            && Sectors.areZero(file, end + Integer.BYTES, header.bytes())
        ? header
        : null;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }
}
