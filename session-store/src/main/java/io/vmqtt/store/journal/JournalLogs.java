package io.vmqtt.store.journal;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.metrics.Latency;
import io.vmqtt.store.log.Group;
import io.vmqtt.store.log.LogReader;
import io.vmqtt.store.log.ReplayDebt;
import io.vmqtt.store.log.Replica;
import io.vmqtt.store.log.ShardLogs;
import io.vmqtt.store.storage.Boot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logs of the shards of a store that has no replicas: one journal for all of them. */
public final class JournalLogs implements ShardLogs {
  private static final Logger log = LoggerFactory.getLogger(JournalLogs.class);

  /** Entries that are replayed and wait for their shard's thread. */
  private static final int MAX_UNAPPLIED_ENTRIES = 1_024;

  /** So often at most: each time costs a sync. */
  private static final Duration BETWEEN_NOTES = Duration.ofSeconds(10);

  private final String nodeId;
  private final Path data;
  private final JournalFolder folder;
  private final JournalFiles files;
  private final Journal journal;
  private final JournalCuts cuts;
  private final ReplayDebt debt;
  private final Map<Integer, JournalLog> logs = new ConcurrentHashMap<>();
  private long noted;
  private long notedAtNanos = System.nanoTime();

  /**
   * Goes on with the journal in a store's folder, or begins one.
   *
   * @param data the folder of the store, which was looked at
   * @param debt what a start would take that finds the tables as they are
   */
  public JournalLogs(Path data, String nodeId, JournalOptions options, ReplayDebt debt)
      throws IOException {
    this.debt = debt;
    this.nodeId = nodeId;
    this.data = data;
    this.folder = JournalFolder.of(data);
    this.files = new JournalFiles(folder, options.fileBytes());
    this.cuts = new JournalCuts(files, logs, options, debt);
    this.journal = new Journal(files, new Hearer());
    this.noted = folder.lastKnown();
    Boot.note(data, Boot.current());
    journal.start();
  }

  /** On the journal's thread. */
  private final class Hearer implements Journal.Listener {
    @Override
    public void broken() {
      for (JournalLog one : logs.values()) {
        try {
          one.close();
        } catch (RuntimeException e) {
          log.error("shard {} cannot be told that its log has ended", one.shard().number(), e);
        }
      }
    }

    @Override
    public void makeRoom() throws IOException {
      cuts.requireRoom();
    }

    @Override
    public void full() {
      cuts.look();
    }

    @Override
    public void notSynced() {
      try {
        Boot.forget(data);
      } catch (IOException e) { // then a batch that is torn is called damaged, which is no lie
        log.warn("cannot note in {} that a sync has failed: {}", data, e.toString());
      }
    }
  }

  @Override
  public void open(LogReader shard, Group wanted) throws IOException {
    if (wanted.replicated()) {
      throw new IOException(
          "shard "
              + shard.number()
              + " is to have replicas, and the log in "
              + folder.path()
              + " is that of a store without: nothing is changed");
    }
    long onDisk = shard.storage().applied().getIndex();
    JournalLog opened = new JournalLog(journal, shard, files.term());
    long spent = shard.applyNanos();
    long last = replay(shard, onDisk);
    logs.put(shard.number(), opened);
    opened.open(last, onDisk, spent);
    debt.follow(shard.number(), opened::owedNanos);
    if (last > onDisk) {
      log.info(
          "shard {}: applied entries {} to {} of the journal, which took {} ms",
          shard.number(),
          onDisk + 1,
          last,
          TimeUnit.NANOSECONDS.toMillis(shard.applyNanos() - spent));
    }
    cuts.delete();
  }

  /** Hands a shard what its tables lack; returns the index of its last entry. */
  private long replay(LogReader shard, long applied) throws IOException {
    long end = files.end(shard.number());
    if (end < applied) {
      throw new IOException(
          "the tables of shard "
              + shard.number()
              + " have entry "
              + applied
              + ", but the journal in "
              + folder.path()
              + " ends at entry "
              + end);
    }
    Semaphore room = new Semaphore(MAX_UNAPPLIED_ENTRIES);
    AtomicReference<@Nullable Throwable> problem = new AtomicReference<>();
    long[] last = {applied};
    try {
      files.read(
          shard.number(),
          applied,
          journal.lastSafe(),
          record -> {
            if (record.index() != last[0] + 1) {
              throw new IllegalStateException(
                  "entry " + (last[0] + 1) + " of shard " + shard.number() + " is not there");
            }
            last[0]++;
            room.acquireUninterruptibly();
            shard.committed(
                record.term(),
                record.index(),
                null,
                () -> record.content().duplicate(),
                wrong -> {
                  if (wrong != null) {
                    problem.compareAndSet(null, wrong);
                  }
                  room.release();
                });
          });
    } finally {
      // Whoever hears of a failure closes the tables: nobody may be at them then.
      room.acquireUninterruptibly(MAX_UNAPPLIED_ENTRIES);
    }
    if (problem.get() != null) {
      throw new IOException(
          "shard " + shard.number() + " cannot apply what is in the journal", problem.get());
    }
    if (last[0] != end) {
      throw new IOException(
          "shard " + shard.number() + " has entry " + end + ", but none behind " + last[0]);
    }
    return end;
  }

  @Override
  public void reopen(LogReader shard, Group wanted) throws IOException {
    close(shard.number());
    journal.resume();
    journal.await(); // what it had on its way is written, or lost
    JournalLog before = logs.get(shard.number());
    if (before != null) {
      before.supersede();
    }
    shard.reopen();
    open(shard, wanted);
  }

  @Override
  public void close(int shard) {
    JournalLog one = logs.get(shard);
    if (one != null) {
      one.close();
    }
  }

  @Override
  public boolean hasClosed(int shard) {
    JournalLog one = logs.get(shard);
    return one == null || !one.isOpen();
  }

  /** No other store needs anything of this one. */
  @Override
  public boolean hasGroup(int shard) {
    return false;
  }

  @Override
  public boolean isDismissed(int shard) {
    return false;
  }

  @Override
  public void remove(int shard) {
    throw new IllegalStateException("shard " + shard + " has no other replica");
  }

  @Override
  public void members(int shard, List<Replica> replicas) {
    // there are no others: a shard that is to have some is not opened
  }

  @Override
  public List<String> members(int shard) {
    return logs.containsKey(shard) ? List.of(nodeId) : List.of();
  }

  @Override
  public void endTurn() {
    journal.wake();
  }

  @Override
  public @Nullable String fault() {
    return journal.fault();
  }

  @Override
  public synchronized void note() throws IOException {
    boolean isFirst = noted == 0;
    if (isFirst || System.nanoTime() - notedAtNanos >= BETWEEN_NOTES.toNanos()) {
      noteNow();
    }
  }

  private synchronized void noteNow() throws IOException {
    long safe = journal.lastSafe();
    if (safe != noted) {
      folder.note(safe);
      noted = safe;
    }
    notedAtNanos = System.nanoTime();
  }

  @Override
  public void meter(MeterRegistry registry) {
    journal.recordSyncs(Latency.register(registry, "vmqtt.store.sync")::record);
    Gauge.builder("vmqtt.store.journal.bytes", files, JournalFiles::fullBytes)
        .description("bytes of the journal's files that are full")
        .register(registry);
    FunctionCounter.builder("vmqtt.store.journal.writes", journal, Journal::writes)
        .description("batches of entries that were written to the journal, each with a sync")
        .register(registry);
  }

  /** Writes what was appended, and ends. */
  @Override
  public void close() throws IOException {
    try {
      journal.close();
    } finally {
      logs.values().forEach(JournalLog::close);
      cuts.close();
      noteNow();
    }
  }
}
