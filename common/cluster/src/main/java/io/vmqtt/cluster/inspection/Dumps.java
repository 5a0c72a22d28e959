package io.vmqtt.cluster.inspection;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.vmqtt.cluster.operation.Download;
import io.vmqtt.cluster.operation.DownloadTurns;
import io.vmqtt.cluster.operation.Nothing;
import io.vmqtt.cluster.operation.OperationRefusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.ParseException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/**
 * Writes what is inside of this process to a temporary file, which others can read once and nobody
 * finds: it has no name any more when they begin. One at a time. Whoever asks has to be able to
 * wait.
 */
public final class Dumps {
  private static final int MEBI = 1 << 20;

  /** What a dump leaves free for others. */
  private static final long LEFT_FREE = 256L * MEBI;

  private static final long MOST_OF_A_RECORDING = 256L * MEBI;

  private final Path parent;
  private final DownloadTurns turns;

  /**
   * @param parent where there is room for them
   */
  public Dumps(Path parent) {
    this.parent = parent;
    this.turns =
        new DownloadTurns(1, "another dump of this process is under way", System::nanoTime);
  }

  /** Where Java has its temporary files. */
  public static Dumps inTemporaryFiles() {
    return new Dumps(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** Writes a file; it is not there before. */
  interface Writer {
    void write(Path file) throws IOException, InterruptedException;
  }

  /** What the threads do. */
  public InputStream threads(Nothing nothing) throws IOException, InterruptedException {
    return dump(0, Dumps::writeThreads);
  }

  static void writeThreads(Path file) throws IOException {
    hotSpot()
        .dumpThreads(
            file.toAbsolutePath().toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
  }

  /**
   * What is in memory. While it is written the process does nothing else.
   *
   * @throws OperationRefusal if the disk has too little room for all that is used
   */
  public InputStream heap(Download.HeapDump wanted) throws IOException, InterruptedException {
    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    return dump(used + used / 4, file -> hotSpot().dumpHeap(file.toString(), wanted.live()));
  }

  private static HotSpotDiagnosticMXBean hotSpot() {
    return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
  }

  /** What happens from now on, as long as that is. */
  public InputStream recording(Download.Recording wanted) throws IOException, InterruptedException {
    return dump(MOST_OF_A_RECORDING, file -> record(wanted, file));
  }

  private static void record(Download.Recording wanted, Path file)
      throws IOException, InterruptedException {
    try (Recording recording = new Recording(Configuration.getConfiguration("default"))) {
      recording.setName("operator");
      recording.setMaxSize(MOST_OF_A_RECORDING);
      recording.start();
      var _ = new CountDownLatch(1).await(wanted.seconds(), TimeUnit.SECONDS);
      recording.stop();
      recording.dump(file);
    } catch (ParseException e) {
      throw new IOException("this JDK has no settings for a recording", e);
    }
  }

  /** What somebody else writes, who is quick and brief. */
  InputStream of(Content content) throws IOException, InterruptedException {
    return dump(
        0,
        file -> {
          try (OutputStream out = Files.newOutputStream(file)) {
            content.writeTo(out);
          }
        });
  }

  /** Writes itself. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException, InterruptedException;
  }

  private InputStream dump(long bytes, Writer writer) throws IOException, InterruptedException {
    DownloadTurns.Turn turn = turns.take();
    try {
      long free = Files.getFileStore(parent).getUsableSpace();
      if (free < bytes + LEFT_FREE) {
        throw new OperationRefusal(
            parent
                + " has "
                + free / MEBI
                + " MiB of room, and "
                + (bytes + LEFT_FREE) / MEBI
                + " are needed");
      }
      return turn.holds(written(writer));
    } catch (IOException | InterruptedException | RuntimeException e) {
      turn.close();
      throw e;
    }
  }

  /** In a folder that only its owner may enter. */
  private InputStream written(Writer writer) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(parent, "vmqtt-dump-");
    Path file = folder.resolve("dump.hprof"); // the JVM wants its heap to be called like that
    try {
      writer.write(file);
      // From here on it has no name: when it is closed, or the process is killed, it is gone.
      return Files.newInputStream(
          file, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }
}
