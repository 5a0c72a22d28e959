package io.vmqtt.store.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.store.journal.JournalFile.Contents;
import io.vmqtt.store.journal.JournalFile.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalFileTest {
  private static final long SALT = 0x5a17_1234_5678_9abcL;
  private static final int HEADER = 512;

  /** What a record of these tests has in it; with what is around it a batch takes three sectors. */
  private static final int CONTENT = 1_100;

  private static final int BATCH = 3 * 512;

  @TempDir private Path folder;

  /** A file whose first batch is 7, each with one record of shard 2, and room behind. */
  private static byte[] file(int batches, int room) {
    FileHeader header = new FileHeader(3, 7, 1, SALT, Map.of(2, 100L));
    ByteBuffer out = ByteBuffer.allocate(HEADER + batches * BATCH + room);
    out.put(header.encoded());
    for (int i = 0; i < batches; i++) {
      out.put(batch(SALT, 7 + i, 101 + i));
    }
    return out.array();
  }

  private static ByteBuffer batch(long salt, long number, long index) {
    int bodyBytes = JournalRecord.HEAD_BYTES + CONTENT + 1;
    ByteBuffer batch = ByteBuffer.allocate(BATCH);
    byte[] content = new byte[CONTENT];
    Arrays.fill(content, (byte) 9);
    batch.position(BatchHead.BYTES).putInt(2).putLong(1).putLong(index).putInt(CONTENT);
    batch.put(content).put(JournalFile.LAST_BYTE);
    BatchHead.put(batch, salt, number, bodyBytes);
    return batch.clear();
  }

  private final List<Long> indexes = new ArrayList<>();

  private Contents read(byte[] bytes) throws IOException {
    return read(bytes, JournalFile.NO_LIMIT);
  }

  private Contents read(byte[] bytes, long limit) throws IOException {
    indexes.clear();
    Path file = Files.write(folder.resolve("journal-3"), bytes);
    JournalFile journal = JournalFile.of(file);
    assertNotNull(journal);
    return journal.read(limit, record -> indexes.add(record.index()));
  }

  private void assertFlaw(Place place, long last, byte[] bytes) throws IOException {
    Contents contents = read(bytes);
    JournalFile.Flaw flaw = contents.flaw();
    assertNotNull(flaw);
    assertEquals(place, flaw.place(), flaw::how);
    assertEquals(last, contents.last());
    assertEquals(last - 6, indexes.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 5_000})
  void read_whole_hasAllRecords(int room) throws IOException {
    Contents contents = read(file(3, room));
    assertNull(contents.flaw());
    assertEquals(9, contents.last());
    assertEquals(HEADER + 3 * BATCH, contents.end());
    assertEquals(List.of(101L, 102L, 103L), indexes);
    assertEquals(Map.of(2, 100L), assertHeader(contents).ends());
  }

  private static FileHeader assertHeader(Contents contents) {
    FileHeader header = contents.header();
    assertNotNull(header);
    return header;
  }

  @Test
  void read_upToALimit_whatIsBehindItIsVoid() throws IOException {
    byte[] bytes = file(3, 0);
    bytes[HEADER + 2 * BATCH + 600] ^= 1;
    assertNull(read(bytes, 9).flaw());
    assertEquals(List.of(101L, 102L), indexes);
  }

  @Test
  void read_endsBeforeALimit_isDamage() throws IOException {
    JournalFile.Flaw flaw = read(file(3, 100), 11).flaw();
    assertNotNull(flaw);
    assertEquals(Place.WITHIN, flaw.place());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 20, 600, 1_400, BATCH - 1})
  void read_batchBeforeOthersIsWrong_isWithin(int offset) throws IOException {
    byte[] bytes = file(3, 2_000);
    bytes[HEADER + BATCH + offset] ^= 0x10;
    assertFlaw(Place.WITHIN, 7, bytes);
  }

  /** Whatever is missing of it: it was synced before the next one was written. */
  @Test
  void read_sectorOfABatchBeforeOthersIsMissing_isWithin() throws IOException {
    byte[] bytes = file(3, 2_000);
    Arrays.fill(bytes, HEADER + BATCH, HEADER + BATCH + 512, (byte) 0);
    assertFlaw(Place.WITHIN, 7, bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 600, 1_100})
  void read_lastBatchIsWrong_isLast(int offset) throws IOException {
    byte[] bytes = file(3, 2_000);
    bytes[HEADER + 2 * BATCH + offset] ^= 0x10;
    assertFlaw(Place.LAST, 8, bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void read_sectorOfTheLastBatchIsMissing_isTorn(int sector) throws IOException {
    byte[] bytes = file(3, 2_000);
    int from = HEADER + 2 * BATCH + sector * 512;
    Arrays.fill(bytes, from, from + 512, (byte) 0);
    assertFlaw(Place.TORN, 8, bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 20, 28, 100, 512, 700, 1_024, 1_130})
  void read_lastBatchHasNoEnd_isUnfinished(int written) throws IOException {
    byte[] bytes = file(3, 2_000);
    int end = HEADER + 2 * BATCH + written;
    assertFlaw(Place.UNFINISHED, 8, Arrays.copyOf(bytes, end));
    Arrays.fill(bytes, end, bytes.length, (byte) 0);
    assertFlaw(Place.UNFINISHED, 8, bytes);
  }

  @Test
  void read_bytesBehindTheLastBatch_isDamage() throws IOException {
    byte[] bytes = file(3, 2_000);
    bytes[bytes.length - 1] = 1;
    Contents contents = read(bytes);
    assertEquals(9, contents.last());
    JournalFile.Flaw flaw = contents.flaw();
    assertNotNull(flaw);
    assertEquals(Place.TORN, flaw.place(), "or the end of a batch whose beginning is missing");
  }

  @Test
  void read_headerIsWrong_isDamageIfThereIsAnythingBehind() throws IOException {
    byte[] bytes = file(1, 0);
    bytes[20] ^= 1;
    JournalFile.Flaw flaw = read(bytes).flaw();
    assertNotNull(flaw);
    assertEquals(Place.WITHIN, flaw.place());
    flaw = read(new byte[4_000]).flaw();
    assertNotNull(flaw);
    assertEquals(Place.UNFINISHED, flaw.place());
  }

  @Test
  void read_laterFormat_isNoDamage() {
    byte[] bytes = file(1, 0);
    bytes[7] = '2';
    assertThrows(IOException.class, () -> read(bytes));
  }

  /** A client may publish a piece of a journal, but never knows the salt of the file. */
  @Test
  void read_batchOfAnotherFileBehindTheTornOne_doesNotCount() throws IOException {
    byte[] bytes = file(3, 3_000);
    int last = HEADER + 2 * BATCH;
    Arrays.fill(bytes, last, last + 512, (byte) 0);
    System.arraycopy(batch(SALT + 1, 99, 1).array(), 0, bytes, last + 512, BATCH);
    assertFlaw(Place.TORN, 8, bytes);
  }

  @Test
  void readWhatIsGood_damageBetween_hasTheOthers() throws IOException {
    byte[] bytes = file(3, 2_000);
    bytes[HEADER + BATCH + 600] ^= 1;
    Path file = Files.write(folder.resolve("journal-3"), bytes);
    JournalFile journal = JournalFile.of(file);
    assertNotNull(journal);
    journal.readWhatIsGood(JournalFile.NO_LIMIT, record -> indexes.add(record.index()));
    assertEquals(List.of(101L, 103L), indexes);
  }
}
