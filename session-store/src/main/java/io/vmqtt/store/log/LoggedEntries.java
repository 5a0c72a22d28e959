package io.vmqtt.store.log;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes entries of a log that nobody has open, in order; there may be gaps between two. */
@FunctionalInterface
public interface LoggedEntries {
  /**
   * One entry.
   *
   * @param content null: it is not for the shard
   */
  void entry(long term, long index, @Nullable ByteBuffer content);
}
