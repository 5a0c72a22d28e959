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
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a store: locked against a second process, with the id under which shards are placed
 * on this store, and the shard map by which they were. So what lies here can be told from the data
 * of another cluster, and is found again when nobody else remembers the map.
 */
public final class DataFolder implements AutoCloseable {
  private static final String NODE_ID = "node-id";
  private static final String SHARD_MAP = "shard-map.json";
  private static final String SHARDS = "shards";

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
   * Creates the folder if it is not there, and locks it.
   *
   * @throws DataFolderException with one line that says what is wrong
   */
  public static DataFolder open(Path path) throws DataFolderException {
    FileChannel lockFile = null;
    try {
      LastingFiles.createFolders(path);
      if (!Files.isWritable(path) || !Files.isReadable(path)) {
        throw new DataFolderException("data folder " + path + " cannot be read and written");
      }
      lockFile =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(lockFile)) {
        throw new DataFolderException("data folder " + path + " is in use by another process");
      }
      DataFolder folder =
          new DataFolder(path, lockFile, nodeId(path.resolve(NODE_ID)), shardMap(path));
      lockFile = null;
      return folder;
    } catch (IOException e) {
      throw new DataFolderException("data folder " + path + " cannot be used: " + e);
    } finally {
      closeQuietly(lockFile);
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
      LastingFiles.write(path.resolve(SHARD_MAP), ShardMapJson.write(map) + "\n");
      shardMap = map;
    }
  }

  private static @Nullable ShardMap shardMap(Path folder) throws IOException {
    Path file = folder.resolve(SHARD_MAP);
    return Files.exists(file) ? ShardMapJson.read(Files.readString(file)) : null;
  }

  private static boolean lock(FileChannel lockFile) throws IOException {
    try {
      FileLock lock = lockFile.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String nodeId(Path file) throws IOException {
    return Files.exists(file)
        ? Files.readString(file).strip()
        : "store-" + UUID.randomUUID().toString().substring(0, 13);
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
    LastingFiles.write(file, nodeId + "\n");
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
