package io.vmqtt.cluster.machine;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that are read again when they have changed. Their content is compared, which also sees what
 * is mounted, linked or moved into place; so they are small. Other content counts when two looks in
 * a row have seen the same: it might be half written. One thread looks at all of them.
 */
public final class FileWatches implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileWatches.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final int MOST_BYTES = 64 << 20;

  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("files").daemon().factory());

  /** That a file is looked at. */
  @FunctionalInterface
  public interface Watch extends AutoCloseable {
    /** Nobody wants to know any more. */
    @Override
    void close();
  }

  private static final class Watched {
    final Path file;
    final Consumer<byte[]> reader;
    byte[] last;
    byte[] taken;
    @Nullable String complaint;

    Watched(Path file, Consumer<byte[]> reader, byte[] last) {
      this.file = file;
      this.reader = reader;
      this.last = last;
      this.taken = last;
    }

    void look() {
      try {
        byte[] now = read(file);
        boolean settled = Arrays.equals(now, last);
        last = now;
        if (settled && !Arrays.equals(now, taken)) {
          taken = now;
          reader.accept(now);
          log.info("{} was read again", file);
        }
        complaint = null;
      } catch (IOException | RuntimeException e) {
        String reason = reason(e);
        if (!reason.equals(complaint)) {
          complaint = reason;
          log.warn("{}: {}; what it had before holds", file, reason);
        }
      }
    }
  }

  /**
   * Reads a file, now and whenever it has other content. What cannot be read later, or what {@code
   * reader} does not take, is complained of once, and nothing changes.
   *
   * @param reader takes the content, at first on this thread; an {@link IllegalArgumentException}
   *     says what is wrong with it
   * @throws IOException if it cannot be read now, or is not taken; the message names the file
   */
  public Watch watch(Path file, Consumer<byte[]> reader) throws IOException {
    byte[] first;
    try {
      first = read(file);
      reader.accept(first);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(file + ": " + reason(e), e);
    }
    Watched watched = new Watched(file, reader, first);
    ScheduledFuture<?> look =
        looks.scheduleWithFixedDelay(
            watched::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return () -> look.cancel(false);
  }

  private static byte[] read(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("larger than " + (MOST_BYTES >> 20) + " MiB");
    }
    return Files.readAllBytes(file);
  }

  private static String reason(Exception e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "it may not be read";
      default -> String.valueOf(e.getMessage());
    };
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
