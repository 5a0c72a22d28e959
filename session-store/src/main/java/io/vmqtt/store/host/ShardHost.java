package io.vmqtt.store.host;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.model.Namespace;
import io.vmqtt.store.leading.GatewayWatch;
import io.vmqtt.store.leading.LeadingOptions;
import io.vmqtt.store.leading.StoreClock;
import io.vmqtt.store.leading.StoreCommons;
import io.vmqtt.store.log.Group;
import io.vmqtt.store.log.Replica;
import io.vmqtt.store.log.ShardLogs;
import io.vmqtt.store.shard.EntryPace;
import io.vmqtt.store.shard.EntryPause;
import io.vmqtt.store.shard.Shard;
import io.vmqtt.store.shard.ShardCounts;
import io.vmqtt.store.shard.ShardOptions;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.RocksStorage;
import io.vmqtt.store.storage.ShardStorage;
import io.vmqtt.store.storage.StorageMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The shards of this process, and what they share. */
public final class ShardHost implements AutoCloseable {
  private static final int READER_THREADS = 2;
  private static final int MAX_WAITING_READS = 4096;
  private static final long READERS_END_SECONDS = 30;
  private static final long REOPEN_PAUSE_MILLIS = 3_000;
  private static final long LONGEST_REOPEN_PAUSE_MILLIS = 300_000;

  private final Path folder;
  private final ShardOptions options;
  private final StoreClock clock;
  private final StoreCommons commons;
  private final StorageMemory memory;
  private final ShardLoops loops;
  private final ScheduledExecutorService timer;

  /** That of each thread of shards. */
  private final Map<Executor, EntryPace> paces = new ConcurrentHashMap<>();

  private final ShardLogs logs;
  private @Nullable NamespaceMeters namespaceMeters;
  private final ShardCounts counts = new ShardCounts();
  private final ThreadPoolExecutor readers =
      new ThreadPoolExecutor(
          READER_THREADS,
          READER_THREADS,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING_READS),
          Thread.ofPlatform().name("retained-", 0).daemon().factory());
  private final Map<Integer, Shard> shards = new ConcurrentSkipListMap<>();

  /** The last of each shard. */
  private final Map<Integer, Opening> openings = new ConcurrentHashMap<>();

  /**
   * A shard was opened.
   *
   * @param pauseMillis it is not opened again before
   */
  private record Opening(long atMillis, long pauseMillis) {}

  /**
   * @param folder where the tables of the shards lie
   * @param memory closed with this
   * @param loops closed with this
   * @param timer for what takes no time
   * @param logs closed with this
   */
  public ShardHost(
      Path folder,
      ShardOptions options,
      LeadingOptions leading,
      StoreClock clock,
      GatewayWatch gateways,
      StorageMemory memory,
      ShardLoops loops,
      ScheduledExecutorService timer,
      ShardLogs logs) {
    this.folder = folder;
    this.options = options;
    this.clock = clock;
    this.commons = new StoreCommons(clock, gateways, leading, counts.leading());
    this.memory = memory;
    this.loops = loops;
    this.timer = timer;
    this.logs = logs;
  }

  /** Opens a shard that is not open yet. */
  public Shard open(int number, Group group, Set<String> routers) throws IOException {
    if (group.joins() && group.replicated() && !hasGroup(number)) {
      CheckpointFiles.remove(folderOf(number)); // left of one that was handed back
    }
    ShardStorage storage = RocksStorage.open(folderOf(number), memory);
    Shard shard;
    try {
      shard = load(number, storage, group);
    } catch (RuntimeException e) {
      storage.close();
      throw e;
    }
    shard.routers(routers);
    loops.add(shard);
    try {
      logs.open(shard, group);
    } catch (IOException | RuntimeException e) {
      loops.remove(shard);
      storage.close();
      throw e;
    }
    shards.put(number, shard);
    openings.put(number, new Opening(clock.uptimeMillis(), REOPEN_PAUSE_MILLIS));
    return shard;
  }

  private Shard load(int number, ShardStorage storage, Group group) {
    return new Shard(
        number,
        storage,
        new SecureRandom().nextLong(),
        loops.of(number),
        new EntryPause(
            group.replicated() ? EntryPause.Kind.REPLICATED : EntryPause.Kind.LONE,
            paces.computeIfAbsent(
                loops.of(number), thread -> new EntryPace(System::nanoTime, timer, thread))),
        readers,
        commons,
        options,
        counts);
  }

  /** Whether an open shard could not go on and is to be opened again. */
  public boolean isToReopen(int number) {
    Opening last = openings.get(number);
    Shard shard = shards.get(number);
    return last != null
        && shard != null
        && clock.uptimeMillis() - last.atMillis >= last.pauseMillis
        && (shard.failed() || logs.hasClosed(number));
  }

  /** Ends the group of an open shard that could not apply an entry: another replica has to lead. */
  public void closeIfFailed(int number) throws IOException {
    Shard shard = shards.get(number);
    if (shard != null && shard.failed() && !logs.hasClosed(number)) {
      logs.close(number);
    }
  }

  /** Opens a shard again; if that does not help, it takes longer until it is tried again. */
  public void reopen(int number, Group group) throws IOException {
    Opening last = openings.get(number);
    Shard shard = shards.get(number);
    if (last == null || shard == null) {
      throw new IllegalArgumentException("shard " + number + " was never open");
    }
    boolean wentWell = clock.uptimeMillis() - last.atMillis >= 2 * last.pauseMillis;
    counts.countReopened();
    try {
      logs.reopen(shard, group);
    } finally {
      long pauseMillis =
          wentWell
              ? REOPEN_PAUSE_MILLIS
              : Math.min(2 * last.pauseMillis, LONGEST_REOPEN_PAUSE_MILLIS);
      openings.put(number, new Opening(clock.uptimeMillis(), pauseMillis));
    }
  }

  /** Whether the other replicas of a shard have agreed to do without this one. */
  boolean isDispensable(int number) {
    Shard shard = shards.get(number);
    return shard != null && !shard.failed() && logs.isDismissed(number);
  }

  /** Closes an open shard and deletes what is here of it. Nobody may use it any longer. */
  void handBack(int number) throws IOException {
    Shard closing = shards.remove(number);
    if (closing == null) {
      throw new IllegalArgumentException("shard " + number + " is not open");
    }
    openings.remove(number);
    try {
      logs.remove(number);
    } finally { // what could not be removed is opened again, and tried again
      closing.close();
      loops.remove(closing);
    }
    CheckpointFiles.remove(folderOf(number));
  }

  private Path folderOf(int number) {
    return folder.resolve(Integer.toString(number));
  }

  /** Whether this store has been a replica of the shard before. */
  public boolean hasGroup(int number) {
    return logs.hasGroup(number);
  }

  /** Who the replicas of an open shard are meant to be, and where they are. */
  public void members(int number, List<Replica> replicas) {
    logs.members(number, replicas);
  }

  public Collection<Shard> shards() {
    return Collections.unmodifiableCollection(shards.values());
  }

  /** An open shard; null: it is not open here. */
  public @Nullable Shard shard(int number) {
    return shards.get(number);
  }

  /**
   * Has something read by the threads that read tables for long.
   *
   * @throws java.util.concurrent.RejectedExecutionException if too many reads wait
   */
  public void read(Runnable reading) {
    readers.execute(reading);
  }

  public boolean isOpen(int number) {
    return shards.containsKey(number);
  }

  public ShardCounts counts() {
    return counts;
  }

  /** Registers its meters. */
  public void meter(MeterRegistry registry) {
    ShardMeters.register(this, registry);
    logs.meter(registry);
    namespaceMeters = new NamespaceMeters(this, registry);
  }

  /** Has meters for those namespaces from now on. Not for two threads at once. */
  public void named(Set<Namespace> namespaces) {
    if (namespaceMeters != null) {
      namespaceMeters.named(namespaces);
    }
  }

  /** Stops everything, in the order in which nobody misses anybody. */
  @Override
  public void close() throws IOException {
    logs.close();
    loops.close();
    readers.shutdown();
    try {
      if (!readers.awaitTermination(READERS_END_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("reads of retained messages do not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    shards.values().forEach(shard -> shard.storage().close());
    memory.close();
  }
}
