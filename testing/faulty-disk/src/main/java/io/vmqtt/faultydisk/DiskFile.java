package io.vmqtt.faultydisk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The content of a file: what was done to it, and how much of that is safe. */
final class DiskFile implements DiskNode {
  /** What a disk writes whole, or not at all. */
  private static final int SECTOR_BYTES = 512;

  /** What it held before; null: it is new. */
  private final @Nullable Path before;

  private final List<DiskRecord.Deed> deeds = new ArrayList<>();

  /** So many of them are safe, but for those that were lost. */
  private int safe;

  /** What the kernel forgets when a sync fails: no later sync brings it back. */
  private final BitSet lost = new BitSet();

  DiskFile(@Nullable Path before) {
    this.before = before;
  }

  void did(DiskRecord.Deed deed) {
    deeds.add(deed);
  }

  /** How much was done so far: what a sync that begins now makes safe. */
  int done() {
    return deeds.size();
  }

  void synced(int upTo) {
    safe = Math.max(safe, upTo);
  }

  void syncFailed(int upTo) {
    if (upTo > safe) {
      lost.set(safe, upTo);
    }
  }

  /** Writes what a disk has of it. */
  void write(Path target, FileChannel record, Luck luck) throws IOException {
    if (before == null) {
      Files.createFile(target);
    } else {
      Files.copy(before, target);
    }
    try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
      for (int i = 0; i < deeds.size(); i++) {
        boolean kept = i < safe && !lost.get(i);
        DiskRecord.Deed deed = deeds.get(i);
        if (deed.what() == DiskRecord.What.WRITTEN) {
          writeSectors(file, record, deed, kept, luck);
        } else if (kept || luck.keeps()) {
          resize(file, deed);
        }
      }
    }
  }

  private static void resize(FileChannel file, DiskRecord.Deed deed) throws IOException {
    if (deed.what() == DiskRecord.What.TRUNCATED && deed.offset() <= file.size()) {
      file.truncate(deed.offset());
    } else if (deed.offset() > file.size()) {
      file.write(ByteBuffer.allocate(1), deed.offset() - 1);
    }
  }

  /** All of them, or those that were lucky. */
  private static void writeSectors(
      FileChannel file, FileChannel record, DiskRecord.Deed deed, boolean all, Luck luck)
      throws IOException {
    if (all) {
      copy(record, deed.position(), file, deed.offset(), deed.bytes());
      return;
    }
    if (!luck.keeps()) {
      return;
    }
    boolean torn = luck.tears();
    long end = deed.offset() + deed.bytes();
    long at = deed.offset();
    while (at < end) {
      long next = torn ? Math.min(end, (at / SECTOR_BYTES + 1) * SECTOR_BYTES) : end;
      if (!torn || luck.keeps()) {
        copy(record, deed.position() + at - deed.offset(), file, at, (int) (next - at));
      }
      at = next;
    }
  }

  private static void copy(FileChannel from, long position, FileChannel to, long offset, int bytes)
      throws IOException {
    ByteBuffer content = ByteBuffer.allocate(bytes);
    while (content.hasRemaining()) {
      if (from.read(content, position + content.position()) < 0) {
        throw new IOException("the record ends within a deed");
      }
    }
    content.flip();
    long at = offset;
    while (content.hasRemaining()) {
      at += to.write(content, at);
    }
  }
}
