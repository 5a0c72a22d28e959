package io.vmqtt.store.log;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The logs of all shards of a store. May be called by any thread; one at a time for a shard. */
public interface ShardLogs extends AutoCloseable {
  /** Opens the log of a shard, or begins it: what its tables lack is handed to it. Blocks. */
  void open(LogReader shard, Group wanted) throws IOException;

  /** Opens the log of a shard, and its tables, again, whatever they failed at. Blocks. */
  void reopen(LogReader shard, Group wanted) throws IOException;

  /** Ends the log of a shard here: it may not append any longer. */
  void close(int shard) throws IOException;

  /** Whether the log of an open shard has ended here, and is to be opened again. */
  boolean hasClosed(int shard);

  /** Whether this store has been a replica of the shard before, and may be one that others need. */
  boolean hasGroup(int shard);

  /** Whether the other replicas of a shard go on without this one. */
  boolean isDismissed(int shard);

  /** Ends the log of a shard here, and deletes it. */
  void remove(int shard) throws IOException;

  /** Who the replicas of an open shard are meant to be, and where they are. */
  void members(int shard, List<Replica> replicas);

  /** The ids of the stores that have a vote in a shard, as this one knows it. */
  List<String> members(int shard);

  /** A thread that owns shards has appended whatever it had in this turn. */
  default void endTurn() {
    // what is appended leaves at once
  }

  /** Writes down what the next start should find; to be called every second or so. */
  void note() throws IOException;

  /** Why nothing can be made safe here any more, in one line; null: nothing is wrong. */
  default @Nullable String fault() {
    return null;
  }

  /** Registers meters of its own, if it has any. */
  default void meter(MeterRegistry registry) {
    // it has none
  }

  @Override
  void close() throws IOException;
}
