package io.vmqtt.store.journal;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of an open journal: the one that is written, and those before it, which go when nobody
 * needs them. Files are begun and deleted by different threads.
 */
final class JournalFiles {
  private final Path folder;
  private final int fileBytes;
  private final SecureRandom random = new SecureRandom();
  private final Deque<Known> known = new ArrayDeque<>();
  private final Map<Integer, Long> ends = new HashMap<>();
  private long lastBatch;
  private OpenFile current;

  /**
   * A file.
   *
   * @param bytes of one that is full
   */
  private record Known(JournalFile file, FileHeader header, long bytes) {}

  /**
   * Goes on with the files of a folder, or begins the first; the folder was looked at before.
   *
   * @throws IOException if it is not as it was then, or cannot be written
   */
  JournalFiles(JournalFolder journal, int fileBytes) throws IOException {
    this.folder = journal.path();
    this.fileBytes = fileBytes;
    LastingFiles.createFolders(folder);
    deleteDrafts();
    List<JournalFile> files = journal.files();
    for (int i = 0; i < files.size() - 1; i++) {
      FileHeader header = read(files.get(i), JournalEntries.limit(files, i)).header();
      known.add(new Known(files.get(i), whole(header), Files.size(files.get(i).file())));
    }
    if (files.isEmpty()) {
      current = OpenFile.begin(folder, new FileHeader(1, 1, 1, random.nextLong(), ends), fileBytes);
    } else {
      JournalFile last = files.getLast();
      JournalFile.Contents contents = read(last, JournalFile.NO_LIMIT);
      FileHeader before = whole(contents.header());
      FileHeader header =
          new FileHeader(
              before.number(),
              before.firstBatch(),
              before.term() + 1,
              before.salt(),
              before.ends());
      byte[] good = Arrays.copyOf(Files.readAllBytes(last.file()), (int) contents.end());
      current = OpenFile.goOn(last, good, header, fileBytes);
    }
    known.add(new Known(current.file(), current.header(), 0));
  }

  private void deleteDrafts() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      for (Path one : all.toList()) {
        if (one.toString().endsWith(JournalFolder.DRAFT)) {
          Files.delete(one);
        }
      }
    }
  }

  private JournalFile.Contents read(JournalFile file, long limit) throws IOException {
    JournalFile.Contents contents = file.read(limit, record -> end(record.shard(), record.index()));
    if (contents.flaw() != null || contents.header() == null) {
      throw new IOException(file.file() + ": " + contents.flaw());
    }
    contents.header().ends().forEach(this::end);
    lastBatch = contents.last();
    return contents;
  }

  private static FileHeader whole(@Nullable FileHeader header) throws IOException {
    if (header == null) {
      throw new IOException("a file of the journal has no header");
    }
    return header;
  }

  private void end(int shard, long index) {
    ends.merge(shard, index, Math::max);
  }

  // ---- on the thread that writes

  OpenFile current() {
    return current;
  }

  /** The term in which this process writes. */
  long term() {
    return current.header().term();
  }

  /** The number of the last batch that was on the disk at the start. */
  long lastBatch() {
    return lastBatch;
  }

  /** An entry of a shard is on the disk. */
  synchronized void written(int shard, long index) {
    ends.put(shard, index);
  }

  /** Goes on in another file, which begins with that batch; what is behind it elsewhere is void. */
  void next(long firstBatch) throws IOException {
    FileHeader header;
    synchronized (this) {
      header =
          new FileHeader(
              current.header().number() + 1, firstBatch, term(), random.nextLong(), ends);
    }
    OpenFile next = OpenFile.begin(folder, header, fileBytes);
    OpenFile full = current;
    synchronized (this) {
      known.removeLast();
      known.add(new Known(full.file(), full.header(), full.bytes()));
      known.add(new Known(next.file(), header, 0));
      current = next;
    }
    full.close();
  }

  // ---- on any thread

  /** Bytes of those that are full. */
  synchronized long fullBytes() {
    return known.stream().mapToLong(Known::bytes).sum();
  }

  /** The last entry of a shard that is on the disk; 0: it never had any. */
  synchronized long end(int shard) {
    return ends.getOrDefault(shard, 0L);
  }

  /** The last entries of all shards in files that are full. */
  synchronized Map<Integer, Long> endsOfFull() {
    return known.getLast().header.ends();
  }

  /**
   * Deletes files, the first ones first, each of them for good: a journal has no gaps.
   *
   * @param flushed the last entry of a shard that its tables have on the disk
   */
  void deleteBehind(IntToLongFunction flushed) throws IOException {
    JournalFile needless = needless(flushed);
    while (needless != null) {
      Files.deleteIfExists(needless.file());
      LastingFiles.syncNames(folder);
      synchronized (this) {
        known.removeFirst();
      }
      needless = needless(flushed);
    }
  }

  private synchronized @Nullable JournalFile needless(IntToLongFunction flushed) {
    if (known.size() < 2) {
      return null;
    }
    List<Known> all = new ArrayList<>(known);
    boolean isNeedless =
        all.get(1).header.ends().entrySet().stream()
            .allMatch(end -> flushed.applyAsLong(end.getKey()) >= end.getValue());
    return isNeedless ? all.getFirst().file : null;
  }

  /**
   * Reads entries of a shard, in order.
   *
   * @param after those behind it
   * @param through the last batch that is on the disk
   */
  void read(int shard, long after, long through, Consumer<JournalRecord> reader)
      throws IOException {
    List<Known> all;
    synchronized (this) {
      all = new ArrayList<>(known);
    }
    for (int i = 0; i < all.size(); i++) {
      boolean isLast = i + 1 == all.size();
      if (!isLast && all.get(i + 1).header.ends().getOrDefault(shard, 0L) <= after) {
        continue; // it may be deleted just now
      }
      JournalFile.Contents contents =
          all.get(i)
              .file
              .read(
                  isLast ? through + 1 : all.get(i + 1).header.firstBatch(),
                  record -> {
                    if (record.shard() == shard && record.index() > after) {
                      reader.accept(record);
                    }
                  });
      if (contents.flaw() != null) {
        throw new IOException(all.get(i).file.file() + ": " + contents.flaw().how());
      }
    }
  }
}
