package io.vmqtt.store.journal;

import io.vmqtt.store.log.ReplayDebt;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a journal short: has the tables of shards written to the disk, on a thread of its own, and
 * deletes the files that hold nothing else.
 */
final class JournalCuts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JournalCuts.class);
  private static final long END_SECONDS = 30;

  private final JournalFiles files;
  private final Map<Integer, JournalLog> logs;
  private final JournalOptions options;
  private final ReplayDebt debt;
  private final AtomicBoolean due = new AtomicBoolean();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("journal-cuts").daemon().factory());

  JournalCuts(
      JournalFiles files, Map<Integer, JournalLog> logs, JournalOptions options, ReplayDebt debt) {
    this.debt = debt;
    this.files = files;
    this.logs = logs;
    this.options = options;
  }

  /** A file is full: cuts the journal if it is long, and returns at once. */
  void look() {
    if (isLong() && due.compareAndSet(false, true)) {
      thread.execute(
          () -> {
            due.set(false);
            try {
              cut();
            } catch (IOException | RuntimeException e) {
              log.warn("the journal cannot be cut: {}", e.toString()); // the next file asks again
            }
          });
    }
  }

  private boolean isLong() {
    return files.fullBytes() >= options.cutBytes()
        || entriesInFull() >= options.cutEntries()
        || debt.isTooMuch();
  }

  /** Of the shard that has the most of them that its tables may lack. */
  private long entriesInFull() {
    Map<Integer, Long> ends = files.endsOfFull();
    return logs.values().stream()
        .mapToLong(log -> ends.getOrDefault(log.shard().number(), 0L) - log.flushed())
        .max()
        .orElse(0);
  }

  /**
   * Before another file is begun: waits until there are not too many.
   *
   * @throws IOException if that does not help
   */
  void requireRoom() throws IOException {
    if (files.fullBytes() < options.mostBytes()) {
      return;
    }
    log.warn("the journal has {} bytes: everything waits until it is cut", files.fullBytes());
    try {
      CompletableFuture.runAsync(
              () -> {
                try {
                  cut();
                } catch (IOException e) {
                  throw new CompletionException(e);
                }
              },
              thread)
          .join();
    } catch (RuntimeException e) {
      throw new IOException("the journal is full, and cannot be cut", e);
    }
    if (files.fullBytes() >= options.mostBytes()) {
      throw new IOException("the journal is full: shards that are not open need its files");
    }
  }

  private void cut() throws IOException {
    Map<Integer, Long> ends = files.endsOfFull();
    for (JournalLog one : logs.values()) {
      if (one.flushed() < ends.getOrDefault(one.shard().number(), 0L)) {
        one.flush();
      }
    }
    files.deleteBehind(this::flushed);
  }

  /** Deletes what nobody needs; returns at once. */
  void delete() {
    thread.execute(
        () -> {
          try {
            files.deleteBehind(this::flushed);
          } catch (IOException | RuntimeException e) {
            log.warn("files of the journal cannot be deleted: {}", e.toString());
          }
        });
  }

  private long flushed(int shard) {
    JournalLog log = logs.get(shard);
    return log == null ? 0 : log.flushed();
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        log.warn("the journal is still being cut after {} s", END_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
