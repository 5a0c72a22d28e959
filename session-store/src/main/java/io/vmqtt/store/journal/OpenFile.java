package io.vmqtt.store.journal;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of a journal that is being written. It is made longer in steps, by zeros: a sync of
 * bytes that are in the file already need not sync its size. Used on one thread.
 */
final class OpenFile implements AutoCloseable {
  /** So much room is made at once. */
  private static final int ROOM_BYTES = 512 << 10;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(ROOM_BYTES);

  private final JournalFile file;
  private final FileHeader header;
  private final FileChannel channel;
  private final int maxBytes;
  private long end;
  private long room;

  private OpenFile(JournalFile file, FileHeader header, FileChannel channel, int maxBytes) {
    this.file = file;
    this.header = header;
    this.channel = channel;
    this.maxBytes = maxBytes;
  }

  /** A new file, on the disk with its header and its name. */
  static OpenFile begin(Path folder, FileHeader header, int maxBytes) throws IOException {
    JournalFile file = JournalFile.in(folder, header.number());
    OpenFile begun = open(file, file.file(), header, maxBytes);
    begun.fill(header.encoded());
    try {
      LastingFiles.syncNames(folder);
    } catch (IOException e) {
      begun.close();
      throw notSynced(folder, e);
    }
    return begun;
  }

  /**
   * Goes on with a file, in a copy of it that takes its place: nobody knows what of the file a
   * process of before has synced, and a sync that failed then would not fail again.
   *
   * @param good what it has from its beginning on
   * @param header the new one, which is as long as the old one
   */
  static OpenFile goOn(JournalFile file, byte[] good, FileHeader header, int maxBytes)
      throws IOException {
    ByteBuffer all = ByteBuffer.allocate(Sectors.up(good.length)).put(good);
    all.put(0, header.encoded(), 0, header.bytes());
    Path draft = file.file().resolveSibling(file.file().getFileName() + JournalFolder.DRAFT);
    OpenFile copy = open(file, draft, header, maxBytes);
    copy.fill(all.position(0));
    LastingFiles.move(draft, file.file());
    return copy;
  }

  private static OpenFile open(JournalFile file, Path path, FileHeader header, int maxBytes)
      throws IOException {
    return new OpenFile(
        file,
        header,
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE),
        maxBytes);
  }

  private void fill(ByteBuffer bytes) throws IOException {
    try {
      write(bytes);
      sync(true);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void sync(boolean withSize) throws SyncFailedException {
    try {
      channel.force(withSize);
    } catch (IOException e) {
      throw notSynced(file.file(), e);
    }
  }

  private static SyncFailedException notSynced(Path file, IOException problem) {
    SyncFailedException failure = new SyncFailedException(file + ": " + problem.getMessage());
    failure.initCause(problem);
    return failure;
  }

  JournalFile file() {
    return file;
  }

  FileHeader header() {
    return header;
  }

  /** Whether a batch of so many bytes has to go into another file. */
  boolean isFullFor(int bytes) {
    return end + bytes > maxBytes && end > header.bytes();
  }

  /** Bytes on the disk. */
  long bytes() {
    return room;
  }

  /** Writes behind what is there, and makes room; {@link #sync} makes it last. */
  void write(ByteBuffer bytes) throws IOException {
    end = writeAt(bytes, end);
    if (end > room) {
      long wanted = Math.max(Math.min(end + ROOM_BYTES, maxBytes), end);
      writeAt(ZEROS.slice(0, (int) (wanted - end)), end);
      room = wanted;
    }
  }

  private long writeAt(ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    return at;
  }

  /** What was written is on the disk, or {@link SyncFailedException} is thrown. */
  void sync() throws SyncFailedException {
    sync(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
