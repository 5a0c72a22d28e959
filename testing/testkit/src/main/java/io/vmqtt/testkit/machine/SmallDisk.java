package io.vmqtt.testkit.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A disk that can be filled up without harm to anything else: a file system in memory. */
public final class SmallDisk implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SmallDisk.class);

  private final Path folder;
  private final Path ballast;

  private SmallDisk(Path folder) {
    this.folder = folder;
    this.ballast = folder.resolve("ballast");
  }

  /**
   * Puts one at a folder that does not exist.
   *
   * @return nothing where that cannot be: it takes Linux and root
   */
  public static Optional<SmallDisk> at(Path folder, long bytes) {
    try {
      Files.createDirectory(folder);
      Command.run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "vmqtt-test", folder.toString());
      return Optional.of(new SmallDisk(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Command.FailedException e) {
      log.warn("no small disk here, it takes root: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Fills it but for so many bytes. */
  public void fill(long leavingBytes) {
    try {
      FileStore disk = Files.getFileStore(folder);
      long bytes = Math.max(0, disk.getUsableSpace() - leavingBytes);
      Command.run("fallocate", "--length", Long.toString(bytes), ballast.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The end of {@link #fill}. */
  public void makeRoom() {
    try {
      Files.deleteIfExists(ballast);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Command.run("umount", folder.toString());
  }
}
