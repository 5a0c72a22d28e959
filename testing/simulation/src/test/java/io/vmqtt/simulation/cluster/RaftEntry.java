package io.vmqtt.simulation.cluster;

import io.vmqtt.store.log.LogEntry;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a log.
 *
 * @param content null: nothing but the beginning of a term
 * @param owner who submitted it
 * @param ownerRun in which of its lives
 * @param fate what the owner hears of it
 */
record RaftEntry(
    long term,
    @Nullable LogEntry content,
    @Nullable RaftReplica owner,
    int ownerRun,
    CompletableFuture<Void> fate) {

  /** The first entry of a leader. */
  static RaftEntry ofTerm(long term) {
    return new RaftEntry(term, null, null, 0, new CompletableFuture<>());
  }
}
