package io.vmqtt.store.host;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.store.host.ColdFiles.ColdFile;
import io.vmqtt.store.storage.Damage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads again and again what a running store has on its disk and hardly ever asks for, and compares
 * it with its checksums: a bit that has turned there is found while others still have the data, and
 * not when it is needed.
 *
 * <p>One file at a time is read, a part after the other, no faster than is allowed; when all of it
 * has come from the disk, its checksums are compared. What looks damaged is looked at twice, for it
 * may have been about to go. On a thread of its own, of the lowest priority.
 */
public final class Scrub implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Scrub.class);

  /** From the beginning of one to that of the next: a small store is not read without end. */
  private static final Duration BETWEEN_ROUNDS = Duration.ofMinutes(10);

  /** Shards open within that as a rule. */
  private static final Duration UNTIL_FIRST_ROUND = Duration.ofSeconds(5);

  private static final Duration UNTIL_SECOND_LOOK = Duration.ofSeconds(2);
  private static final int PART_BYTES = 256 << 10;

  private final long bytesPerSecond;
  private final Duration untilFirstRound;
  private final Supplier<Collection<ColdFile>> files;
  private final Found found;

  @SuppressWarnings("ThreadPriorityCheck") // a hint: its rate is what others can rely on
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("store-scrub").daemon().priority(Thread.MIN_PRIORITY).factory());

  private final AtomicLong bytes = new AtomicLong();

  /** Each counts once, however often it is found. */
  private final Set<Path> damaged = ConcurrentHashMap.newKeySet();

  private final Deque<ColdFile> round = new ArrayDeque<>();
  private final Set<Path> unreadable = new HashSet<>();

  /** The shards that had something to read when that was asked for last. */
  private Set<Integer> listed = Set.of();

  private final ByteBuffer part = ByteBuffer.allocate(PART_BYTES);
  private volatile long wholeAtNanos = System.nanoTime();
  private long roundAtNanos;
  private @Nullable ColdFile current;
  private @Nullable FileChannel channel;

  /** Hears of damage, on the thread of this. */
  @FunctionalInterface
  public interface Found {
    /** Something of a shard is damaged. */
    void damage(int shard, Damage damage);
  }

  /**
   * Does nothing yet.
   *
   * @param bytesPerSecond how much is read; 0: nothing at all
   * @param untilFirstRound how long it waits when it begins, and where there is nothing to read
   * @param files asked for those that there are, when a round begins
   */
  Scrub(
      long bytesPerSecond,
      Duration untilFirstRound,
      Supplier<Collection<ColdFile>> files,
      Found found) {
    this.bytesPerSecond = bytesPerSecond;
    this.untilFirstRound = untilFirstRound;
    this.files = files;
    this.found = found;
  }

  /** Of the shards of a store. */
  public static Scrub of(long bytesPerSecond, Path data, ShardHost host, Found found) {
    return new Scrub(
        bytesPerSecond, UNTIL_FIRST_ROUND, () -> ColdFiles.of(data, host.shards()), found);
  }

  /** Begins, unless it is off. */
  public void start() {
    if (bytesPerSecond > 0) {
      next(this::beginRound, untilFirstRound);
    }
  }

  /** Registers its meters. */
  public void meter(MeterRegistry registry) {
    FunctionCounter.builder("vmqtt.store.scrub.bytes", bytes, AtomicLong::doubleValue)
        .description("bytes of complete files that were read and compared with their checksums")
        .register(registry);
    Gauge.builder("vmqtt.store.scrub.damaged", damaged, Set::size)
        .description("files that were found to be damaged by that since the start")
        .register(registry);
    Gauge.builder("vmqtt.store.scrub.age.seconds", this, scrub -> scrub.age().toSeconds())
        .description("how long ago the last whole round ended, or else the start was")
        .register(registry);
  }

  private Duration age() {
    return Duration.ofNanos(System.nanoTime() - wholeAtNanos);
  }

  /** What comes next fails alone: the round goes on with another file. */
  private void next(Runnable step, Duration pause) {
    try {
      var _ =
          thread.schedule(
              () -> {
                try {
                  step.run();
                } catch (RuntimeException e) {
                  log.warn("a look at {} failed", current, e);
                  endFile();
                  next(this::beginFile, UNTIL_SECOND_LOOK);
                }
              },
              pause.toNanos(),
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("the store stops", e);
    }
  }

  private void beginRound() {
    roundAtNanos = System.nanoTime();
    Collection<ColdFile> there = files.get();
    Set<Integer> shards = there.stream().map(ColdFile::shard).collect(Collectors.toSet());
    if (shards.isEmpty() || !shards.equals(listed)) { // more may be about to open
      listed = shards;
      next(this::beginRound, untilFirstRound);
    } else {
      unreadable.clear();
      round.addAll(there);
      next(this::beginFile, Duration.ZERO);
    }
  }

  private void beginFile() {
    ColdFile file = round.poll();
    current = file;
    if (file == null) {
      wholeAtNanos = System.nanoTime();
      Duration left = BETWEEN_ROUNDS.minusNanos(wholeAtNanos - roundAtNanos);
      next(this::beginRound, left.isNegative() ? Duration.ZERO : left);
      return;
    }
    try {
      if (file.isThere()) {
        channel = Files.isRegularFile(file.file()) ? FileChannel.open(file.file()) : null;
        next(this::read, Duration.ZERO);
      } else {
        next(this::beginFile, Duration.ZERO);
      }
    } catch (IOException e) { // it has just gone, or too many are open
      log.debug("{} is passed over: {}", file.file(), e.toString());
      next(this::beginFile, Duration.ZERO);
    }
  }

  /** So much of it comes from the disk; it is compared when the machine has all in its memory. */
  private void read() {
    ColdFile file = current;
    FileChannel reading = channel;
    int count = 0;
    if (file != null && reading != null) {
      try {
        count = reading.read(part.clear());
      } catch (ClosedChannelException e) {
        log.debug("the store stops", e); // by the interruption of this thread
        return;
      } catch (IOException e) {
        endFile();
        readAgain(file, e);
        return;
      }
    }
    if (count > 0) {
      bytes.addAndGet(count);
      next(this::read, Duration.ofNanos(TimeUnit.SECONDS.toNanos(count) / bytesPerSecond));
    } else {
      endFile();
      boolean isGood = file == null || damages(file).isEmpty();
      next(isGood ? this::beginFile : this::lookAgain, isGood ? Duration.ZERO : UNTIL_SECOND_LOOK);
    }
  }

  /** Once more, for it may have been about to go, or the disk out of reach for a moment. */
  private void readAgain(ColdFile file, IOException problem) {
    if (unreadable.add(file.file())) {
      round.addFirst(file);
    } else if (file.isThere()) {
      report(file, new Damage(file.file(), "cannot be read: " + problem.getMessage()));
    }
    next(this::beginFile, UNTIL_SECOND_LOOK);
  }

  private void lookAgain() {
    ColdFile file = current;
    if (file != null) {
      damages(file).forEach(damage -> report(file, damage));
    }
    next(this::beginFile, Duration.ZERO);
  }

  /** Nothing of a file that is gone, though another may have its name: it was merged, or cut. */
  private static List<Damage> damages(ColdFile file) {
    try {
      List<Damage> damages = file.check().of(file.file());
      return file.isThere() ? damages : List.of();
    } catch (IOException e) {
      log.debug("{} cannot be looked at: {}", file.file(), e.toString());
      return List.of();
    }
  }

  private void report(ColdFile file, Damage damage) {
    damaged.add(damage.file());
    found.damage(file.shard(), damage);
  }

  private void endFile() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      log.debug("cannot close {}", current, e);
    }
    channel = null;
  }

  /** Ends it; what it is about to do may still come to its end. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
