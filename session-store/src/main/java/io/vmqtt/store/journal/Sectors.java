package io.vmqtt.store.journal;

/** A disk writes a sector or does not; each batch begins with one. */
final class Sectors {
  static final int BYTES = 512;

  private Sectors() {}

  /** The end of the sector that so many bytes end in. */
  static int up(int bytes) {
    return Math.addExact(bytes, BYTES - 1) / BYTES * BYTES;
  }

  /** Whether all bytes from one on are zero, up to another. */
  static boolean areZero(byte[] bytes, int from, int end) {
    for (int i = from; i < Math.min(end, bytes.length); i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
