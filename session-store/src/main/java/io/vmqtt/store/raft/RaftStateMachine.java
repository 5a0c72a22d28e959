package io.vmqtt.store.raft;

import io.vmqtt.proto.storage.v1.Applied;
import io.vmqtt.store.log.LogEntry;
import io.vmqtt.store.log.LogReader;
import io.vmqtt.store.log.ReplayDebt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageDirectory;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * A shard as Ratis sees it: hands committed entries to the shard's thread, and tells Ratis what the
 * tables have.
 *
 * <p>The tables are as of some entry at any time, so the log is needed only behind what they have
 * on disk. A snapshot is therefore a flush; where there are other replicas it is a checkpoint of
 * the tables as files, for those whose log is too old.
 */
final class RaftStateMachine extends BaseStateMachine {
  private final LogReader shard;
  private final boolean replicated;
  private final long snapshotBytes;
  private final Runnable snapshotTrigger;
  private final Semaphore unapplied;
  private final Path lasting;
  private final LogFailure failure;
  private final DataApi data =
      new DataApi() {
        @Override
        public CompletableFuture<Void> flush(long index) {
          return syncNames();
        }
      };
  private volatile @Nullable SnapshotInfo latestSnapshot;

  /**
   * Between the moment in which a leader's checkpoint is complete here, and its place is synced.
   */
  private volatile boolean takesOver;

  /** Null where there is nobody who could want one. */
  private @Nullable ShardCheckpoints checkpoints;

  /** What is there of the same, also if there were others before. */
  private @Nullable ShardCheckpoints kept;

  private @Nullable LogNames logNames;

  /** Where the group has its log and its checkpoints. */
  private @Nullable Path group;

  /** Bytes of entries since the last snapshot was asked for; used on Ratis' applying thread. */
  private long bytesSinceSnapshot;

  private final ReplayDebt debt;

  /** How long the shard had been applying entries when its tables were on the disk last. */
  private volatile long flushedNanos;

  /** A snapshot was asked for because a start would take too long, and is not there yet. */
  private volatile boolean asked;

  /**
   * @param replicated whether there are other replicas
   * @param snapshotBytes after so many bytes of entries a snapshot is due
   * @param debt what a start would take that finds the tables as they are
   * @param snapshotTrigger asks Ratis for one
   * @param unapplied has a permit for each committed entry that may wait for a shard's thread, of
   *     all shards together: a log that is replayed comes faster than it is applied
   * @param lasting a folder around the logs of all groups that survives a power failure
   * @param failure hears where the log cannot be written
   */
  RaftStateMachine(
      LogReader shard,
      boolean replicated,
      long snapshotBytes,
      ReplayDebt debt,
      Runnable snapshotTrigger,
      Semaphore unapplied,
      Path lasting,
      LogFailure failure) {
    this.debt = debt;
    this.lasting = lasting;
    this.failure = failure;
    this.shard = shard;
    this.unapplied = unapplied;
    this.replicated = replicated;
    this.snapshotBytes = snapshotBytes;
    this.snapshotTrigger = snapshotTrigger;
  }

  @Override
  public void initialize(RaftServer raftServer, RaftGroupId raftGroupId, RaftStorage storage)
      throws IOException {
    super.initialize(raftServer, raftGroupId, storage);
    RaftStorageDirectory files = storage.getStorageDir();
    group = files.getRoot().toPath();
    logNames = new LogNames(files.getCurrentDir().toPath(), lasting);
    kept = new ShardCheckpoints(files.getStateMachineDir().toPath(), shard.storage());
    checkpoints = replicated ? kept : null;
    getLifeCycle().startAndTransition(this::begin, IOException.class);
  }

  /** Ratis asks before each sync of the log, and waits: entries without a name are not safe. */
  @Override
  public DataApi data() {
    return data;
  }

  /**
   * What was not synced then is not on the disk, whatever the next sync says: Linux takes it for
   * written. Ratis fails all that it is to write from here on, and tells nobody else.
   */
  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
    failure.of(shard.number(), cause);
  }

  private CompletableFuture<Void> syncNames() {
    try {
      if (logNames != null) {
        logNames.sync();
      }
      if (takesOver && group != null) {
        ReceivedCheckpoints.syncPlace(group); // what is written behind it is worth no more than it
      }
      return CompletableFuture.completedFuture(null);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * A checkpoint of the leader is complete. As soon as this returns, Ratis puts it in its place and
   * deletes the log before it, so it must be on the disk: with its log gone, a replica has nothing
   * else.
   */
  @Override
  public void pause() {
    if (group != null) {
      try {
        ReceivedCheckpoints.sync(group);
      } catch (IOException e) { // the leader sends it again
        throw new UncheckedIOException("shard " + shard.number() + " cannot take a checkpoint", e);
      }
      takesOver = true;
    }
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  /** The leader has sent a snapshot. */
  @Override
  public void reinitialize() throws IOException {
    if (kept != null) {
      kept.syncLatest();
    }
    takesOver = false;
    getLifeCycle().startAndTransition(this::begin, IOException.class);
  }

  private void begin() throws IOException {
    flushedNanos = shard.applyNanos();
    debt.follow(shard.number(), () -> shard.applyNanos() - flushedNanos);
    Applied applied = shard.storage().applied();
    SnapshotInfo snapshot = kept == null ? null : kept.latest();
    if (checkpoints != null
        && applied.getTerm() > 0
        && (snapshot == null || snapshot.getIndex() < applied.getIndex())) {
      // Lost in a crash, while the log may have been cut: the tables are still as good as one.
      snapshot = checkpoints.take(TermIndex.valueOf(applied.getTerm(), applied.getIndex()));
    }
    if (kept != null && snapshot != null && snapshot.getIndex() > applied.getIndex()) {
      LOG.info("shard {} takes over the snapshot of entry {}", shard.number(), snapshot);
      shard.restore(kept.latestFolder());
    } else if (checkpoints == null) {
      // Term 0 never has entries: the tables are new.
      snapshot =
          applied.getTerm() == 0
              ? null
              : snapshotAt(TermIndex.valueOf(applied.getTerm(), applied.getIndex()));
    }
    latestSnapshot = snapshot;
    if (snapshot != null) {
      setLastAppliedTermIndex(snapshot.getTermIndex());
    }
  }

  @Override
  public @Nullable SnapshotInfo getLatestSnapshot() {
    return latestSnapshot;
  }

  @Override
  public long takeSnapshot() throws IOException {
    if (shard.failed()) {
      throw new IOException("shard " + shard.number() + " has failed");
    }
    TermIndex applied = getLastAppliedTermIndex();
    long spent = shard.applyNanos();
    asked = false;
    if (checkpoints != null) {
      latestSnapshot = checkpoints.take(applied);
    } else {
      shard.storage().flush();
      latestSnapshot = snapshotAt(applied);
    }
    flushedNanos = spent;
    return applied.getIndex();
  }

  private static SnapshotInfo snapshotAt(TermIndex index) {
    return new FileListSnapshotInfo(List.of(), index.getTerm(), index.getIndex());
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) {
    Message message = request.getMessage();
    return TransactionContext.newBuilder()
        .setStateMachine(this)
        .setServerRole(RaftPeerRole.LEADER)
        .setClientRequest(request)
        .setStateMachineContext(message instanceof EntryMessage own ? own.entry() : null)
        .build();
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    if (shard.failed()) {
      // Thrown, it would keep Ratis from ending the group if somebody else ends it just now.
      return CompletableFuture.failedFuture(
          new IllegalStateException("shard " + shard.number() + " has failed before"));
    }
    LogEntryProto entry = transaction.getLogEntry();
    bytesSinceSnapshot += entry.getStateMachineLogEntry().getLogData().size();
    // Where there are others, they lead while this one starts, and a checkpoint is dearer.
    boolean takesTooLong = !replicated && !asked && debt.isTooMuchFor(shard.number());
    if (bytesSinceSnapshot >= snapshotBytes || takesTooLong) {
      bytesSinceSnapshot = 0;
      if (takesTooLong) {
        asked = true;
      }
      snapshotTrigger.run();
    }
    unapplied.acquireUninterruptibly();
    CompletableFuture<Message> applied = new CompletableFuture<>();
    LogEntry own = transaction.getStateMachineContext() instanceof LogEntry mine ? mine : null;
    shard.committed(
        entry.getTerm(),
        entry.getIndex(),
        own,
        () -> entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer(),
        problem -> {
          unapplied.release();
          if (problem == null) {
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            applied.complete(Message.EMPTY);
          } else {
            applied.completeExceptionally(problem);
          }
        });
    return applied;
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    shard.advanced(term, index, () -> updateLastAppliedTermIndex(term, index));
  }

  @Override
  public void notifyLeaderReady() {
    getServer()
        .thenAccept(
            server -> {
              try {
                shard.writable(server.getDivision(getGroupId()).getInfo().getCurrentTerm());
              } catch (IOException e) {
                LOG.warn("shard {} lost its group at once", shard.number(), e);
              }
            })
        .join();
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pendingEntries) {
    shard.readOnly();
  }
}
