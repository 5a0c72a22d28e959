package io.vmqtt.store.journal;

import java.nio.ByteBuffer;

/**
 * An entry of a shard's log, in the journal.
 *
 * @param content its bytes; nobody may change them
 */
record JournalRecord(int shard, long term, long index, ByteBuffer content) {
  /** What stands before the bytes: shard, term, index, length. */
  static final int HEAD_BYTES = Integer.BYTES + Long.BYTES + Long.BYTES + Integer.BYTES;
}
