package io.vmqtt.store.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a store: locked against a second process, with the id under which shards are placed
 * on this store.
 */
public final class DataFolder implements AutoCloseable {
  private static final String NODE_ID = "node-id";

  private final Path path;
  private final FileChannel lockFile;
  private final String nodeId;

  private DataFolder(Path path, FileChannel lockFile, String nodeId) {
    this.path = path;
    this.lockFile = lockFile;
    this.nodeId = nodeId;
  }

  /**
   * Creates the folder if it is not there, and locks it.
   *
   * @throws DataFolderException with one line that says what is wrong
   */
  public static DataFolder open(Path path) throws DataFolderException {
    FileChannel lockFile = null;
    try {
      Files.createDirectories(path);
      if (!Files.isWritable(path) || !Files.isReadable(path)) {
        throw new DataFolderException("data folder " + path + " cannot be read and written");
      }
      lockFile =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(lockFile)) {
        throw new DataFolderException("data folder " + path + " is in use by another process");
      }
      DataFolder folder = new DataFolder(path, lockFile, nodeId(path.resolve(NODE_ID)));
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

  /** The store's id, for as long as the folder is there. */
  public String nodeId() {
    return nodeId;
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
    Path draft = file.resolveSibling("node-id.new");
    Files.writeString(
        draft,
        nodeId + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.SYNC);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
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
