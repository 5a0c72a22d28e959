package io.vmqtt.store.storage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** The tables of a shard, opened without changing anything. */
final class ReadOnlyTables implements AutoCloseable {
  private final Path folder;
  private final DBOptions options;
  private final ColumnFamilyOptions familyOptions;
  private final RocksDB db;
  private final List<ColumnFamilyHandle> handles;
  private final Map<String, ColumnFamilyHandle> families = new HashMap<>();

  private ReadOnlyTables(
      Path folder,
      DBOptions options,
      ColumnFamilyOptions familyOptions,
      RocksDB db,
      List<ColumnFamilyHandle> handles)
      throws RocksDBException {
    this.folder = folder;
    this.options = options;
    this.familyOptions = familyOptions;
    this.db = db;
    this.handles = handles;
    for (ColumnFamilyHandle handle : handles) {
      families.put(new String(handle.getName(), StandardCharsets.UTF_8), handle);
    }
  }

  static ReadOnlyTables open(Path folder) throws RocksDBException {
    return open(folder, true);
  }

  /**
   * Opens them.
   *
   * @param strict whether a table that is not as it is listed keeps the others from being read
   */
  static ReadOnlyTables open(Path folder, boolean strict) throws RocksDBException {
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    // One for all: a descriptor without would make one of its own, which nobody closes.
    ColumnFamilyOptions familyOptions = new ColumnFamilyOptions();
    try (Options options = new Options()) {
      for (byte[] family : RocksDB.listColumnFamilies(options, folder.toString())) {
        descriptors.add(new ColumnFamilyDescriptor(family, familyOptions));
      }
    } catch (RocksDBException e) {
      familyOptions.close();
      throw e;
    }
    if (descriptors.isEmpty()) { // it says so where the list cannot be read
      descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions));
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    DBOptions options =
        new DBOptions().setMaxOpenFiles(StorageFiles.tablesPerShard()).setParanoidChecks(strict);
    try {
      RocksDB db = RocksDB.openReadOnly(options, folder.toString(), descriptors, handles);
      return new ReadOnlyTables(folder, options, familyOptions, db, handles);
    } catch (RocksDBException e) {
      options.close();
      familyOptions.close();
      throw e;
    }
  }

  Path folder() {
    return folder;
  }

  List<LiveFileMetaData> files() {
    return db.getLiveFilesMetaData();
  }

  /** Null where there is none: new tables that were killed lack some, and those are empty. */
  private @Nullable ColumnFamilyHandle family(Table table) {
    return families.get(table.familyName());
  }

  @SuppressWarnings("NullAway") // RocksDB's own word for "not there"
  byte @Nullable [] get(Table table, byte[] key) throws RocksDBException {
    ColumnFamilyHandle family = family(table);
    return family == null ? null : db.get(family, key);
  }

  @Nullable RocksIterator iterator(Table table) {
    ColumnFamilyHandle family = family(table);
    return family == null ? null : db.newIterator(family);
  }

  @Override
  public void close() {
    handles.forEach(ColumnFamilyHandle::close);
    db.close();
    options.close();
    familyOptions.close();
  }
}
