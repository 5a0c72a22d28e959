package io.vmqtt.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

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
        Optional<String> before = identity(lock);
        try (FileChannel channel = open(lock);
            FileLock _ = channel.lock()) {
          if (before.isPresent() && before.equals(identity(lock))) {
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
   * Which file is there, if any: one that was there before it was opened, and is after it was
   * locked, is the one that has been locked. Else somebody has deleted it meanwhile. It is not
   * opened once more: to close it would end the lock.
   */
  private static Optional<String> identity(Path lock) throws IOException {
    try {
      return Optional.of(
          String.valueOf(
              Files.readAttributes(lock, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                  .fileKey()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Nothing that is there changes, and no link leads elsewhere. */
  private static FileChannel open(Path lock) throws IOException {
    try {
      return FileChannel.open(
          lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw new IOException(
          lock
              + ": cannot be locked: it or its folder is somebody else's, or it is a link; delete"
              + " it if nobody else makes a change",
          e);
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
      if (Files.exists(real)) {
        keepRights(real, next);
      }
      Files.move(next, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  /**
   * Whoever can read the one can read the other: its owner, group and rights.
   *
   * @throws IOException if whoever runs this may not give them; the message says who may
   */
  static void keepRights(Path from, Path to) throws IOException {
    if (!Files.getFileStore(to).supportsFileAttributeView("posix")) {
      return;
    }
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
