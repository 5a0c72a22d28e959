package io.vmqtt.store.log;

import io.vmqtt.store.storage.ShardStorage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A replica as its log sees it. It is handed every entry in order; those that its tables have
 * already may come again, and are passed over. Methods return at once unless they say otherwise.
 */
public interface LogReader {
  /** The number of the shard. */
  int number();

  /** The tables that entries go to: how far they are, and what to make snapshots of. */
  ShardStorage storage();

  /** Whether it could not apply an entry: it must not go on. */
  boolean failed();

  /**
   * An entry is safe.
   *
   * @param own the entry as this replica has appended it, if it still has it in memory
   * @param content the entry's bytes, read where nobody has it in memory
   * @param done runs, with what went wrong or null, when it is applied
   */
  void committed(
      long term,
      long index,
      @Nullable LogEntry own,
      Supplier<ByteBuffer> content,
      Consumer<@Nullable Throwable> done);

  /** The log went on without an entry for the shard. */
  void advanced(long term, long index, Runnable done);

  /** From now on this replica may append, in that term; earlier entries were handed over before. */
  void writable(long term);

  /** This replica may not append any longer. */
  void readOnly();

  /** Goes on from a checkpoint of another replica. Blocks; not for the shard's own thread. */
  void restore(Path checkpoint);

  /** Goes on from its tables, whatever it failed at. Blocks; not for the shard's own thread. */
  void reopen();

  /** How long it has been applying entries, in all, in nanoseconds. */
  default long applyNanos() {
    return 0;
  }

  /** Where it appends from now on. */
  void appendTo(ReplicatedLog log);
}
