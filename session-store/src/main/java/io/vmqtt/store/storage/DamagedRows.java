package io.vmqtt.store.storage;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.function.Supplier;
import org.rocksdb.AbstractRocksIterator;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SstFileReaderIterator;

/**
 * The rows of a table of which some cannot be read. RocksDB ends a walk at the first block that is
 * damaged, and does not say where the next one begins; that is found by looking: a search in the
 * damaged block fails, one behind it does not.
 */
final class DamagedRows {
  /** Keys are longer only where they are topics, which mostly differ before that. */
  private static final int LONGEST_PROBE = 64;

  private static final int SHORTEST_PROBE = 32;

  private final AbstractRocksIterator<?> rows;
  private final Supplier<byte[]> key;
  private final Supplier<byte[]> value;
  private byte[] last;
  private int gaps;

  private DamagedRows(
      AbstractRocksIterator<?> rows, Supplier<byte[]> key, Supplier<byte[]> value, byte[] after) {
    this.rows = rows;
    this.key = key;
    this.value = value;
    this.last = after;
  }

  /** Those behind a key; an empty one is before all. */
  static DamagedRows of(RocksIterator rows, byte[] after) {
    return new DamagedRows(rows, rows::key, rows::value, after);
  }

  /** The same of one file. */
  static DamagedRows of(SstFileReaderIterator rows, byte[] after) {
    return new DamagedRows(rows, rows::key, rows::value, after);
  }

  /** Takes rows. */
  @FunctionalInterface
  interface Row {
    void take(byte[] key, byte[] value);
  }

  /**
   * Gives all that can be read.
   *
   * @return false if nothing behind {@link #last} can be
   */
  boolean each(Row row) {
    rows.seek(last);
    while (true) {
      while (rows.isValid()) {
        byte[] here = key.get();
        if (Arrays.compareUnsigned(here, last) > 0) {
          last = here;
          row.take(here, value.get());
        }
        rows.next();
      }
      if (isGood()) {
        return true;
      }
      gaps++;
      if (!skip()) {
        return false;
      }
    }
  }

  /** The last key that was given. */
  byte[] last() {
    return last;
  }

  /** How many stretches could not be read. */
  int gaps() {
    return gaps;
  }

  private boolean isGood() {
    try {
      rows.status();
      return true;
    } catch (RocksDBException e) {
      return false;
    }
  }

  /** Goes to the first key behind the last one that can be found. */
  private boolean skip() {
    int length = Math.clamp(last.length + 1, SHORTEST_PROBE, LONGEST_PROBE);
    BigInteger low = new BigInteger(1, Arrays.copyOf(last, length));
    BigInteger high = BigInteger.ONE.shiftLeft(Byte.SIZE * length).subtract(BigInteger.ONE);
    if (!isFound(bytes(high, length))) {
      return false;
    }
    while (high.subtract(low).compareTo(BigInteger.ONE) > 0) {
      BigInteger middle = low.add(high).shiftRight(1);
      if (isFound(bytes(middle, length))) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return isFound(bytes(high, length));
  }

  private boolean isFound(byte[] probe) {
    if (Arrays.compareUnsigned(probe, last) <= 0) {
      return false;
    }
    rows.seek(probe);
    return isGood();
  }

  private static byte[] bytes(BigInteger number, int length) {
    byte[] magnitude = number.toByteArray();
    byte[] bytes = new byte[length];
    int from = Math.max(0, magnitude.length - length); // a sign may be in front
    int count = magnitude.length - from;
    System.arraycopy(magnitude, from, bytes, length - count, count);
    return bytes;
  }
}
