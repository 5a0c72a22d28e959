package io.vmqtt.store.storage;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vmqtt.proto.storage.v1.Applied;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.Status;

/** Looks at the tables of a shard that nobody has open; changes nothing. */
public final class TablesCheck {
  private static final String CURRENT = "CURRENT";
  private static final String MANIFEST = "MANIFEST-";
  private static final String SORTED_TABLE = ".sst";
  private static final String MISSING = "is missing";

  /** What RocksDB says of files that a later version has written. */
  private static final Pattern LATER =
      Pattern.compile("(?i)unknown (tag|footer|format)|unsupported|not supported");

  private TablesCheck() {}

  /** How much is read. */
  public enum Depth {
    /**
     * The list of tables, and whether each is there with its size. RocksDB compares the checksum of
     * each block when it is asked for, and gives nothing out that does not have it.
     */
    LIST,
    /** Every block of every table, too. */
    EVERYTHING
  }

  /**
   * What was found.
   *
   * @param applied the last entry of the log that is in the tables; 0: none; -1: nobody knows
   * @param files how many tables there are
   * @param damages what is wrong
   */
  public record Found(long applied, int files, List<Damage> damages) {
    /** Whether files that are not there are all that is wrong. */
    public boolean lacksFiles() {
      return !damages.isEmpty()
          && damages.stream().allMatch(damage -> damage.how().startsWith(MISSING));
    }

    private static Found damaged(Path file, String how) {
      return new Found(-1, 0, List.of(new Damage(file, how)));
    }
  }

  /**
   * Looks at a folder of tables; one that is not there, or empty, holds none.
   *
   * @throws IOException if it cannot be looked at, or is of a later version
   */
  public static Found of(Path folder, Depth depth) throws IOException {
    List<String> names = names(folder);
    if (!names.contains(CURRENT)) {
      // New ones that were killed have a list that nobody names yet, but no table.
      return hasTablesWithoutList(folder)
          ? Found.damaged(folder.resolve(CURRENT), MISSING + ", though there are tables")
          : new Found(0, 0, List.of());
    }
    String manifest =
        new String(Files.readAllBytes(folder.resolve(CURRENT)), StandardCharsets.UTF_8);
    if (!manifest.startsWith(MANIFEST) || !manifest.endsWith("\n")) {
      return Found.damaged(folder.resolve(CURRENT), "does not name the list of tables");
    }
    if (!names.contains(manifest.strip())) {
      return Found.damaged(folder.resolve(manifest.strip()), MISSING);
    }
    try (ReadOnlyTables tables = ReadOnlyTables.open(folder)) {
      return look(tables, depth);
    } catch (RocksDBException e) {
      return Found.damaged(folder, damage(folder, e));
    }
  }

  /** Whether tables would be lost if RocksDB began anew here. */
  static boolean hasTablesWithoutList(Path folder) throws IOException {
    List<String> names = names(folder);
    return !names.contains(CURRENT) && names.stream().anyMatch(name -> name.endsWith(SORTED_TABLE));
  }

  private static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static Found look(ReadOnlyTables tables, Depth depth)
      throws RocksDBException, IOException {
    List<Damage> damages = new ArrayList<>();
    List<LiveFileMetaData> files = tables.files();
    for (LiveFileMetaData meta : files) {
      Path file = Path.of(meta.path() + meta.fileName());
      if (!Files.exists(file)) {
        damages.add(new Damage(file, MISSING));
      } else if (Files.size(file) != meta.size()) {
        damages.add(
            new Damage(file, "has " + Files.size(file) + " bytes instead of " + meta.size()));
      } else if (depth == Depth.EVERYTHING) {
        verify(file, damages);
      }
    }
    return new Found(damages.isEmpty() ? applied(tables, damages) : -1, files.size(), damages);
  }

  private static long applied(ReadOnlyTables tables, List<Damage> damages) throws IOException {
    try {
      byte @Nullable [] record = tables.get(Table.META, RocksStorage.APPLIED);
      return record == null ? 0 : Applied.parseFrom(record).getIndex();
    } catch (RocksDBException e) {
      damages.add(new Damage(tables.folder(), damage(tables.folder(), e)));
    } catch (InvalidProtocolBufferException e) {
      damages.add(new Damage(tables.folder(), "what of the log is in there cannot be read"));
    }
    return -1;
  }

  /** Whether RocksDB said of some file that it is not as it was written. */
  public static boolean isCorruption(@Nullable Throwable problem) {
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof RocksDBException said) {
        Status status = said.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption;
      }
    }
    return false;
  }

  /** What is wrong with one file of tables, every block of it. */
  public static List<Damage> ofTable(Path table) throws IOException {
    List<Damage> damages = new ArrayList<>();
    verify(table, damages);
    return damages;
  }

  /** Compares the checksum of every block of a table. */
  private static void verify(Path table, List<Damage> damages) throws IOException {
    try (Options options = new Options();
        SstFileReader reader = new SstFileReader(options)) {
      reader.open(table.toString());
      reader.verifyChecksum();
    } catch (RocksDBException e) {
      damages.add(new Damage(table, damage(table, e)));
    }
  }

  /**
   * What is wrong with a file.
   *
   * @throws IOException if it is that the file cannot be read here, or not by this version
   */
  static String damage(Path file, RocksDBException problem) throws IOException {
    String message = String.valueOf(problem.getMessage());
    Status status = problem.getStatus();
    boolean isDamage =
        status == null
            || status.getCode() == Status.Code.Corruption
            || message.contains("No such file");
    if (!isDamage || LATER.matcher(message).find()) {
      throw new IOException(file + ": " + message, problem);
    }
    return message;
  }
}
