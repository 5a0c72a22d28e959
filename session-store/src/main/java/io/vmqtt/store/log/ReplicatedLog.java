package io.vmqtt.store.log;

import java.util.concurrent.CompletableFuture;

/**
 * The log of one shard, as one of its replicas has it: makes entries safe, and hands them in one
 * order to every replica's {@link LogReader}. One replica at a time may append.
 */
public interface ReplicatedLog {
  /**
   * Appends an entry; calls of one thread keep their order.
   *
   * @return completes normally when the entry is safe and this replica has applied it,
   *     exceptionally when that is not known: it may be safe all the same
   */
  CompletableFuture<Void> append(LogEntry entry);

  /**
   * The term in which this replica may append; every entry of earlier terms has been handed over
   * before. It only grows. 0: it may not.
   */
  long writableTerm();

  /** Whether another replica may be appending already, without this one knowing of it. */
  boolean mayHaveOtherWriter();
}
