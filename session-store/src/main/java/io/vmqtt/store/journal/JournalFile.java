package io.vmqtt.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of the journal: a {@link FileHeader}, then batches, each from the beginning of a sector
 * on: a {@link BatchHead}, its records, {@link #LAST_BYTE}. Behind the last batch of a file there
 * may be zeros: room that was made for more.
 *
 * <p>A batch is one write, and on the disk before the next one is begun. So whatever is not whole
 * and has a batch behind it is damaged, and only the last batch can be what a kill or a power
 * failure has left.
 *
 * @param number as the name has it
 */
record JournalFile(Path file, long number) {
  /** Ends the records of a batch: it is no zero, so whoever finds one there knows of a cut. */
  static final byte LAST_BYTE = 0x55;

  /** Of a file that no other file follows. */
  static final long NO_LIMIT = Long.MAX_VALUE;

  private static final Pattern NAME = Pattern.compile("journal-(\\d{1,18})");

  /** Null where the name is not that of a file of the journal. */
  static @Nullable JournalFile of(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    return name.matches() ? new JournalFile(file, Long.parseLong(name.group(1))) : null;
  }

  static JournalFile in(Path folder, long number) {
    return new JournalFile(folder.resolve("journal-" + number), number);
  }

  /**
   * What a file has.
   *
   * @param header null: it is not whole
   * @param last the number of the last good batch; one less than the first where there is none
   * @param end where that ends, in bytes
   * @param flaw where it is not as it was written; null: nowhere
   */
  record Contents(@Nullable FileHeader header, long last, long end, @Nullable Flaw flaw) {}

  /**
   * Where good batches end before the file does.
   *
   * @param how what is wrong there
   * @param place what the end of a write can look like
   */
  record Flaw(String how, Place place) {}

  /** What the first bad batch looks like. */
  enum Place {
    /** Something follows it, or must: it was whole once. */
    WITHIN,
    /** It is the last, and its bytes are not those that were written. */
    LAST,
    /** It is the last, and sectors of it are missing: a power failure can leave that. */
    TORN,
    /** It is the last, and has no end: a process that is killed can leave that, too. */
    UNFINISHED
  }

  /**
   * Reads all of it.
   *
   * @param limit batches of that number and later ones are somewhere else
   * @param reader gets the records of good batches, in order
   */
  Contents read(long limit, Consumer<JournalRecord> reader) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    FileHeader header = FileHeader.of(bytes, file.toString());
    if (header == null || header.number() != number) {
      boolean isBegun = header != null || hasBatch(bytes);
      return new Contents(
          null, -1, 0, new Flaw("has no header", isBegun ? Place.WITHIN : Place.UNFINISHED));
    }
    int at = header.bytes();
    long next = header.firstBatch();
    Flaw flaw = null;
    while (flaw == null && next < limit && at < bytes.length) {
      BatchHead head = BatchHead.at(bytes, at);
      if (head != null
          && head.salt() == header.salt()
          && head.number() == next
          && head.hasItsBody(bytes, at)) {
        readRecords(bytes, at, head, reader);
        at += head.batchBytes();
        next++;
      } else if (Sectors.areZero(bytes, at, bytes.length)) {
        break;
      } else {
        flaw = flaw(bytes, at, next, header.salt());
      }
    }
    if (limit != NO_LIMIT && next < limit) {
      flaw =
          new Flaw(
              flaw == null
                  ? "ends behind batch " + (next - 1) + ", and the next file begins with " + limit
                  : flaw.how,
              Place.WITHIN);
    }
    return new Contents(header, next - 1, Math.min(at, bytes.length), flaw);
  }

  private static void readRecords(
      byte[] bytes, int at, BatchHead head, Consumer<JournalRecord> reader) throws IOException {
    ByteBuffer in =
        ByteBuffer.wrap(bytes, at + BatchHead.BYTES, head.bodyBytes() - 1).asReadOnlyBuffer();
    while (in.hasRemaining()) {
      if (in.remaining() < JournalRecord.HEAD_BYTES) {
        throw new IOException("batch " + head.number() + " has its checksum, and is none");
      }
      int shard = in.getInt();
      long term = in.getLong();
      long index = in.getLong();
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new IOException("batch " + head.number() + " has its checksum, and is none");
      }
      reader.accept(new JournalRecord(shard, term, index, in.slice(in.position(), length)));
      in.position(in.position() + length);
    }
  }

  private static Flaw flaw(byte[] bytes, int at, long number, long salt) {
    String where = ", at batch " + number + " (byte " + at + ")";
    if (hasBatchBehind(bytes, at, number, salt)) {
      return new Flaw("has a batch that is not as it was written" + where, Place.WITHIN);
    }
    BatchHead head = BatchHead.at(bytes, at);
    if (head == null || head.salt() != salt || head.number() != number) {
      return headless(bytes, at, where);
    }
    int bodyEnd = at + BatchHead.BYTES + head.bodyBytes();
    if (!Sectors.areZero(bytes, bodyEnd, bytes.length)) {
      return new Flaw("has bytes behind its last batch" + where, Place.WITHIN);
    }
    if (bodyEnd > bytes.length || bytes[bodyEnd - 1] == 0) {
      return new Flaw("ends within a batch" + where, Place.UNFINISHED);
    }
    return new Flaw(
        "has a batch with another checksum" + where,
        hasZeroSector(bytes, at, bodyEnd) ? Place.TORN : Place.LAST);
  }

  private static Flaw headless(byte[] bytes, int at, String where) {
    if (Sectors.areZero(bytes, at, at + Sectors.BYTES)) {
      return new Flaw("has a batch without its beginning" + where, Place.TORN);
    }
    boolean isCut = Sectors.areZero(bytes, at + BatchHead.BYTES, bytes.length);
    return isCut
        ? new Flaw("ends within a batch" + where, Place.UNFINISHED)
        : new Flaw("has a batch with another head" + where, Place.LAST);
  }

  /** Whether a whole sector between is zero. */
  private static boolean hasZeroSector(byte[] bytes, int from, int end) {
    for (int at = from; at + Sectors.BYTES <= end; at += Sectors.BYTES) {
      if (Sectors.areZero(bytes, at, at + Sectors.BYTES)) {
        return true;
      }
    }
    int tail = from + (end - from) / Sectors.BYTES * Sectors.BYTES;
    return tail < end && Sectors.areZero(bytes, tail, end);
  }

  private static boolean hasBatchBehind(byte[] bytes, int at, long number, long salt) {
    for (int sector = at + Sectors.BYTES; sector < bytes.length; sector += Sectors.BYTES) {
      BatchHead head = BatchHead.at(bytes, sector);
      if (head != null && head.salt() == salt && head.number() > number) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasBatch(byte[] bytes) {
    for (int sector = 0; sector < bytes.length; sector += Sectors.BYTES) {
      if (BatchHead.at(bytes, sector) != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * Gives the records of all good batches to somebody, in order, whatever is between them.
   *
   * @param limit as for {@link #read}
   */
  void readWhatIsGood(long limit, Consumer<JournalRecord> reader) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    FileHeader header = FileHeader.of(bytes, file.toString());
    Long salt = header == null ? null : header.salt();
    int at = 0;
    while (at < bytes.length) {
      BatchHead head = BatchHead.at(bytes, at);
      boolean isGood =
          head != null && (salt == null || salt == head.salt()) && head.hasItsBody(bytes, at);
      if (head == null || !isGood) {
        at += Sectors.BYTES;
      } else if (head.number() >= limit) {
        return; // it was overruled
      } else {
        salt = head.salt(); // the first one is no client's: what clients send is behind a head
        readRecords(bytes, at, head, reader);
        at += head.batchBytes();
      }
    }
  }
}
