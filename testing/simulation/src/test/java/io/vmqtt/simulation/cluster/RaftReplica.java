package io.vmqtt.simulation.cluster;

import io.vmqtt.simulation.world.SimulatedProcess;
import io.vmqtt.store.log.LogEntry;
import io.vmqtt.store.log.LogReader;
import io.vmqtt.store.log.ReplicatedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One member of a group: its log outlives its processes. Of what is written the kernel has all, and
 * the disk what was synced.
 */
final class RaftReplica implements ReplicatedLog {
  private final SimulatedRaft raft;
  private final RandomGenerator random;
  private final List<RaftEntry> unanswered = new ArrayList<>();
  private @Nullable SimulatedProcess process;
  private @Nullable LogReader shard;
  private int run;
  private long length;
  private long written;

  /** How much of the log was on the disk when its last process ended. */
  private long synced;

  private long acknowledged;
  private long committed;
  private long applied;
  private long term;
  private boolean leads;
  private boolean ready;
  private long lonelySinceNanos;

  RaftReplica(SimulatedRaft raft, RandomGenerator random) {
    this.raft = raft;
    this.random = random;
  }

  /**
   * A process brings it up.
   *
   * @param appliedIndex what the shard's tables have
   */
  void up(SimulatedProcess newProcess, LogReader newShard, long appliedIndex) {
    run++;
    process = newProcess;
    shard = newShard;
    committed = appliedIndex;
    applied = appliedIndex;
    leads = false;
    ready = false;
    unanswered.clear();
  }

  /**
   * Its process is gone. What it had written the next one finds, and syncs, but for what had not
   * got to the kernel.
   */
  void down() {
    run++;
    synced = length;
    length += random.nextLong(written - length + 1);
    written = length;
    process = null;
    shard = null;
    leads = false;
  }

  /** With its machine, of which only the disk is left. */
  void loseUnsynced() {
    length = Math.min(length, synced);
    written = length;
  }

  boolean isUp() {
    return process != null;
  }

  boolean isAwake() {
    return process != null && process.isAwake();
  }

  SimulatedProcess process() {
    if (process == null) {
      throw new IllegalStateException("the replica is down");
    }
    return process;
  }

  /** Counts its lives. */
  int run() {
    return run;
  }

  /** How much of the log it has on disk. */
  long length() {
    return length;
  }

  /** How much of the log it has given to the kernel. */
  long written() {
    return written;
  }

  /** How much of the log the leader knows it to have. */
  long acknowledged() {
    return acknowledged;
  }

  long term() {
    return term;
  }

  /** Whether it believes to lead. */
  boolean leads() {
    return leads;
  }

  void wroteThrough(long index) {
    written = Math.max(written, index);
  }

  void hasThrough(long index) {
    length = Math.max(length, index);
    written = Math.max(written, index);
  }

  void acknowledgedThrough(long index) {
    acknowledged = Math.max(acknowledged, index);
  }

  void cutAfter(long index) {
    length = Math.min(length, index);
    written = Math.min(written, index);
    synced = Math.min(synced, index);
    acknowledged = Math.min(acknowledged, index);
    committed = Math.min(committed, index);
  }

  /** A leader of that term speaks. */
  void hears(long ofTerm) {
    if (ofTerm > term) {
      stepDown();
      term = ofTerm;
    }
  }

  /** It has won an election. */
  void leads(long inTerm) {
    stepDown();
    term = inTerm;
    leads = true;
  }

  /** It learns that it leads no longer. */
  void stepDown() {
    if (!leads) {
      return;
    }
    leads = false;
    ready = false;
    if (shard != null) {
      shard.readOnly();
    }
    List<RaftEntry> lost = List.copyOf(unanswered);
    unanswered.clear();
    lost.forEach(
        entry -> entry.fate().completeExceptionally(new IllegalStateException("not the leader")));
  }

  /** A leader that nobody answers gives up. */
  void tick(boolean reachesMajority, long nowNanos, long patienceNanos) {
    if (!isAwake() || reachesMajority) {
      lonelySinceNanos = nowNanos;
    } else if (nowNanos - lonelySinceNanos > patienceNanos) {
      stepDown();
    }
  }

  /** So much of the log is committed, as far as it knows. */
  void committedThrough(long index) {
    committed = Math.max(committed, index);
    LogReader applying = shard;
    while (applying != null && applied < committed) {
      applied++;
      apply(applying, applied, raft.entry(applied));
    }
  }

  private void apply(LogReader applying, long index, RaftEntry entry) {
    LogEntry content = entry.content();
    if (content == null) {
      applying.advanced(entry.term(), index, () -> {});
      if (leads && entry.term() == term) {
        ready = true;
        applying.writable(term);
      }
      return;
    }
    boolean own = entry.owner() == this && entry.ownerRun() == run;
    // A leader of old may still have its entry in memory, or not.
    boolean fromMemory = own && (leads || random.nextBoolean());
    applying.committed(
        entry.term(),
        index,
        fromMemory ? content : null,
        content::content,
        problem -> {
          if (problem != null) {
            throw new IllegalStateException("an entry could not be applied", problem);
          }
          if (own && unanswered.remove(entry)) {
            entry.fate().complete(null);
          }
        });
  }

  @Override
  public CompletableFuture<Void> append(LogEntry content) {
    if (!leads) {
      return CompletableFuture.failedFuture(new IllegalStateException("not the leader"));
    }
    RaftEntry entry = new RaftEntry(term, content, this, run, new CompletableFuture<>());
    unanswered.add(entry);
    raft.submitted(this, entry);
    return entry.fate();
  }

  @Override
  public long writableTerm() {
    return leads && ready ? term : 0;
  }

  @Override
  public boolean mayHaveOtherWriter() {
    return true;
  }
}
