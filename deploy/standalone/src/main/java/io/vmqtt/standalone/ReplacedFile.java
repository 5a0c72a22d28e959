package io.vmqtt.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;

/** A file that a command writes and a broker reads: it is replaced whole. */
final class ReplacedFile {
  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rw-------");

  private ReplacedFile() {}

  /** Reads a file, and writes it. */
  @FunctionalInterface
  interface Change<T> {
    T make() throws IOException;
  }

  /**
   * Makes a change while nobody else makes one: of two at once, the second reads what the first has
   * written. What is locked is a file beside it that is there for so long, since the file itself is
   * another one afterwards.
   */
  static <T> T alone(Path file, Change<T> change) throws IOException {
    Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path lock = real.resolveSibling(real.getFileName() + ".lock");
    synchronized (ReplacedFile.class) { // a lock of a file is one of the whole process
      while (true) {
        try (FileChannel channel =
                FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock _ = channel.lock()) {
          if (isAt(lock, channel)) {
            try {
              return change.make();
            } finally {
              Files.deleteIfExists(lock);
            }
          }
        }
      }
    }
  }

  /**
   * Whether the file that has been locked is still the one there: who was before has deleted it.
   */
  private static boolean isAt(Path lock, FileChannel channel) throws IOException {
    byte[] mark = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    channel.truncate(0).write(ByteBuffer.wrap(mark));
    try {
      return Arrays.equals(mark, Files.readAllBytes(lock));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Whoever reads it sees the whole file or the one before, and nobody sees it who could not. */
  static void write(Path file, String text) throws IOException {
    Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    boolean posix = Files.getFileStore(real.getParent()).supportsFileAttributeView("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ALONE)}
            : new FileAttribute<?>[0];
    Path next = Files.createTempFile(real.getParent(), real.getFileName() + ".", "", attributes);
    try {
      Files.writeString(next, text);
      if (posix && Files.exists(real)) {
        keepRights(real, next);
      }
      Files.move(next, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  /** Whoever could read it still can; else nothing changes. */
  private static void keepRights(Path from, Path to) throws IOException {
    PosixFileAttributes rights = Files.readAttributes(from, PosixFileAttributes.class);
    PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    try {
      if (!rights.owner().equals(view.readAttributes().owner())) {
        view.setOwner(rights.owner());
      }
      if (!rights.group().equals(view.readAttributes().group())) {
        view.setGroup(rights.group());
      }
    } catch (FileSystemException e) {
      throw new IOException(
          from
              + ": its owner and group cannot be kept, so it stays as it is: run this as "
              + rights.owner().getName(),
          e);
    }
    view.setPermissions(rights.permissions());
  }
}
