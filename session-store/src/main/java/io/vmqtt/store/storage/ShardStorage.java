package io.vmqtt.store.storage;

import io.vmqtt.proto.storage.v1.Applied;
import io.vmqtt.store.delivery.QueueReader;
import io.vmqtt.store.retained.RetainedMessages;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.ShardState;
import java.nio.file.Path;
import java.util.List;

/**
 * A shard's tables. Changes of one log entry gather in a batch, and {@link #commit} writes them
 * together with the entry's index, atomically and without a second log: after a crash the tables
 * are as of some entry, that index says which, and the Raft log is replayed from there.
 *
 * <p>Written on the shard's thread; {@link #flush}, {@link #checkpoint} and {@link #scan} may be
 * called by any. Every method throws a {@link StorageException} if the tables fail.
 */
public interface ShardStorage extends QueueReader, RetainedMessages, AutoCloseable {

  /** What of the log is in the tables, and the counters. */
  Applied applied();

  /** Loads into an empty state what it keeps in the heap. */
  void load(ShardState state);

  /** Adds a change to the batch; to be called before the state changes. */
  void stage(Change change, ShardState state);

  /** Adds to the batch that nobody refers to a body any longer. */
  void stageBodyRemoved(long body);

  /**
   * What the retained message of a topic counts for, as of the last {@link #commit}; 0: there is
   * none. To be called on the shard's thread.
   */
  int retainedBytes(String topic);

  /** Writes the batch: everything up to that index is applied. */
  void commit(long term, long index, ShardState state);

  /** The files that it has by now, and never writes again; each may go at any time. */
  default List<Path> files() {
    return List.of();
  }

  /** Makes everything committed so far survive a crash by itself. Blocks. */
  void flush();

  /**
   * Makes a folder that has everything committed so far, and perhaps a little more. Blocks.
   *
   * @param target must not exist; its parent must
   */
  void checkpoint(Path target);

  /**
   * Exchanges the tables for those of a checkpoint; what is staged is forgotten. To be called on
   * the shard's thread, which then loads its state anew. If it fails in the middle the tables may
   * be gone: whoever opens the shard again has to come with the checkpoint again.
   */
  void restore(Path checkpoint);

  /**
   * Closes the tables and opens them as they are on disk; what is staged is forgotten. To be called
   * on the shard's thread, which then loads its state anew.
   */
  void reopen();

  @Override
  void close();
}
