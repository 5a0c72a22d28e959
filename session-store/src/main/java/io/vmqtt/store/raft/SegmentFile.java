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
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;

/**
 * A file of a log as Ratis writes it, read without Ratis, which passes over an entry that seems to
 * end behind its file, with all that follow: a header, then for each entry its length, its bytes
 * and their CRC-32C. Behind the last entry a file that is being written has zeros.
 */
final class SegmentFile {
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern NAME = Pattern.compile("log_(?:inprogress_(\\d+)|(\\d+)-(\\d+))");
  private static final int CHECKSUM_BYTES = 4;
  private static final int LONGEST_LENGTH = 5;

  /** Of the fields of an entry: its term comes first, its index next. */
  private static final int TERM_TAG = 1 << 3;

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

  boolean isOpen() {
    return last < 0;
  }

  /**
   * What a file has.
   *
   * @param last the index of the last good entry; one less than the first where there is none
   * @param flaw where it is not as it was written; null: nowhere
   */
  record Contents(long last, @Nullable Flaw flaw) {}

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
    /** Others follow it, or must: it was whole once. */
    WITHIN,
    /** It is the last, and its bytes are not those of its checksum. */
    LAST,
    /** It is the last, and has no end: a process that is killed can leave that. */
    UNFINISHED
  }

  /** Reads all of it, and gives the good entries to somebody. */
  Contents read(Consumer<LogEntryProto> reader) throws IOException {
    bytes = Files.readAllBytes(file);
    Contents contents = contents(reader);
    if (isOpen() || (contents.flaw == null && contents.last == last)) {
      return contents;
    }
    Flaw flaw =
        contents.flaw == null
            ? flaw(bytes.length, "ends too early", contents.last + 1, Place.WITHIN)
            : new Flaw(contents.flaw.offset, contents.flaw.how, Place.WITHIN);
    return new Contents(contents.last, flaw);
  }

  private static Flaw flaw(long offset, String how, long index, Place place) {
    return new Flaw(offset, how + ", at entry " + index + " (byte " + offset + ")", place);
  }

  private Contents contents(Consumer<LogEntryProto> reader) {
    long index = first;
    if (bytes.length < HEADER.length
        || !Arrays.equals(bytes, 0, HEADER.length, HEADER, 0, HEADER.length)) {
      Place place = hasEntryBehind(0, index - 1) ? Place.WITHIN : headerPlace();
      return new Contents(first - 1, flaw(0, "has no header", index, place));
    }
    int at = HEADER.length;
    while (at < bytes.length) {
      Frame frame = frame(at);
      LogEntryProto entry = frame.entry;
      if (entry != null && entry.getIndex() == index) {
        reader.accept(entry);
        at = frame.end;
        index++;
      } else if (entry == null && frame.how.isEmpty()) {
        return new Contents(index - 1, null);
      } else {
        String how = entry == null ? frame.how : "has entry " + entry.getIndex() + " instead";
        Place place = hasEntryBehind(at + 1, index) ? Place.WITHIN : frame.place;
        return new Contents(index - 1, flaw(at, how, index, place));
      }
    }
    return new Contents(index - 1, null);
  }

  private Place headerPlace() {
    int good = Math.max(0, Arrays.mismatch(bytes, HEADER));
    return isZeroFrom(good) ? Place.UNFINISHED : Place.LAST;
  }

  /**
   * What is at an offset.
   *
   * @param entry null: none
   * @param end where the next one begins
   * @param how what is wrong, where there is no entry; empty: nothing, the file has no more
   * @param place what it looks like if nothing follows
   */
  private record Frame(@Nullable LogEntryProto entry, int end, String how, Place place) {
    static Frame bad(String how, Place place) {
      return new Frame(null, 0, how, place);
    }
  }

  private Frame frame(int at) {
    if (bytes[at] == 0) {
      return isZeroFrom(at)
          ? Frame.bad("", Place.UNFINISHED)
          : Frame.bad("has bytes behind its end", Place.LAST);
    }
    int length = 0;
    int from = at;
    do {
      if (from == bytes.length) {
        return Frame.bad("ends within an entry", Place.UNFINISHED);
      }
      if (from - at == LONGEST_LENGTH) {
        return Frame.bad("has an entry of no length", Place.LAST);
      }
      length |= (bytes[from] & 0x7f) << (7 * (from - at));
    } while (bytes[from++] < 0);
    if (length <= 0) {
      return Frame.bad("has an entry of no length", Place.LAST);
    }
    if (length > bytes.length - from - CHECKSUM_BYTES) {
      return Frame.bad("ends within an entry", Place.UNFINISHED);
    }
    int end = from + length;
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, at, end - at);
    if ((int) checksum.getValue() != ByteBuffer.wrap(bytes).getInt(end)) {
      return Frame.bad(
          "has an entry with another checksum", isZeroFrom(end) ? Place.UNFINISHED : Place.LAST);
    }
    try {
      LogEntryProto entry = LogEntryProto.parseFrom(ByteBuffer.wrap(bytes, from, length));
      return new Frame(entry, end + CHECKSUM_BYTES, "", Place.LAST);
    } catch (InvalidProtocolBufferException e) {
      return Frame.bad("has an entry that cannot be read", Place.LAST);
    }
  }

  private boolean isZeroFrom(int offset) {
    for (int at = offset; at < bytes.length; at++) {
      if (bytes[at] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a good entry with a higher index begins anywhere behind an offset. */
  private boolean hasEntryBehind(int offset, long index) {
    for (int at = offset; at + 2 < bytes.length; at++) {
      int tag = at + 1;
      while (tag - at < LONGEST_LENGTH && tag < bytes.length && bytes[tag - 1] < 0) {
        tag++;
      }
      // Few offsets look like that, so few checksums are computed.
      if (bytes[at] != 0 && tag < bytes.length && bytes[tag] == TERM_TAG) {
        LogEntryProto entry = frame(at).entry;
        if (entry != null && entry.getIndex() > index) {
          return true;
        }
      }
    }
    return false;
  }
}
