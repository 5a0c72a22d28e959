package io.vmqtt.store.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RocksDB's native library, in a place of its own. Left to itself, RocksDB unpacks it anew at each
 * start into the folder for temporary files, under another name each time, and a process that is
 * killed leaves its 17 MB there.
 */
public final class NativeLibrary {
  private static final Logger log = LoggerFactory.getLogger(NativeLibrary.class);

  private NativeLibrary() {}

  /**
   * Unpacks it into a folder that no other process uses, in place of what is there, and loads it,
   * once per process. Where that cannot be, it is a temporary file.
   */
  public static void load(Path folder) {
    try {
      Files.createDirectories(folder);
      NativeLibraryLoader.getInstance().loadLibrary(folder.toAbsolutePath().toString());
    } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
      log.warn("cannot load RocksDB's library from {}: it is unpacked elsewhere", folder, e);
    }
    RocksDB.loadLibrary();
  }
}
