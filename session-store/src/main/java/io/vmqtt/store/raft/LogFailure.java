package io.vmqtt.store.raft;

/** Hears that a log cannot be written, or synced; Ratis never writes to it again. */
@FunctionalInterface
public interface LogFailure {
  /** Called by the thread that writes the log; returns soon. */
  void of(int shard, Throwable cause);
}
