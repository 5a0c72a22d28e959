package io.vmqtt.store.storage;

import io.vmqtt.proto.storage.v1.Applied;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/**
 * Looks at the tables of a shard that nobody has open; changes nothing. The bodies of messages and
 * what is retained are not read, for there may be much of them: RocksDB compares the checksum of
 * each block when it is asked for, and gives nothing out that does not have it.
 */
public final class TablesCheck {
  private static final String CURRENT = "CURRENT";
  private static final String MANIFEST = "MANIFEST-";
  private static final String SORTED_TABLE = ".sst";

  /** Read when somebody wants a message, not when a shard is opened. */
  private static final Set<String> READ_LATER =
      Set.of(Table.BODIES.familyName(), Table.RETAINED.familyName());

  private TablesCheck() {}

  /**
   * What was found.
   *
   * @param applied the last entry of the log that is in the tables; 0: none, or nobody knows
   * @param damages what is wrong
   */
  public record Found(long applied, List<Damage> damages) {
    private static Found damaged(Path file, String how) {
      return new Found(0, List.of(new Damage(file, how)));
    }
  }

  /** Looks at a folder of tables; one that is not there, or empty, holds none. */
  public static Found of(Path folder) throws IOException {
    List<String> names = names(folder);
    if (names.stream().noneMatch(TablesCheck::isOfTables)) {
      return new Found(0, List.of());
    }
    // Without this file RocksDB would begin anew, and delete what is there.
    if (!names.contains(CURRENT)) {
      return Found.damaged(folder.resolve(CURRENT), "is missing, though there are tables");
    }
    String manifest =
        new String(Files.readAllBytes(folder.resolve(CURRENT)), StandardCharsets.UTF_8);
    if (!manifest.startsWith(MANIFEST) || !manifest.endsWith("\n")) {
      return Found.damaged(folder.resolve(CURRENT), "does not name the list of tables");
    }
    if (!names.contains(manifest.strip())) {
      return Found.damaged(folder.resolve(manifest.strip()), "is missing");
    }
    try {
      return open(folder);
    } catch (RocksDBException | IllegalArgumentException e) { // of the binding: an odd status
      return Found.damaged(folder, String.valueOf(e.getMessage()));
    }
  }

  /** Whether tables would be lost if RocksDB began anew here. */
  static boolean hasTablesWithoutList(Path folder) throws IOException {
    List<String> names = names(folder);
    return !names.contains(CURRENT) && names.stream().anyMatch(TablesCheck::isOfTables);
  }

  private static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static boolean isOfTables(String name) {
    return name.endsWith(SORTED_TABLE) || name.startsWith(MANIFEST) || name.equals(CURRENT);
  }

  private static Found open(Path folder) throws RocksDBException, IOException {
    List<ColumnFamilyDescriptor> families = new ArrayList<>();
    try (Options options = new Options()) {
      for (byte[] family : RocksDB.listColumnFamilies(options, folder.toString())) {
        families.add(new ColumnFamilyDescriptor(family));
      }
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (DBOptions options = new DBOptions().setMaxOpenFiles(StorageFiles.tablesPerShard());
        RocksDB db = RocksDB.openReadOnly(options, folder.toString(), families, handles)) {
      List<Damage> damages = new ArrayList<>();
      for (LiveFileMetaData file : db.getLiveFilesMetaData()) {
        String family = new String(file.columnFamilyName(), StandardCharsets.UTF_8);
        if (!READ_LATER.contains(family)) {
          check(Path.of(file.path() + file.fileName()), damages);
        }
      }
      long applied = damages.isEmpty() ? applied(db.get(RocksStorage.APPLIED)) : 0;
      handles.forEach(ColumnFamilyHandle::close);
      return new Found(applied, damages);
    }
  }

  private static long applied(byte @Nullable [] record) throws IOException {
    return record == null ? 0 : Applied.parseFrom(record).getIndex();
  }

  private static void check(Path table, List<Damage> damages) {
    try {
      verify(table);
    } catch (RocksDBException e) {
      damages.add(new Damage(table, String.valueOf(e.getMessage())));
    }
  }

  /** Compares the checksum of every block of a table. */
  static void verify(Path table) throws RocksDBException {
    try (Options options = new Options();
        SstFileReader reader = new SstFileReader(options)) {
      reader.open(table.toString());
      reader.verifyChecksum();
    }
  }
}
