package io.vmqtt.store.journal;

import io.vmqtt.store.log.LogEntry;
import io.vmqtt.store.log.LogReader;
import io.vmqtt.store.log.ReplicatedLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard's part of the journal. Entries are numbered on the shard's thread and written on the
 * journal's, which hands them back.
 */
final class JournalLog implements ReplicatedLog {
  private static final Logger log = LoggerFactory.getLogger(JournalLog.class);

  private final Journal journal;
  private final LogReader shard;
  private final long term;

  /** The last entry that was appended; used on the shard's thread, but for its beginning. */
  private long last;

  private volatile boolean open;

  /**
   * The shard could not take an entry, or not apply it: nothing behind that may be handed to it.
   */
  private volatile boolean ended;

  /**
   * The last entry that is in the tables, and the last that they have on the disk by themselves.
   */
  private volatile long applied;

  private volatile long flushed;

  /** How long the shard had been applying entries when what it had was flushed. */
  private volatile long flushedNanos;

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
   * @param onDiskNanos how long the shard had been applying entries up to that
   */
  void open(long lastIndex, long onDisk, long onDiskNanos) {
    flushedNanos = onDiskNanos;
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
      try {
        shard.readOnly();
      } catch (RejectedExecutionException e) { // it asks by itself, every now and then
        log.debug("shard {} has no room to hear that its log has ended", shard.number(), e);
      }
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

  /** An entry is on the disk. Behind one that was not applied none is, until all is read again. */
  void written(Entry entry) {
    if (ended) {
      entry.lost(new IllegalStateException("an entry before it was not applied"));
      return;
    }
    shard.committed(
        term, entry.index(), entry.entry(), entry.entry()::content, p -> applied(entry, p));
  }

  private void applied(Entry entry, @Nullable Throwable problem) {
    if (problem == null) {
      applied = entry.index();
      entry.fate().complete(null);
    } else {
      ended = true;
      close();
      entry.fate().completeExceptionally(problem);
    }
  }

  /** What of the journal the tables have by themselves. */
  long flushed() {
    return flushed;
  }

  /** How long the shard has been applying what its tables do not have on the disk. */
  long owedNanos() {
    return shard.applyNanos() - flushedNanos;
  }

  /** Has the tables write what they have to the disk. Blocks. */
  void flush() {
    long reached = applied;
    long spent = shard.applyNanos();
    shard.storage().flush();
    if (!superseded) { // asked last: before that, they were those that have what was applied
      flushed = reached;
      flushedNanos = spent;
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
