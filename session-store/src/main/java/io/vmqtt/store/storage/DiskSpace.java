package io.vmqtt.store.storage;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the room on the disk, so that messages are refused while there is still enough of it for
 * what makes room: acknowledgements, and the cutting of logs. Low, it has routers refuse them, who
 * have given them to nobody then; what is on its way is taken until it is full.
 */
public final class DiskSpace {
  private static final Logger log = LoggerFactory.getLogger(DiskSpace.class);

  private final FileStore disk;
  private final long minFreeBytes;
  private volatile long totalBytes;
  private volatile long freeBytes;
  private volatile boolean low;

  /**
   * Looks for the first time.
   *
   * @param minFreeBytes with less than this it is low
   * @throws IOException if the disk of the folder cannot be asked
   */
  public DiskSpace(Path folder, long minFreeBytes) throws IOException {
    this.disk = Files.getFileStore(folder);
    this.minFreeBytes = minFreeBytes;
    check();
  }

  /** Looks again. */
  public void check() {
    try {
      totalBytes = disk.getTotalSpace();
      freeBytes = disk.getUsableSpace();
    } catch (IOException e) {
      log.warn("cannot ask for the free space of {}", disk, e);
      return;
    }
    boolean lowNow = freeBytes < minFreeBytes;
    if (lowNow && !low) {
      log.error(
          "the disk {} has {} bytes left, less than {}: messages are refused until it has more",
          disk,
          freeBytes,
          minFreeBytes);
    } else if (low && !lowNow) {
      log.info("the disk {} has {} bytes left: messages are taken again", disk, freeBytes);
    }
    low = lowNow;
  }

  /** With less than this it is low. */
  public long minFreeBytes() {
    return minFreeBytes;
  }

  /** Whether there was too little when it last looked. */
  public boolean isLow() {
    return low;
  }

  /** Whether there was less than half of that. */
  public boolean isFull() {
    return freeBytes < minFreeBytes / 2;
  }

  /** Bytes: of the disk, of those what is free, and with less than what it is low. */
  public Map<String, Long> figures() {
    return Map.of("totalBytes", totalBytes, "freeBytes", freeBytes, "minFreeBytes", minFreeBytes);
  }

  /** What there was when it last looked. */
  public long freeBytes() {
    return freeBytes;
  }
}
