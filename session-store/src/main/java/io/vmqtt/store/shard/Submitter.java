package io.vmqtt.store.shard;

import java.util.concurrent.CompletableFuture;

/** Takes entries to the log of one shard. */
interface Submitter {
  /**
   * Submits an entry; calls of one thread keep their order.
   *
   * @return completes normally when the entry is committed and applied, exceptionally when it is
   *     not known to be
   */
  CompletableFuture<Void> submit(Batch batch);

  /** Whether another replica may lead without this one knowing of it yet. */
  boolean mayBeDeposed();

  /** The term in which this replica leads and is ready; 0: it does not. */
  long leaderTerm();
}
