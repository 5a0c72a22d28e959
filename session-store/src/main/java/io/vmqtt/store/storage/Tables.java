package io.vmqtt.store.storage;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** The column families of one shard in one RocksDB, opened. */
final class Tables implements AutoCloseable {
  private static final int KEPT_INFO_LOGS = 2;
  private static final long INFO_LOG_BYTES = 1 << 20;
  private static final long FAMILY_WRITE_BUFFER_BYTES = 32 << 20;
  private static final double BLOOM_BITS_PER_KEY = 10;

  private final Path folder;
  private final RocksDB db;
  private final DBOptions dbOptions;
  private final ColumnFamilyOptions familyOptions;
  private final BloomFilter bloom;
  private final Map<Table, ColumnFamilyHandle> families = new EnumMap<>(Table.class);
  private final List<ColumnFamilyHandle> handles;

  /** The Raft log is the write-ahead log: RocksDB needs none of its own. */
  private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);

  private Tables(Path folder, StorageMemory memory) throws RocksDBException {
    this.folder = folder;
    bloom = new BloomFilter(BLOOM_BITS_PER_KEY);
    familyOptions =
        new ColumnFamilyOptions()
            .setWriteBufferSize(FAMILY_WRITE_BUFFER_BYTES)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(memory.blocks())
                    .setCacheIndexAndFilterBlocks(true)
                    .setFilterPolicy(bloom));
    dbOptions =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setAtomicFlush(true)
            .setWriteBufferManager(memory.buffers())
            .setMaxBackgroundJobs(2)
            .setMaxOpenFiles(StorageFiles.tablesPerShard())
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setKeepLogFileNum(KEPT_INFO_LOGS)
            .setMaxLogFileSize(INFO_LOG_BYTES);
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (Table table : Table.values()) {
      descriptors.add(
          new ColumnFamilyDescriptor(
              table.familyName().getBytes(StandardCharsets.UTF_8), familyOptions));
    }
    handles = new ArrayList<>(descriptors.size());
    db = RocksDB.open(dbOptions, folder.toString(), descriptors, handles);
    Iterator<ColumnFamilyHandle> handle = handles.iterator();
    for (Table table : Table.values()) {
      families.put(table, handle.next());
    }
  }

  static Tables open(Path folder, StorageMemory memory) {
    try {
      LastingFiles.createFolders(folder);
      if (TablesCheck.hasTablesWithoutList(folder)) {
        throw new IOException("it has tables, but no list of them");
      }
      return new Tables(folder, memory);
    } catch (IOException | RocksDBException e) {
      throw new StorageException("cannot open " + folder + ": " + e.getMessage(), e);
    }
  }

  Path folder() {
    return folder;
  }

  /** Those that could not be exchanged are closed: RocksDB itself would not notice. */
  void requireOpen() {
    if (!db.isOwningHandle()) {
      throw new StorageException("the tables in " + folder + " are closed");
    }
  }

  ColumnFamilyHandle family(Table table) {
    ColumnFamilyHandle family = families.get(table);
    if (family == null) {
      throw new IllegalStateException("no table " + table);
    }
    return family;
  }

  @SuppressWarnings("NullAway") // RocksDB's own word for "not there"
  byte @Nullable [] get(Table table, byte[] key) {
    try {
      return db.get(family(table), key);
    } catch (RocksDBException e) {
      throw new StorageException("cannot read from " + folder, e);
    }
  }

  RocksIterator iterator(Table table) {
    return db.newIterator(family(table));
  }

  void write(WriteBatch batch) throws RocksDBException {
    db.write(writeOptions, batch);
  }

  /** The tables on the disk: they are whole, and never written again. */
  List<Path> files() {
    return db.getLiveFilesMetaData().stream()
        .map(meta -> Path.of(meta.path() + meta.fileName()))
        .toList();
  }

  void flush() {
    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
      db.flush(options, handles);
    } catch (RocksDBException e) {
      throw new StorageException("cannot flush " + folder, e);
    }
  }

  /** Flushes, and makes a folder that has the tables as they are, mostly by hard links. */
  void checkpoint(Path target) {
    try (Checkpoint checkpoint = Checkpoint.create(db)) {
      checkpoint.createCheckpoint(target.toString());
    } catch (RocksDBException e) {
      throw new StorageException("cannot make a checkpoint of " + folder + " at " + target, e);
    }
  }

  @Override
  public void close() {
    handles.forEach(ColumnFamilyHandle::close);
    db.close();
    writeOptions.close();
    dbOptions.close();
    familyOptions.close();
    bloom.close();
  }
}
