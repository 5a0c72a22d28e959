package io.vmqtt.store.storage;

import io.vmqtt.cluster.machine.LastingFiles;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapJson;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a store: locked against a second process, with the id under which shards are placed
 * on this store, and the shard map by which they were. So what lies here can be told from the data
 * of another cluster, and is found again when nobody else remembers the map.
 */
public final class DataFolder implements AutoCloseable {
  /** Has the store's id. */
  public static final String NODE_ID = "node-id";

  /** Has the shard map. */
  public static final String SHARD_MAP = "shard-map.json";

  /** Has the tables of each shard. */
  public static final String SHARDS = "shards";

  /** Has the logs of all shards. */
  public static final String LOGS = "raft";

  /** Has RocksDB's library. */
  public static final String NATIVE = "native";

  private static final String LOCK = "lock";

  private static final Logger log = LoggerFactory.getLogger(DataFolder.class);
  private static final Pattern ID = Pattern.compile("store-[0-9a-f]{8}-[0-9a-f]{4}");

  private final Path path;
  private final FileChannel lockFile;
  private final String nodeId;
  private volatile @Nullable ShardMap shardMap;

  private DataFolder(Path path, FileChannel lockFile, String nodeId, @Nullable ShardMap shardMap) {
    this.path = path;
    this.lockFile = lockFile;
    this.nodeId = nodeId;
    this.shardMap = shardMap;
  }

  /**
   * Creates the folder if it is not there, locks it, and has somebody look at it. What a kill or a
   * power failure has left is mended; a folder that is damaged is refused.
   *
   * @throws DataFolderException with one line that says what is wrong
   */
  public static DataFolder open(Path path, Findings.Look look) throws DataFolderException {
    FileChannel lockFile = null;
    try {
      LastingFiles.createFolders(path);
      if (!Files.isWritable(path) || !Files.isReadable(path)) {
        throw new DataFolderException("data folder " + path + " cannot be read and written");
      }
      lockFile =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(lockFile)) {
        throw new DataFolderException("data folder " + path + " is in use by another process");
      }
      mend(path, look.at(path));
      Path id = path.resolve(NODE_ID);
      Path map = path.resolve(SHARD_MAP);
      DataFolder folder =
          new DataFolder(
              path,
              lockFile,
              Files.exists(id) ? nodeIdOf(SealedText.read(id)) : newNodeId(),
              Files.exists(map) ? shardMapOf(SealedText.read(map)) : null);
      lockFile = null;
      return folder;
    } catch (IOException e) {
      throw new DataFolderException("data folder " + path + " cannot be used: " + e);
    } finally {
      closeQuietly(lockFile);
    }
  }

  private static void mend(Path path, Findings found) throws IOException, DataFolderException {
    List<Damage> damages = found.damages();
    if (!damages.isEmpty()) {
      damages.forEach(damage -> log.debug("damaged: {}", damage));
      throw new DataFolderException(complaint(path, damages));
    }
    for (Mend mend : found.mends()) {
      log.info("{}: {}", mend.file(), mend.how());
      mend.make();
    }
  }

  /** What is wrong with a folder, in one line. */
  public static String complaint(Path path, List<Damage> damages) {
    return "data folder "
        + path
        + " is damaged: "
        + damages.getFirst()
        + (damages.size() > 1 ? " (and " + (damages.size() - 1) + " more)" : "")
        + "; 'vmqtt store check "
        + path
        + "' says all, docs/operations.md what can be done";
  }

  /**
   * Sees to it that nobody uses a folder while it is looked at, and changes nothing.
   *
   * @throws DataFolderException if there is none, or a process uses it
   */
  public static AutoCloseable reserve(Path path) throws DataFolderException {
    Path file = path.resolve(LOCK);
    if (!Files.isDirectory(path)) {
      throw new DataFolderException("there is no folder " + path);
    }
    if (!Files.exists(file)) {
      return () -> {};
    }
    FileChannel lockFile = null;
    try {
      lockFile = FileChannel.open(file, StandardOpenOption.READ);
      FileLock shared = sharedLock(lockFile);
      if (shared == null) {
        throw new DataFolderException(
            "data folder " + path + " is in use: stop the process that uses it first");
      }
      AutoCloseable reserved = lockFile;
      lockFile = null;
      return reserved;
    } catch (IOException e) {
      throw new DataFolderException("data folder " + path + " cannot be read: " + e);
    } finally {
      closeQuietly(lockFile);
    }
  }

  private static @Nullable FileLock sharedLock(FileChannel file) throws IOException {
    try {
      return file.tryLock(0, Long.MAX_VALUE, true);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  public Path path() {
    return path;
  }

  /** Where the tables of shards lie, each in the folder of its number. */
  public Path shards() {
    return path.resolve(SHARDS);
  }

  /** Whether there are tables of any shard. */
  public boolean hasShards() {
    try (Stream<Path> tables = Files.exists(shards()) ? Files.list(shards()) : Stream.empty()) {
      return tables.findAny().isPresent();
    } catch (IOException e) {
      throw new StorageException("cannot see which shards are in " + shards(), e);
    }
  }

  /** The store's id, for as long as the folder is there. */
  public String nodeId() {
    return nodeId;
  }

  /** The latest shard map that was kept here; null where none ever was. */
  public @Nullable ShardMap shardMap() {
    return shardMap;
  }

  /** Keeps a shard map: when this returns, it is on the disk. */
  public void keep(ShardMap map) throws IOException {
    if (!map.equals(shardMap)) {
      SealedText.write(path.resolve(SHARD_MAP), ShardMapJson.write(map));
      shardMap = map;
    }
  }

  private static boolean lock(FileChannel lockFile) throws IOException {
    try {
      FileLock lock = lockFile.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /**
   * The shard map that a text stands for.
   *
   * @throws IOException if it is none, or of a later format
   */
  public static ShardMap shardMapOf(String text) throws IOException {
    return ShardMapJson.read(text);
  }

  /**
   * The id of a store that a text is.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static String nodeIdOf(String text) {
    String id = text.strip();
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("it is not the id of a store");
    }
    return id;
  }

  private static String newNodeId() {
    return "store-" + UUID.randomUUID().toString().substring(0, 13);
  }

  /**
   * Makes the id of a new folder last. Until then a start that fails leaves the folder new; nobody
   * else may hear of the id before.
   */
  public void keepNodeId() throws IOException {
    Path file = path.resolve(NODE_ID);
    if (Files.exists(file)) {
      return;
    }
    SealedText.write(file, nodeId);
  }

  private static void closeQuietly(@Nullable FileChannel file) throws DataFolderException {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw new DataFolderException("cannot unlock: " + e);
    }
  }

  /** Unlocks it. */
  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
