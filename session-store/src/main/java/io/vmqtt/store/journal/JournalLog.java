package io.vmqtt.store.journal;

import io.vmqtt.store.log.LogEntry;
import io.vmqtt.store.log.LogReader;
import io.vmqtt.store.log.ReplicatedLog;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A shard's part of the journal. Entries are numbered on the shard's thread and written on the
 * journal's, which hands them back.
 */
final class JournalLog implements ReplicatedLog {
  private final Journal journal;
  private final LogReader shard;
  private final long term;

  /** The last entry that was appended; used on the shard's thread, but for its beginning. */
  private long last;

  private volatile boolean open;

  /**
   * The last entry that is in the tables, and the last that they have on the disk by themselves.
   */
  private volatile long applied;

  private volatile long flushed;

  /** The tables are others than those that it knows of. */
  private volatile boolean superseded;

  /** An entry on its way. */
  record Entry(JournalLog log, long index, LogEntry entry, CompletableFuture<Void> fate) {
    void lost(Throwable problem) {
      fate.completeExceptionally(problem);
    }
  }

  JournalLog(Journal journal, LogReader shard, long term) {
    this.journal = journal;
    this.shard = shard;
    this.term = term;
  }

  /**
   * From now on the shard may append.
   *
   * @param lastIndex that of its last entry; all are applied
   * @param onDisk the tables have everything up to that on the disk
   */
  void open(long lastIndex, long onDisk) {
    last = lastIndex;
    applied = lastIndex;
    flushed = onDisk;
    open = true;
    shard.appendTo(this);
    shard.writable(term);
  }

  /** It may not append any longer; what it has appended may be written all the same. */
  void close() {
    if (open) {
      open = false;
      shard.readOnly();
    }
  }

  /** From now on the tables may have less than what was applied. */
  void supersede() {
    superseded = true;
  }

  boolean isOpen() {
    return open;
  }

  LogReader shard() {
    return shard;
  }

  long term() {
    return term;
  }

  @Override
  public CompletableFuture<Void> append(LogEntry entry) {
    if (!open) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("the journal takes nothing of shard " + shard.number()));
    }
    Entry written = new Entry(this, last + 1, entry, new CompletableFuture<>());
    last++;
    journal.append(written);
    return written.fate();
  }

  /** An entry is on the disk. */
  void written(Entry entry) {
    shard.committed(
        term, entry.index(), entry.entry(), entry.entry()::content, p -> applied(entry, p));
  }

  private void applied(Entry entry, @Nullable Throwable problem) {
    if (problem == null) {
      applied = entry.index();
      entry.fate().complete(null);
    } else {
      entry.fate().completeExceptionally(problem);
    }
  }

  /** What of the journal the tables have by themselves. */
  long flushed() {
    return flushed;
  }

  /** Has the tables write what they have to the disk. Blocks. */
  void flush() {
    long reached = applied;
    shard.storage().flush();
    if (!superseded) { // asked last: before that, they were those that have what was applied
      flushed = reached;
    }
  }

  @Override
  public long writableTerm() {
    return open ? term : 0;
  }

  @Override
  public boolean mayHaveOtherWriter() {
    return false;
  }
}
