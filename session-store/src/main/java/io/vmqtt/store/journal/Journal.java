package io.vmqtt.store.journal;

import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the entries of all shards of a store safe, on a thread of its own: what has gathered while
 * the last batch was written is the next one, with one write and one sync for all of it. What waits
 * is bounded by those who append: each shard has so many entries on their way.
 *
 * <p>A write that fails ends every shard's log here; it goes on, in another file, when they are
 * opened again. A sync that fails is the end: what the kernel then says of those bytes is no longer
 * what the disk has.
 */
final class Journal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  /** A batch has no more, but for one entry that is larger. */
  private static final int MAX_BATCH_BYTES = 4 << 20;

  private static final int FIRST_BUFFER_BYTES = 256 << 10;

  /** What the thread has to do, in its order. */
  private sealed interface Work {}

  private record Append(JournalLog.Entry entry) implements Work {}

  /** Is done when all before it is. */
  private record Barrier(CompletableFuture<Void> reached) implements Work {}

  /** Goes on after a write that failed. */
  private record Resume(CompletableFuture<Void> resumed) implements Work {}

  /** Hears of what fails. */
  interface Listener {
    /** No shard may append any longer. */
    void broken();

    /** Makes room, or fails. Blocks. */
    void makeRoom() throws IOException;

    /** A file is full. */
    void full();

    /** A sync has failed: the disk may have the last batch in part, as after a power failure. */
    void notSynced();
  }

  private final JournalFiles files;
  private final Listener listener;
  private final Queue<Work> queue = new ConcurrentLinkedQueue<>();
  private final LongAdder writes = new LongAdder();
  private final Thread thread;
  private final List<JournalLog.Entry> batch = new ArrayList<>();
  private final Map<Integer, Long> lastOf = new HashMap<>();
  private ByteBuffer buffer = ByteBuffer.allocateDirect(FIRST_BUFFER_BYTES);
  private long nextBatch;

  /** Something is behind the last batch of the file: a write has failed, or is under way. */
  private boolean spoilt;

  private volatile LongConsumer syncNanos = _ -> {};
  private volatile long lastSafe;
  private volatile boolean idle;
  private volatile boolean closing;
  private volatile boolean ended;
  private volatile @Nullable Throwable broken;
  private volatile @Nullable String fault;

  Journal(JournalFiles files, Listener listener) {
    this.files = files;
    this.listener = listener;
    this.lastSafe = files.lastBatch();
    this.nextBatch = lastSafe + 1;
    this.thread = Thread.ofPlatform().name("journal").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** The last batch that is on the disk. */
  long lastSafe() {
    return lastSafe;
  }

  /** How many batches were written. */
  long writes() {
    return writes.sum();
  }

  /** Has {@code recorder} hear how long each write takes with its sync, in nanoseconds. */
  void recordSyncs(LongConsumer recorder) {
    syncNanos = recorder;
  }

  /** Why nothing can be made safe any more; null: nothing is wrong. */
  @Nullable String fault() {
    return fault;
  }

  /** An entry waits for the next {@link #wake}. */
  void append(JournalLog.Entry entry) {
    add(new Append(entry));
  }

  private void add(Work work) {
    queue.add(work);
    if (ended) {
      refuseAll(); // nobody else would
    }
  }

  /** Whatever was appended is written. */
  void wake() {
    if (idle && !queue.isEmpty()) {
      LockSupport.unpark(thread);
    }
  }

  /** Waits until all is decided that was appended. */
  void await() {
    Barrier barrier = new Barrier(new CompletableFuture<>());
    add(barrier);
    wake();
    barrier.reached.join();
  }

  /**
   * Goes on after a write that failed.
   *
   * @throws IOException if it cannot
   */
  void resume() throws IOException {
    String why = fault;
    if (why != null) {
      throw new IOException(why);
    }
    if (broken != null) {
      Resume resume = new Resume(new CompletableFuture<>());
      add(resume);
      wake();
      try {
        resume.resumed.join();
      } catch (RuntimeException e) {
        throw new IOException("the journal cannot go on", e.getCause());
      }
    }
  }

  private void run() {
    try {
      work();
    } catch (Throwable e) { // whatever it is: nobody else writes, and all would wait for ever
      fault = "the journal's thread has ended: " + e;
      log.error("{}", fault, e);
      broken = e;
      listener.broken();
      batch.forEach(entry -> entry.lost(e));
    } finally {
      ended = true;
      refuseAll();
    }
  }

  private void work() {
    while (true) {
      Work work = queue.peek();
      if (work == null && closing) {
        return;
      }
      switch (work) {
        case null -> rest();
        case Append _ -> writeBatch();
        case Barrier barrier -> {
          queue.poll();
          barrier.reached.complete(null);
        }
        case Resume resume -> {
          queue.poll();
          goOn(resume);
        }
      }
    }
  }

  private void rest() {
    idle = true;
    if (queue.isEmpty() && !closing) {
      LockSupport.park(this);
    }
    idle = false;
  }

  private void writeBatch() {
    gather();
    Throwable problem = broken;
    if (problem == null && !batch.isEmpty()) {
      try {
        makeSafe();
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        problem = e;
        breakDown(e);
      }
    }
    if (problem == null) {
      batch.forEach(entry -> entry.log().written(entry));
    } else {
      for (JournalLog.Entry entry : batch) {
        // Also where it was opened since: what follows would have a gap before it.
        entry.log().close();
        entry.lost(problem);
      }
    }
    batch.clear();
  }

  /** An entry of a log that was closed meanwhile has no place any longer. */
  private void gather() {
    int bytes = BatchHead.BYTES + 1;
    while (queue.peek() instanceof Append(JournalLog.Entry entry)) {
      int more = JournalRecord.HEAD_BYTES + entry.entry().content().remaining();
      if (!batch.isEmpty() && bytes + more > MAX_BATCH_BYTES) {
        return;
      }
      queue.poll();
      if (entry.log().isOpen()) {
        bytes += more;
        batch.add(entry);
      } else {
        entry.lost(new IllegalStateException("the log was closed"));
      }
    }
  }

  private void makeSafe() throws IOException {
    requireNoGap();
    int bodyBytes = 1;
    for (JournalLog.Entry entry : batch) {
      bodyBytes =
          Math.addExact(bodyBytes, JournalRecord.HEAD_BYTES + entry.entry().content().remaining());
    }
    int bytes = Sectors.up(BatchHead.BYTES + bodyBytes);
    findPlace(bytes);
    encode(bytes, bodyBytes);
    OpenFile file = files.current();
    spoilt = true;
    long began = System.nanoTime();
    file.write(buffer);
    file.sync();
    syncNanos.accept(System.nanoTime() - began);
    spoilt = false;
    writes.increment();
    lastSafe = nextBatch;
    nextBatch++;
    for (JournalLog.Entry entry : batch) {
      files.written(entry.log().shard().number(), entry.index());
    }
    if (buffer.capacity() > MAX_BATCH_BYTES) {
      buffer = ByteBuffer.allocateDirect(FIRST_BUFFER_BYTES);
    }
  }

  /** A file is begun when there is something for it, and room: never more than are allowed. */
  private void findPlace(int bytes) throws IOException {
    if (spoilt || files.current().isFullFor(bytes)) {
      listener.makeRoom();
      files.next(nextBatch);
      spoilt = false;
      listener.full();
    }
  }

  /** What is written behind a gap could never be read. */
  private void requireNoGap() {
    lastOf.clear();
    for (JournalLog.Entry entry : batch) {
      int shard = entry.log().shard().number();
      long last = lastOf.getOrDefault(shard, files.end(shard));
      if (entry.index() != last + 1) {
        throw new IllegalStateException(
            "entry " + entry.index() + " of shard " + shard + " would follow entry " + last);
      }
      lastOf.put(shard, entry.index());
    }
  }

  private void encode(int bytes, int bodyBytes) {
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocateDirect(Math.max(bytes, 2 * buffer.capacity()));
    }
    buffer.clear().position(BatchHead.BYTES);
    for (JournalLog.Entry entry : batch) {
      ByteBuffer content = entry.entry().content();
      buffer
          .putInt(entry.log().shard().number())
          .putLong(entry.log().term())
          .putLong(entry.index())
          .putInt(content.remaining())
          .put(content);
    }
    buffer.put(JournalFile.LAST_BYTE);
    while (buffer.position() < bytes) {
      buffer.put((byte) 0);
    }
    buffer.flip();
    BatchHead.put(buffer, files.current().header().salt(), nextBatch, bodyBytes);
  }

  private void breakDown(Throwable problem) {
    broken = problem;
    noteFault(problem);
    if (fault == null) {
      log.error("the journal cannot be written, and all shards stop", problem);
    }
    listener.broken();
  }

  private void noteFault(Throwable problem) {
    if (problem instanceof SyncFailedException) {
      fault = "the journal cannot be synced: " + problem.getMessage();
      log.error("{}", fault);
      listener.notSynced();
    }
  }

  /** In another file, which the next batch begins: there may be no room for it. */
  private void goOn(Resume resume) {
    String why = fault;
    if (why != null) {
      resume.resumed.completeExceptionally(new IOException(why));
      return;
    }
    if (broken != null) {
      broken = null;
      log.info("the journal goes on behind batch {}", lastSafe);
    }
    resume.resumed.complete(null);
  }

  /** Writes what was appended, and ends. */
  @Override
  public void close() throws IOException {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    files.current().close();
  }

  /** Once the thread has ended. */
  private void refuseAll() {
    for (Work late = queue.poll(); late != null; late = queue.poll()) {
      switch (late) {
        case Append(JournalLog.Entry entry) ->
            entry.lost(new IllegalStateException("the journal is closed"));
        case Barrier(CompletableFuture<Void> reached) -> reached.complete(null);
        case Resume(CompletableFuture<Void> resumed) ->
            resumed.completeExceptionally(new IOException("the journal is closed"));
      }
    }
  }
}
