package io.vmqtt.store.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentFileTest {
  private static final int DATA_BYTES = 700;

  @TempDir private Path folder;

  /** Where each entry begins. */
  private final List<Integer> offsets = new ArrayList<>();

  private byte[] entries(long first, int count) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(LogBytes.header());
    for (long index = first; index < first + count; index++) {
      offsets.add(out.size());
      out.write(LogBytes.entry(index, "x".repeat(DATA_BYTES).getBytes(StandardCharsets.US_ASCII)));
    }
    return out.toByteArray();
  }

  private SegmentFile.Contents read(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, bytes);
    SegmentFile segment = SegmentFile.of(file);
    assertNotNull(segment);
    return segment.read();
  }

  private void assertFlaw(
      long last, long offset, SegmentFile.Place place, SegmentFile.Contents contents) {
    assertEquals(last, contents.last());
    SegmentFile.Flaw flaw = contents.flaw();
    assertNotNull(flaw);
    assertEquals(offset, flaw.offset());
    assertEquals(place, flaw.place());
  }

  @Test
  void read_whole_hasAll() throws IOException {
    byte[] bytes = entries(0, 5);
    assertEquals(new SegmentFile.Contents(4, 3, null), read("log_inprogress_0", bytes));
    assertEquals(new SegmentFile.Contents(4, 3, null), read("log_0-4", bytes));
    byte[] withRoom = Arrays.copyOf(bytes, 64 << 10);
    assertEquals(new SegmentFile.Contents(4, 3, null), read("log_inprogress_0", withRoom));
  }

  @Test
  void read_bitOfAnEntryWithin_isNoEndOfAWrite() throws IOException {
    byte[] bytes = entries(7, 5);
    bytes[offsets.get(2) + 100] ^= 1;
    assertFlaw(8, offsets.get(2), SegmentFile.Place.WITHIN, read("log_inprogress_7", bytes));
  }

  /** Ratis takes it for the end of the log. */
  @Test
  void read_lengthOfAnEntryWithinReachesBehindTheFile_isNoEndOfAWrite() throws IOException {
    byte[] bytes = entries(7, 5);
    bytes[offsets.get(2) + 1] |= 0x40;
    assertFlaw(8, offsets.get(2), SegmentFile.Place.LAST, read("log_inprogress_7", bytes));
  }

  @Test
  void read_zerosInThePlaceOfAnEntryWithin_areNoEndOfAWrite() throws IOException {
    byte[] bytes = entries(7, 5);
    Arrays.fill(bytes, offsets.get(2), offsets.get(3), (byte) 0);
    assertFlaw(8, offsets.get(2), SegmentFile.Place.WITHIN, read("log_inprogress_7", bytes));
  }

  @Test
  void read_bitOfTheLastEntry_isThatOfTheLast() throws IOException {
    byte[] bytes = entries(7, 3);
    bytes[bytes.length - 10] ^= 1;
    assertFlaw(8, offsets.get(2), SegmentFile.Place.LAST, read("log_inprogress_7", bytes));
  }

  /** A sector that came later than the next one. */
  @Test
  void read_sectorOfTheLastEntryIsZero_isTorn() throws IOException {
    byte[] bytes = entries(7, 3);
    int sector = (offsets.get(2) / 512 + 1) * 512;
    byte[] first = bytes.clone();
    Arrays.fill(first, offsets.get(2), sector, (byte) 0);
    assertFlaw(8, offsets.get(2), SegmentFile.Place.TORN, read("log_inprogress_7", first));
    byte[] second = bytes.clone();
    Arrays.fill(second, sector, sector + 512, (byte) 0);
    assertFlaw(8, offsets.get(2), SegmentFile.Place.TORN, read("log_inprogress_7", second));
    second[sector + 100] = 1;
    assertFlaw(8, offsets.get(2), SegmentFile.Place.LAST, read("log_inprogress_7", second));
  }

  /** Whatever bit it is: an entry that was whole is not taken for one that never was. */
  @Test
  void read_anyBitOfTheLastEntry_isNoEndOfAWrite() throws IOException {
    byte[] bytes = entries(7, 3);
    byte[] withRoom = Arrays.copyOf(bytes, 64 << 10);
    for (byte[] file : List.of(bytes, withRoom)) {
      for (int at = offsets.get(2); at < bytes.length; at++) {
        for (int bit = 0; bit < 8; bit++) {
          file[at] ^= (byte) (1 << bit);
          assertFlaw(8, offsets.get(2), SegmentFile.Place.LAST, read("log_inprogress_7", file));
          file[at] ^= (byte) (1 << bit);
        }
      }
    }
  }

  /** A process is killed while it writes: the kernel has a beginning of what it was given. */
  @Test
  void read_anyBeginningOfTheLastEntry_isUnfinished() throws IOException {
    byte[] bytes = entries(7, 3);
    for (int end = offsets.get(2) + 1; end < bytes.length; end++) {
      byte[] part = Arrays.copyOf(bytes, end);
      assertFlaw(8, offsets.get(2), SegmentFile.Place.UNFINISHED, read("log_inprogress_7", part));
      if (part[end - 1] != 0) {
        byte[] room = Arrays.copyOf(part, 64 << 10);
        assertFlaw(8, offsets.get(2), SegmentFile.Place.UNFINISHED, read("log_inprogress_7", room));
      }
    }
  }

  @Test
  void read_lastEntryHasNoEnd_isUnfinished() throws IOException {
    byte[] bytes = entries(7, 3);
    byte[] part = Arrays.copyOf(bytes, bytes.length - 9);
    assertFlaw(8, offsets.get(2), SegmentFile.Place.UNFINISHED, read("log_inprogress_7", part));
    byte[] withRoom = Arrays.copyOf(part, 64 << 10);
    assertFlaw(8, offsets.get(2), SegmentFile.Place.UNFINISHED, read("log_inprogress_7", withRoom));
  }

  /** A client can publish what is in a log; it is content, whole or torn. */
  @Test
  void read_pieceOfALogWithinTheLastEntry_isNotTakenForTheLog() throws IOException {
    byte[] bytes = entries(7, 2);
    ByteArrayOutputStream piece = new ByteArrayOutputStream();
    for (long index = 9; index < 30; index++) {
      piece.write(LogBytes.entry(index, new byte[50]));
    }
    int pieceBytes = piece.size();
    piece.write(new byte[1_000]);
    byte[] entry = LogBytes.entry(9, piece.toByteArray());
    byte[] whole = Arrays.copyOf(bytes, bytes.length + entry.length);
    System.arraycopy(entry, 0, whole, bytes.length, entry.length);
    assertEquals(new SegmentFile.Contents(9, LogBytes.TERM, null), read("log_inprogress_7", whole));
    byte[] killed = Arrays.copyOf(Arrays.copyOf(whole, bytes.length + pieceBytes + 9), 64 << 10);
    assertFlaw(8, bytes.length, SegmentFile.Place.UNFINISHED, read("log_inprogress_7", killed));
    byte[] withoutRoom = Arrays.copyOf(whole, bytes.length + pieceBytes + 9);
    assertFlaw(
        8, bytes.length, SegmentFile.Place.UNFINISHED, read("log_inprogress_7", withoutRoom));
  }

  /** Each offset looks like the beginning of an entry that reaches to the end. */
  @Test
  void read_contentThatLooksLikeManyEntries_takesNoTimeToSpeakOf() throws IOException {
    byte[] content = new byte[4 << 20];
    for (int at = 0; at < content.length; at += 4) {
      content[at] = (byte) 0x80;
      content[at + 1] = (byte) 0x80;
      content[at + 2] = 0x40;
      content[at + 3] = 8;
    }
    byte[] entry = LogBytes.entry(0, content);
    byte[] torn = Arrays.copyOf(LogBytes.header(), 8 + entry.length);
    System.arraycopy(entry, 0, torn, 8, entry.length - 4);
    assertTimeout(
        Duration.ofSeconds(10),
        () -> assertFlaw(-1, 8, SegmentFile.Place.UNFINISHED, read("log_inprogress_0", torn)));
  }

  /** Only a power failure can make a file shorter than what was written, and leave it room. */
  @Test
  void read_lastSectorIsZeroAndTheRestIsMissing_isTorn() throws IOException {
    byte[] bytes = entries(7, 3);
    byte[] part = Arrays.copyOf(bytes, bytes.length - 9);
    Arrays.fill(part, part.length - 512, part.length, (byte) 0);
    assertFlaw(8, offsets.get(2), SegmentFile.Place.TORN, read("log_inprogress_7", part));
  }

  /** The second byte of a length in a sector that did not come, or that was never written. */
  @Test
  void read_halfOfALength_isUnfinishedOrTorn() throws IOException {
    byte[] first = new byte[0];
    for (int data = 400; first.length != 511 - LogBytes.header().length; data++) {
      first = LogBytes.entry(7, new byte[data]);
    }
    byte[] entry = new byte[0];
    for (int data = 1_900; entry.length == 0 || entry[0] != (byte) 0x80; data++) {
      entry = LogBytes.entry(8, "x".repeat(data).getBytes(StandardCharsets.US_ASCII));
    }
    byte[] bytes = Arrays.copyOf(LogBytes.header(), 16 << 10);
    System.arraycopy(first, 0, bytes, 8, first.length);
    System.arraycopy(entry, 0, bytes, 511, entry.length);
    assertEquals(new SegmentFile.Contents(8, LogBytes.TERM, null), read("log_inprogress_7", bytes));
    byte[] torn = bytes.clone();
    Arrays.fill(torn, 512, 1024, (byte) 0);
    assertFlaw(7, 511, SegmentFile.Place.TORN, read("log_inprogress_7", torn));
    Arrays.fill(torn, 512, torn.length, (byte) 0);
    assertFlaw(7, 511, SegmentFile.Place.UNFINISHED, read("log_inprogress_7", torn));
  }

  @Test
  void read_firstSectorIsZero_isTorn() throws IOException {
    byte[] bytes = entries(7, 1);
    Arrays.fill(bytes, 0, 512, (byte) 0);
    assertFlaw(6, 0, SegmentFile.Place.TORN, read("log_inprogress_7", bytes));
  }

  /** A follower cut its log: the name came to the disk, and the size did not. */
  @Test
  void read_closedFileWithMoreThanItsNameSays_hasWhatItsNameSays() throws IOException {
    byte[] bytes = entries(7, 5);
    bytes[offsets.get(3) + 100] ^= 1;
    assertEquals(new SegmentFile.Contents(9, LogBytes.TERM, null), read("log_7-9", bytes));
  }

  @Test
  void read_closedFileWithoutEntries_lacksAllOfThem() throws IOException {
    assertFlaw(6, 8, SegmentFile.Place.CUT, read("log_7-9", LogBytes.header()));
  }

  @Test
  void read_closedFile_endsWhereItsNameSays() throws IOException {
    byte[] bytes = entries(7, 3);
    assertFlaw(9, bytes.length, SegmentFile.Place.CUT, read("log_7-10", bytes));
    byte[] part = Arrays.copyOf(bytes, bytes.length - 9);
    assertFlaw(8, offsets.get(2), SegmentFile.Place.WITHIN, read("log_7-9", part));
  }

  @Test
  void read_noHeader_isUnfinishedWhereNothingFollows() throws IOException {
    assertFlaw(6, 0, SegmentFile.Place.UNFINISHED, read("log_inprogress_7", new byte[0]));
    assertFlaw(6, 0, SegmentFile.Place.UNFINISHED, read("log_inprogress_7", new byte[20]));
    byte[] bytes = entries(7, 3);
    bytes[3] ^= 1;
    assertFlaw(6, 0, SegmentFile.Place.LAST, read("log_inprogress_7", bytes));
  }

  @Test
  void read_laterFormat_isNoDamage() {
    byte[] later = "RaftLog2 and who knows what".getBytes(StandardCharsets.US_ASCII);
    IOException refused = assertThrows(IOException.class, () -> read("log_inprogress_7", later));
    assertTrue(String.valueOf(refused.getMessage()).endsWith("that this version does not read"));
  }

  @Test
  void readWhatIsGood_bitOfAnEntry_givesTheOthers() throws IOException {
    byte[] bytes = entries(7, 5);
    bytes[offsets.get(2) + 100] ^= 1;
    Path file = folder.resolve("log_7-11");
    Files.write(file, bytes);
    List<Long> good = new ArrayList<>();
    Objects.requireNonNull(SegmentFile.of(file))
        .readWhatIsGood(entry -> good.add(entry.getIndex()));
    assertEquals(List.of(7L, 8L, 10L, 11L), good);
  }

  @Test
  void readWhatIsGood_closedFileWithMoreThanItsNameSays_givesWhatItsNameSays() throws IOException {
    Path file = folder.resolve("log_7-9");
    Files.write(file, entries(7, 5));
    List<Long> good = new ArrayList<>();
    Objects.requireNonNull(SegmentFile.of(file))
        .readWhatIsGood(entry -> good.add(entry.getIndex()));
    assertEquals(List.of(7L, 8L, 9L), good);
  }

  @Test
  void of_otherFiles_isNone() {
    assertNull(SegmentFile.of(folder.resolve("raft-meta")));
    assertNull(SegmentFile.of(folder.resolve("log_1-2.corrupted")));
  }
}
