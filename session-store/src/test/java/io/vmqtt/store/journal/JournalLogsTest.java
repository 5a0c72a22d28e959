package io.vmqtt.store.journal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.proto.storage.v1.Applied;
import io.vmqtt.store.log.Group;
import io.vmqtt.store.log.LogEntry;
import io.vmqtt.store.log.LogReader;
import io.vmqtt.store.log.ReplayDebt;
import io.vmqtt.store.log.ReplicatedLog;
import io.vmqtt.store.storage.ShardStorage;
import io.vmqtt.store.storage.StorageException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class JournalLogsTest {
  private static final Group ALONE = new Group(List.of(), false, false);
  private static final int FILE_BYTES = 8 << 10;
  private static final JournalOptions OPTIONS =
      new JournalOptions(FILE_BYTES, 1_000_000, 4 * FILE_BYTES);

  @TempDir private Path data;
  private Duration longestReplay = Duration.ofHours(1);
  private @Nullable JournalLogs logs;

  /** A shard that keeps what it is handed; its tables are on the disk when they are flushed. */
  private static final class KeepingShard implements LogReader {
    final int number;
    final List<Long> applied = new CopyOnWriteArrayList<>();
    volatile long onDisk;
    volatile boolean flushFails;
    volatile boolean writable;

    /** An entry for which its thread has no room. */
    volatile long refused;

    final AtomicLong applyNanos = new AtomicLong();
    volatile @Nullable ReplicatedLog log;
    volatile Runnable whileReopening = () -> {};

    KeepingShard(int number, long onDisk) {
      this.number = number;
      this.onDisk = onDisk;
    }

    @Override
    public int number() {
      return number;
    }

    private long last() {
      return applied.isEmpty() ? onDisk : applied.getLast();
    }

    @Override
    public ShardStorage storage() {
      return (ShardStorage)
          Proxy.newProxyInstance(
              ShardStorage.class.getClassLoader(),
              new Class<?>[] {ShardStorage.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "applied" -> Applied.newBuilder().setIndex(last()).build();
                    case "flush" -> flush();
                    default -> throw new UnsupportedOperationException(method.getName());
                  });
    }

    private @Nullable Object flush() {
      if (flushFails) {
        throw new StorageException("the disk is full");
      }
      onDisk = last();
      return null;
    }

    /** A second for each entry. */
    @Override
    public long applyNanos() {
      return applyNanos.get();
    }

    @Override
    public boolean failed() {
      return false;
    }

    @Override
    public void committed(
        long term,
        long index,
        @Nullable LogEntry own,
        Supplier<ByteBuffer> content,
        Consumer<@Nullable Throwable> done) {
      if (index == refused) {
        refused = 0;
        done.accept(new RejectedExecutionException("too many tasks"));
        return;
      }
      if (index > last()) {
        assertEquals(last() + 1, index);
        assertEquals(index, content.get().getLong());
        applied.add(index);
        applyNanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      }
      done.accept(null);
    }

    @Override
    public void advanced(long term, long index, Runnable done) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void writable(long term) {
      writable = true;
    }

    @Override
    public void readOnly() {
      writable = false;
    }

    @Override
    public void restore(Path checkpoint) {
      throw new UnsupportedOperationException();
    }

    /** As tables that come up with what they had on the disk. */
    @Override
    public void reopen() {
      applied.clear();
      whileReopening.run();
    }

    @Override
    public void appendTo(ReplicatedLog newLog) {
      log = newLog;
    }

    /** Appends the entry of an index, with so many bytes. */
    CompletableFuture<Void> append(long index, int bytes) {
      ReplicatedLog to = log;
      assertNotNull(to);
      return to.append(() -> ByteBuffer.allocate(bytes).putLong(0, index));
    }
  }

  private JournalLogs start() throws IOException {
    JournalLogs started = new JournalLogs(data, "store", OPTIONS, new ReplayDebt(longestReplay));
    logs = started;
    return started;
  }

  @AfterEach
  void stop() throws IOException {
    if (logs != null) {
      logs.close();
      logs = null;
    }
  }

  private static void write(JournalLogs to, KeepingShard shard, int entries, int bytes) {
    long from = shard.last();
    for (int i = 1; i <= entries; i++) {
      CompletableFuture<Void> written = shard.append(from + i, bytes);
      to.endTurn();
      written.join();
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(data.resolve("journal"))) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static List<Long> upTo(int last) {
    return IntStream.rangeClosed(1, last).mapToObj(Long::valueOf).toList();
  }

  @Test
  void open_afterARestart_handsEachShardItsOwn() throws IOException {
    JournalLogs before = start();
    KeepingShard one = new KeepingShard(0, 0);
    KeepingShard other = new KeepingShard(5, 0);
    before.open(one, ALONE);
    before.open(other, ALONE);
    write(before, one, 3, 100);
    write(before, other, 2, 3_000);
    write(before, one, 4, 3_000);
    stop();

    JournalLogs after = start();
    KeepingShard again = new KeepingShard(0, 0);
    KeepingShard otherAgain = new KeepingShard(5, 1);
    after.open(again, ALONE);
    after.open(otherAgain, ALONE);

    assertEquals(upTo(7), again.applied);
    assertEquals(List.of(2L), otherAgain.applied, "what its tables lack");
    write(after, again, 1, 100);
    write(after, otherAgain, 1, 100);
    assertEquals(8, again.last());
  }

  /** What waits while a batch is written is the next batch. */
  @Test
  void append_manyAtOnce_shareWrites() throws IOException {
    JournalLogs open = start();
    KeepingShard shard = new KeepingShard(0, 0);
    open.open(shard, ALONE);
    List<CompletableFuture<Void>> written = new ArrayList<>();
    for (long index = 1; index <= 50; index++) {
      written.add(shard.append(index, 16));
    }
    open.endTurn();
    written.forEach(CompletableFuture::join);
    stop();
    assertEquals(upTo(50), shard.applied);
    long batches = JournalFolder.of(data).lastKnown();
    assertTrue(batches > 0 && batches < 10, () -> batches + " batches");
  }

  @Test
  void cut_shardThatHasWrittenLittle_isFlushedToo() throws IOException {
    JournalLogs open = start();
    KeepingShard quiet = new KeepingShard(0, 0);
    KeepingShard busy = new KeepingShard(1, 0);
    open.open(quiet, ALONE);
    open.open(busy, ALONE);
    write(open, quiet, 1, 100);
    write(open, busy, 30, 3_000);
    await().until(() -> !files().contains("journal-1"));
    assertEquals(1, quiet.onDisk);
  }

  /** Of entries and bytes there are few. */
  @Test
  void cut_startWouldTakeTooLong_isDoneAndPaysTheDebt() throws IOException {
    longestReplay = Duration.ofSeconds(16);
    JournalLogs open = start();
    KeepingShard shard = new KeepingShard(0, 0);
    open.open(shard, ALONE);
    write(open, shard, 3, 3_000);
    assertEquals(0, shard.onDisk, "it would take 8 s");
    write(open, shard, 3, 3_000);
    await().until(() -> shard.onDisk >= 4);
    await().until(() -> !files().contains("journal-1"));
  }

  @Test
  void append_tablesCannotBeFlushed_endsAtItsBoundAndGoesOnWhenTheyCan() throws IOException {
    JournalLogs open = start();
    KeepingShard shard = new KeepingShard(0, 0);
    open.open(shard, ALONE);
    shard.flushFails = true;
    CompletionException problem =
        assertThrows(CompletionException.class, () -> write(open, shard, 1_000, 3_000));
    assertTrue(problem.toString().contains("the journal is full"), problem::toString);
    assertTrue(open.hasClosed(0));
    assertFalse(shard.writable);
    assertTrue(files().size() <= 1 + OPTIONS.mostBytes() / FILE_BYTES);
    int written = (int) shard.last();
    shard.flushFails = false;

    open.reopen(shard, ALONE);

    assertEquals(upTo(written), shard.applied);
    write(open, shard, 5, 3_000);
    stop();
    KeepingShard again = new KeepingShard(0, shard.onDisk);
    start().open(again, ALONE);
    assertEquals(written + 5, again.last());
  }

  private long bytesOfAll() throws IOException {
    long bytes = 0;
    for (String file : files()) {
      bytes += Files.size(data.resolve("journal").resolve(file));
    }
    return bytes;
  }

  /** Nor does each attempt begin another file. */
  @Test
  void append_tablesOfOneShardCannotBeFlushed_othersThatReopenKeepTheBoundToo() throws IOException {
    JournalLogs open = start();
    KeepingShard shard = new KeepingShard(0, 0);
    KeepingShard other = new KeepingShard(1, 0);
    open.open(shard, ALONE);
    open.open(other, ALONE);
    write(open, shard, 1, 100);
    shard.flushFails = true;
    for (int i = 0; i < 20; i++) {
      assertThrows(CompletionException.class, () -> write(open, other, 1_000, 3_000));
      open.reopen(other, ALONE);
      open.reopen(shard, ALONE);
    }
    long bytes = bytesOfAll();
    assertTrue(bytes <= OPTIONS.mostBytes() + 2 * FILE_BYTES, () -> bytes + " bytes");
    long written = other.last();
    shard.flushFails = false;

    write(open, other, 5, 3_000);

    assertEquals(written + 5, other.last());
    stop();
    KeepingShard again = new KeepingShard(1, other.onDisk);
    start().open(again, ALONE);
    assertEquals(written + 5, again.last());
  }

  /** It is in the journal, and comes to the tables before any entry that is behind it. */
  @Test
  void append_shardHasNoRoomForAnEntry_isHandedNoneBehindItUntilItIsOpenedAgain() throws Exception {
    JournalLogs open = start();
    KeepingShard shard = new KeepingShard(0, 0);
    open.open(shard, ALONE);
    write(open, shard, 2, 100);
    shard.refused = 3;
    List<CompletableFuture<Void>> lost = new ArrayList<>();
    for (long index = 3; index <= 6; index++) {
      lost.add(shard.append(index, 100));
    }
    open.endTurn();
    lost.forEach(one -> assertThrows(CompletionException.class, one::join));
    assertTrue(open.hasClosed(0));
    assertFalse(shard.writable);
    assertEquals(upTo(2), shard.applied);

    open.reopen(shard, ALONE);

    int found = (int) shard.last();
    assertTrue(found >= 3, () -> "nothing behind entry " + found);
    assertEquals(upTo(found), shard.applied);
    write(open, shard, 2, 100);
    assertEquals(upTo(found + 2), shard.applied);
  }

  /** It would write behind the entries that were lost, once the journal goes on. */
  @Test
  void open_whileTheJournalCannotBeWritten_whatIsLostEndsTheLogAgain() throws IOException {
    JournalLogs open = start();
    KeepingShard shard = new KeepingShard(0, 0);
    KeepingShard other = new KeepingShard(1, 0);
    open.open(shard, ALONE);
    open.open(other, ALONE);
    write(open, other, 2, 100);
    shard.flushFails = true;
    assertThrows(CompletionException.class, () -> write(open, shard, 1_000, 3_000));
    open.open(other, ALONE);
    CompletableFuture<Void> lost = other.append(3, 100);
    open.endTurn();
    assertThrows(CompletionException.class, lost::join);
    assertTrue(open.hasClosed(1));
    shard.flushFails = false;

    open.reopen(shard, ALONE);
    assertThrows(CompletionException.class, () -> other.append(4, 100).join());
    open.reopen(other, ALONE);
    write(open, other, 2, 100);
    stop();

    KeepingShard again = new KeepingShard(1, other.onDisk);
    start().open(again, ALONE);
    assertEquals(4, again.last());
  }

  /** What the log of before had applied is in no tables then. */
  @Test
  void reopen_journalIsCutMeanwhile_whatTheTablesLackStays() throws IOException {
    JournalLogs open = start();
    KeepingShard shard = new KeepingShard(0, 0);
    KeepingShard busy = new KeepingShard(1, 0);
    open.open(shard, ALONE);
    open.open(busy, ALONE);
    write(open, shard, 5, 100);
    // So much that the journal has to be cut, and cannot be.
    shard.whileReopening =
        () -> assertThrows(CompletionException.class, () -> write(open, busy, 1_000, 3_000));

    open.reopen(shard, ALONE);

    assertEquals(upTo(5), shard.applied);
  }

  /** Nothing is made up for it: whoever opens it has the wrong tables, or the wrong journal. */
  @Test
  void open_tablesThatAreAhead_fails() throws IOException {
    JournalLogs open = start();
    assertThrows(IOException.class, () -> open.open(new KeepingShard(0, 7), ALONE));
  }

  @Test
  void open_shardThatIsToHaveReplicas_fails() throws IOException {
    JournalLogs open = start();
    IOException problem =
        assertThrows(
            IOException.class,
            () -> open.open(new KeepingShard(0, 0), new Group(List.of(), true, false)));
    assertTrue(String.valueOf(problem.getMessage()).contains("is to have replicas"));
  }

  @Test
  void append_closedLog_fails() throws IOException {
    JournalLogs open = start();
    KeepingShard shard = new KeepingShard(0, 0);
    open.open(shard, ALONE);
    open.close(0);
    assertThrows(CompletionException.class, () -> shard.append(1, 100).join());
  }
}
