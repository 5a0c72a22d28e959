package io.vmqtt.store.storage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;

/** One file of tables by itself: what was deleted by a later one is still in it. */
final class SortedTable implements AutoCloseable {
  private final Options options = new Options();
  private final ReadOptions reading = new ReadOptions();
  private final SstFileReader reader = new SstFileReader(options);
  private final String family;

  /** Opens it. */
  SortedTable(Path file) throws RocksDBException {
    try {
      reader.open(file.toString());
      family =
          new String(reader.getTableProperties().getColumnFamilyName(), StandardCharsets.UTF_8);
    } catch (RocksDBException e) {
      close();
      throw e;
    }
  }

  boolean isOf(Table table) {
    return table.familyName().equals(family);
  }

  SstFileReaderIterator iterator() {
    return reader.newIterator(reading);
  }

  @Override
  public void close() {
    reader.close();
    reading.close();
    options.close();
  }
}
