package io.vmqtt.store.journal;

/**
 * Bounds of a journal.
 *
 * @param fileBytes size of a file of it
 * @param cutEntries with so many entries for each shard in files that are full, tables are flushed
 *     and the journal is cut
 * @param cutBytes or with so many bytes in those
 */
public record JournalOptions(int fileBytes, long cutEntries, long cutBytes) {
  /** With so many times the bytes after which it is to be cut, it takes nothing until it is. */
  private static final int MOST_CUTS = 4;

  /** It is not longer than this, and the file that is written. */
  long mostBytes() {
    return MOST_CUTS * Math.max(cutBytes, 2L * fileBytes);
  }
}
