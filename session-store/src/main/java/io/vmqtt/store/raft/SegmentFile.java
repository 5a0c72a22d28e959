package io.vmqtt.store.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of a log as Ratis writes it: a header, then for each entry its length, its bytes and their
 * CRC-32C. Behind the last entry a file that is being written has zeros.
 *
 * <p>It is read without Ratis, and before it: an entry that seems to end behind its file is the end
 * of the log to Ratis, which then cuts off all that follow it, in the file.
 */
final class SegmentFile {
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern NAME =
      Pattern.compile("log_(?:inprogress_(\\d{1,18})|(\\d{1,18})-(\\d{1,18}))");
  private static final int CHECKSUM_BYTES = 4;
  private static final int LONGEST_LENGTH = 5;

  /** A disk writes so many bytes or none of them. */
  private static final int SECTOR_BYTES = 512;

  /** Of the fields of an entry: its term comes first, its index next; neither where it is 0. */
  private static final int TERM_TAG = 1 << 3;

  private static final int INDEX_TAG = 2 << 3;

  private final Path file;
  private final long first;

  /** As the name has it; -1: the file was being written. */
  private final long last;

  private byte[] bytes = new byte[0];

  private SegmentFile(Path file, long first, long last) {
    this.file = file;
    this.first = first;
    this.last = last;
  }

  /** Null where the name is not that of a file of a log. */
  static @Nullable SegmentFile of(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      return null;
    }
    return name.group(1) == null
        ? new SegmentFile(file, Long.parseLong(name.group(2)), Long.parseLong(name.group(3)))
        : new SegmentFile(file, Long.parseLong(name.group(1)), -1);
  }

  Path file() {
    return file;
  }

  /** The index of its first entry, if it has one. */
  long first() {
    return first;
  }

  /** The index of its last entry, as its name has it; -1: the file was being written. */
  long last() {
    return last;
  }

  boolean isOpen() {
    return last < 0;
  }

  /** What it is called once it is closed behind an entry. */
  Path endingAt(long entry) {
    return file.resolveSibling("log_" + first + "-" + entry);
  }

  /**
   * What a file has.
   *
   * @param last the index of the last good entry; one less than the first where there is none
   * @param term the term of that entry; 0 where there is none
   * @param flaw where it is not as it was written; null: nowhere
   */
  record Contents(long last, long term, @Nullable Flaw flaw) {}

  /**
   * Where good entries end before the file does.
   *
   * @param offset of the first byte that is not good
   * @param how what is wrong there
   * @param place what the end of a write can look like
   */
  record Flaw(long offset, String how, Place place) {}

  /** Where the first bad entry is. */
  enum Place {
    /**
     * There is none, but entries that the name has are not there: a follower that cuts its log ends
     * the file before it gives it another name, and one that gets a checkpoint names a file for
     * entries that it no longer writes.
     */
    CUT,
    /** Something follows it, or must: it was whole once. */
    WITHIN,
    /** It is the last, and its bytes are not those of its checksum. */
    LAST,
    /**
     * Sectors of it are missing, or an end of the file: a power failure can leave that of the last
     * entry. Where its length is missing, too, nobody can tell that it is the last.
     */
    TORN,
    /** It is the last, and has no end: a process that is killed can leave that, too. */
    UNFINISHED
  }

  /** Reads all of it. */
  Contents read() throws IOException {
    bytes = Files.readAllBytes(file);
    try {
      Contents contents = contents();
      if (isOpen() || (contents.flaw == null && contents.last == last)) {
        return contents;
      }
      Flaw flaw =
          contents.flaw == null
              ? flaw(bytes.length, "ends too early", contents.last + 1, Place.CUT)
              : new Flaw(contents.flaw.offset, contents.flaw.how, Place.WITHIN);
      return new Contents(contents.last, contents.term, flaw);
    } finally {
      bytes = new byte[0];
    }
  }

  private static Flaw flaw(long offset, String how, long index, Place place) {
    return new Flaw(offset, how + ", at entry " + index + " (byte " + offset + ")", place);
  }

  private Contents contents() throws IOException {
    long index = first;
    long term = 0;
    if (bytes.length < HEADER.length
        || !Arrays.equals(bytes, 0, HEADER.length, HEADER, 0, HEADER.length)) {
      if (isOfLaterFormat()) {
        throw new IOException(file + " is of a format that this version does not read");
      }
      return new Contents(first - 1, 0, flaw(0, "has no header", index, headerPlace()));
    }
    int at = HEADER.length;
    // What is behind the last entry that the name has is not looked at, as Ratis does not: a
    // follower
    // that cuts its log may have got the name to the disk, and not the size.
    while (at < bytes.length && (isOpen() || index <= last)) {
      Frame frame = frame(at);
      Whole entry = frame.entry;
      if (entry != null && entry.index == index) {
        term = entry.term;
        at = entry.end;
        index++;
      } else if (entry == null && frame.how.isEmpty()) {
        return new Contents(index - 1, term, null);
      } else {
        String how = entry == null ? frame.how : "has entry " + entry.index + " instead";
        boolean isFollowed = entry != null || hasEntries(behindZeros(at), index + 1);
        Place place = isFollowed ? Place.WITHIN : frame.place;
        return new Contents(index - 1, term, flaw(at, how, index, place));
      }
    }
    return new Contents(index - 1, term, null);
  }

  private boolean isOfLaterFormat() {
    int number = HEADER.length - 1;
    return bytes.length >= HEADER.length
        && Arrays.equals(bytes, 0, number, HEADER, 0, number)
        && bytes[number] > HEADER[number]
        && bytes[number] <= '9';
  }

  private Place headerPlace() {
    int good = Math.max(0, Arrays.mismatch(bytes, HEADER));
    if (isZero(good, bytes.length)) {
      return Place.UNFINISHED;
    }
    return isZero(0, sectorEnd(0)) ? Place.TORN : Place.LAST;
  }

  /**
   * An entry that has its checksum.
   *
   * @param from where its bytes begin, behind their length
   * @param end where the next one begins
   */
  private record Whole(long term, long index, int from, int length, int end) {}

  /**
   * What is at an offset.
   *
   * @param entry null: none
   * @param how what is wrong, where there is no entry; empty: nothing, the file has no more
   * @param place what it looks like
   */
  private record Frame(@Nullable Whole entry, String how, Place place) {
    static Frame bad(String how, Place place) {
      return new Frame(null, how, place);
    }
  }

  private Frame frame(int at) {
    if (bytes[at] == 0) {
      if (isZero(at, bytes.length)) {
        return Frame.bad("", Place.UNFINISHED);
      }
      return Frame.bad(
          "has bytes behind its end", isZero(at, sectorEnd(at)) ? Place.TORN : Place.LAST);
    }
    int from = behindLength(at);
    if (from == bytes.length && bytes[from - 1] < 0) {
      return Frame.bad("ends within an entry", Place.UNFINISHED);
    }
    if (from > at + 1 && bytes[from - 1] == 0) {
      return Frame.bad("has an entry with half a length", placeOfHalfALength(from - 1));
    }
    int length = from < 0 ? -1 : length(at, from);
    if (length <= 0) {
      return Frame.bad("has an entry of no length", Place.LAST);
    }
    if (length > bytes.length - from - CHECKSUM_BYTES) {
      if (isWholeButForItsLength(at)) {
        return Frame.bad("has an entry that reaches behind the file", Place.LAST);
      }
      // Ratis makes room in the file first: what is cut off by a kill has zeros behind it. Only a
      // power failure can leave fewer of them than were written.
      boolean hasRoom =
          bytes.length >= SECTOR_BYTES && isZero(bytes.length - SECTOR_BYTES, bytes.length);
      return Frame.bad("ends within an entry", hasRoom ? Place.TORN : Place.UNFINISHED);
    }
    int end = from + length;
    int checksum = checksum(at, end);
    if (checksum != ByteBuffer.wrap(bytes).getInt(end)) {
      return Frame.bad("has an entry with another checksum", placeOfBad(at, end, checksum));
    }
    Whole entry = whole(at);
    return entry == null
        ? Frame.bad("has an entry that cannot be read", Place.LAST)
        : new Frame(entry, "", Place.LAST);
  }

  /** No length is written like that: the rest of it is missing, if it is zero to a sector's end. */
  private Place placeOfHalfALength(int missing) {
    if (isZero(missing, bytes.length)) {
      return Place.UNFINISHED;
    }
    return missing % SECTOR_BYTES == 0 && isZero(missing, sectorEnd(missing))
        ? Place.TORN
        : Place.LAST;
  }

  private Place placeOfBad(int at, int end, int checksum) {
    if (isWholeButForItsLength(at)) {
      return Place.LAST;
    }
    // An entry is synced before the next one is written.
    if (!isZero(end + CHECKSUM_BYTES, bytes.length)) {
      return Place.WITHIN;
    }
    byte[] expected = ByteBuffer.allocate(CHECKSUM_BYTES).putInt(checksum).array();
    int good = Arrays.mismatch(bytes, end, end + CHECKSUM_BYTES, expected, 0, CHECKSUM_BYTES);
    if (isZero(end, bytes.length) || isZero(end + good, bytes.length)) {
      return Place.UNFINISHED;
    }
    return hasZeroSector(at, end + CHECKSUM_BYTES) ? Place.TORN : Place.LAST;
  }

  /** Where the bytes of an entry begin whose length is at an offset; -1: that is no length. */
  private int behindLength(int at) {
    int from = at;
    do {
      if (from == bytes.length) {
        return from;
      }
      if (from - at == LONGEST_LENGTH) {
        return -1;
      }
    } while (bytes[from++] < 0);
    return from;
  }

  private int length(int at, int from) {
    int length = 0;
    for (int i = at; i < from; i++) {
      length |= (bytes[i] & 0x7f) << (7 * (i - at));
    }
    return length;
  }

  private int checksum(int from, int end) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, end - from);
    return (int) checksum.getValue();
  }

  /** The entry at an offset; null where there is none that has its checksum. */
  private @Nullable Whole whole(int at) {
    int from = behindLength(at);
    int length = from < 0 ? -1 : length(at, from);
    if (length <= 0 || length > bytes.length - from - CHECKSUM_BYTES) {
      return null;
    }
    int end = from + length;
    if (checksum(at, end) != ByteBuffer.wrap(bytes).getInt(end)) {
      return null;
    }
    try {
      CodedInputStream fields = CodedInputStream.newInstance(bytes, from, length);
      long term = 0;
      int tag = fields.readTag();
      if (tag == TERM_TAG) {
        term = fields.readUInt64();
        tag = fields.readTag();
      }
      long index = tag == INDEX_TAG ? fields.readUInt64() : 0;
      return new Whole(term, index, from, length, end + CHECKSUM_BYTES);
    } catch (IOException e) {
      return null; // it has its checksum, and is no entry all the same
    }
  }

  /** Whether one turned bit of its length is all that is wrong with an entry. */
  private boolean isWholeButForItsLength(int at) {
    int end = Math.min(at + LONGEST_LENGTH, bytes.length);
    for (int i = at; i < end; i++) {
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        bytes[i] ^= (byte) (1 << bit);
        boolean isWhole = whole(at) != null;
        bytes[i] ^= (byte) (1 << bit);
        if (isWhole) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean hasZeroSector(int from, int end) {
    int at = from;
    while (at < end) {
      int sectorEnd = Math.min(sectorEnd(at), end);
      if (isZero(at, sectorEnd)) {
        return true;
      }
      at = sectorEnd;
    }
    return false;
  }

  private int sectorEnd(int at) {
    return Math.min((at / SECTOR_BYTES + 1) * SECTOR_BYTES, bytes.length);
  }

  private boolean isZero(int from, int end) {
    return behindZeros(from) >= end;
  }

  /** The first byte from an offset on that is not zero. */
  private int behindZeros(int from) {
    int at = from;
    while (at < bytes.length && bytes[at] == 0) {
      at++;
    }
    return at;
  }

  /**
   * Whether all that is written from an offset on is good entries, from one on. What an entry has
   * in it is not searched for them: a client may have published a piece of a log.
   */
  private boolean hasEntries(int from, long firstIndex) {
    int at = from;
    long index = firstIndex;
    while (at < bytes.length && bytes[at] != 0) {
      Whole entry = whole(at);
      if (entry == null || entry.index != index) {
        return false;
      }
      at = entry.end;
      index++;
    }
    return index > firstIndex && isZero(at, bytes.length);
  }

  /** Few offsets look like that, so few checksums are computed. */
  private boolean mayBegin(int at) {
    int from = bytes[at] == 0 ? -1 : behindLength(at);
    return from > 0 && from < bytes.length && bytes[from] == TERM_TAG;
  }

  /** Gives all good entries to somebody, in order, whatever is between them. */
  void readWhatIsGood(Consumer<LogEntryProto> reader) throws IOException {
    bytes = Files.readAllBytes(file);
    try {
      int at = 0;
      while (at + 2 < bytes.length) {
        Whole entry = mayBegin(at) ? whole(at) : null;
        if (entry == null) {
          at++;
        } else if (last >= 0 && entry.index > last) {
          return; // it was overruled
        } else {
          reader.accept(LogEntryProto.parseFrom(ByteBuffer.wrap(bytes, entry.from, entry.length)));
          at = entry.end;
        }
      }
    } finally {
      bytes = new byte[0];
    }
  }
}
