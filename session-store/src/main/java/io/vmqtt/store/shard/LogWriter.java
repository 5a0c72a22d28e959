package io.vmqtt.store.shard;

import io.vmqtt.store.leading.Pending;
import io.vmqtt.store.leading.StoreClock;
import io.vmqtt.store.log.ReplicatedLog;
import io.vmqtt.store.session.QueueLimits;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A shard's way into its log: gathers commands into entries, knows which are on their way, and
 * holds links back while too much waits. Used on the shard's thread.
 */
final class LogWriter {
  private final CommandQueue pending;
  private final EntryPause pause;
  private final StoreClock clock;
  private final BiConsumer<Batch, Throwable> notCommitted;
  private final ShardCounts counts;
  private final SubmittedBatches submitted = new SubmittedBatches();
  private final Deque<Runnable> heldBack = new ArrayDeque<>();
  private @Nullable ReplicatedLog log;
  private long lastTimeMillis;

  /**
   * @param notCommitted is told, on any thread, of an entry whose fate is unknown
   */
  LogWriter(
      EntryBounds bounds,
      EntryPause pause,
      StoreClock clock,
      BiConsumer<Batch, Throwable> notCommitted,
      ShardCounts counts) {
    this.pending = new CommandQueue(bounds);
    this.pause = pause;
    this.clock = clock;
    this.notCommitted = notCommitted;
    this.counts = counts;
  }

  void appendTo(ReplicatedLog newLog) {
    log = newLog;
  }

  /** The term in which this replica may write; 0: it may not. */
  long writableTerm() {
    return log == null ? 0 : log.writableTerm();
  }

  /** Whether whatever anybody has written is applied here. */
  boolean isUpToDate() {
    return log != null && !log.mayHaveOtherWriter() && pending.isEmpty() && submitted.size() == 0;
  }

  void add(Pending command) {
    pending.add(command);
  }

  /** Runs when there is room for more commands. */
  void whenThereIsRoom(Runnable taken) {
    heldBack.addLast(taken);
    takeMore();
  }

  /** Lets those go on that are held back, if there is room. */
  void takeMore() {
    while (!pending.isFull()) {
      Runnable next = heldBack.pollFirst();
      if (next == null) {
        return;
      }
      next.run();
    }
  }

  /** Writes what has gathered, as far as it is due. */
  void write(long leadership, QueueLimits limits) {
    ReplicatedLog to = log;
    while (to != null && pending.isDue(submitted.size(), pause)) {
      lastTimeMillis = Math.max(lastTimeMillis, clock.wallMillis());
      Batch batch =
          new Batch(lastTimeMillis, pending.next(), leadership, limits, System.nanoTime());
      submitted.add(batch);
      pause.begin(batch.commands().size());
      var _ =
          to.append(batch)
              .whenComplete(
                  (done, problem) -> {
                    if (problem != null) {
                      notCommitted.accept(batch, problem);
                    }
                  });
    }
    takeMore();
  }

  /** An entry of whomever has that time: the next ones have none before it. */
  void sawTime(long timeMillis) {
    lastTimeMillis = Math.max(lastTimeMillis, timeMillis);
  }

  /**
   * An entry of this replica is applied; returns whether one of the same leadership before it was
   * lost.
   */
  boolean applied(Batch batch) {
    counts.committed(System.nanoTime() - batch.beganNanos());
    boolean gap = submitted.hasOvertaken(batch);
    submitted.remove(batch);
    return gap;
  }

  /** Nobody knows what became of an entry; returns whether that was not known before. */
  boolean lost(Batch batch) {
    boolean news = submitted.remove(batch);
    if (news) {
      counts.failedEntries.increment();
    }
    return news;
  }

  /** Takes everything that is not in an entry yet. */
  List<Pending> abandon() {
    return pending.abandon();
  }
}
