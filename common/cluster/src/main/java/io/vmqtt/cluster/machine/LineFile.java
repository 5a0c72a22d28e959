package io.vmqtt.cluster.machine;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that grows by lines. It is renamed when it is full, and of those renamed a few are kept.
 * One thread writes; where it does not keep up, lines are dropped and counted. Safe from any
 * thread.
 */
public final class LineFile implements AutoCloseable {
  private static final int MOST_WAITING = 10_000;
  private static final long CLOSE_SECONDS = 5;

  private static final Logger log = LoggerFactory.getLogger(LineFile.class);

  private final String name;
  private final AtomicBoolean troubleLogged = new AtomicBoolean();
  private final LoggerContext context = new LoggerContext();
  private final RollingFileAppender<byte[]> appender = new RollingFileAppender<>();
  private final LongAdder dropped = new LongAdder();
  private final ThreadPoolExecutor writer;

  /**
   * Opens the file, and makes it if it is not there.
   *
   * @param name of it, for the log, and of the thread that writes
   * @param maxBytes at which it is renamed
   * @param kept how many of those renamed are kept
   * @throws IOException if it cannot be written; the message names it
   */
  public LineFile(String name, Path file, long maxBytes, int kept) throws IOException {
    this.name = name;
    this.writer =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().name(name).daemon().factory(),
            (line, full) -> dropped.increment());
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException(file + ": there is no folder " + folder);
    }
    context.getStatusManager().add(this::troubled);
    appender.setContext(context);
    appender.setName(name);
    appender.setFile(absolute.toString());
    appender.setEncoder(new Lines());
    FixedWindowRollingPolicy renaming = new FixedWindowRollingPolicy();
    renaming.setContext(context);
    renaming.setParent(appender);
    renaming.setFileNamePattern(absolute + ".%i");
    renaming.setMinIndex(1);
    renaming.setMaxIndex(kept);
    renaming.start();
    SizeBasedTriggeringPolicy<byte[]> full = new SizeBasedTriggeringPolicy<>();
    full.setContext(context);
    full.setMaxFileSize(new FileSize(maxBytes));
    full.setCheckIncrement(Duration.buildByMilliseconds(0));
    full.start();
    appender.setRollingPolicy(renaming);
    appender.setTriggeringPolicy(full);
    appender.start();
    if (!appender.isStarted() || !Files.isWritable(absolute)) {
      close();
      throw new IOException(file + ": cannot be written");
    }
  }

  /** Each line as it is. */
  private static final class Lines extends EncoderBase<byte[]> {
    @Override
    public byte[] headerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] encode(byte[] line) {
      return line;
    }

    @Override
    public byte[] footerBytes() {
      return new byte[0];
    }
  }

  /** A disk that is full, say: once in the log, and each time in the count. */
  private void troubled(Status status) {
    if (status.getLevel() >= Status.WARN) {
      dropped.increment();
      if (!troubleLogged.getAndSet(true)) {
        log.warn(
            "the {} file is not written: {}", name, status.getMessage(), status.getThrowable());
      }
    }
  }

  /** How many lines were dropped because they came faster than the disk takes them. */
  public long dropped() {
    return dropped.sum();
  }

  /**
   * Writes a line behind those before.
   *
   * @param line with its end; made by the thread that writes
   */
  public void write(Supplier<byte[]> line) {
    writer.execute(() -> appender.doAppend(line.get()));
  }

  /** What waits is written before. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    appender.stop();
    context.stop();
  }
}
