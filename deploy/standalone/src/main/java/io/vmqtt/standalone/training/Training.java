package io.vmqtt.standalone.training;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.vmqtt.cluster.process.StartException;
import io.vmqtt.store.storage.CheckpointFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Lets a JVM watch a broker at work, and keeps what it has learned for later ones. */
public final class Training {
  private final Class<?> mainClass;
  private final Consumer<String> progress;

  /**
   * A training.
   *
   * @param mainClass of the process to learn from: see {@link TrainedBroker}
   * @param progress is told a line at each step
   */
  public Training(Class<?> mainClass, Consumer<String> progress) {
    this.mainClass = mainClass;
    this.progress = progress;
  }

  /**
   * Trains, and replaces the file.
   *
   * @param cache what to give to later JVMs as {@code -XX:AOTCache}
   * @param length of the load; half of it goes as fast as it can
   * @return how many messages the broker delivered meanwhile
   * @throws IOException if it cannot; the file is as it was then
   */
  public long run(Path cache, Duration length)
      throws IOException, InterruptedException, StartException {
    Path folder = Files.createTempDirectory(parentOf(cache), ".training");
    Path made = folder.resolve("cache");
    try (TrainedBroker broker = new TrainedBroker(mainClass, made, folder)) {
      progress.accept("starting a broker");
      broker.awaitReady();
      long received = 0;
      for (InetSocketAddress address : broker.mqtt()) {
        try (TrainingLoad load = new TrainingLoad(address)) {
          for (boolean isPaced : List.of(false, true)) {
            progress.accept("load " + (isPaced ? "at a pace" : "as fast as it goes"));
            load.round(length.dividedBy(2L * broker.mqtt().size()), isPaced);
          }
          if (load.received() == 0) {
            throw new IOException("no message came back from " + address);
          }
          received += load.received();
        }
      }
      progress.accept("writing what was learned");
      broker.stop(made);
      Files.move(made, cache, ATOMIC_MOVE);
      return received;
    } finally {
      CheckpointFiles.delete(folder);
    }
  }

  private static Path parentOf(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException(file + " is no name of a file");
    }
    return Files.createDirectories(parent);
  }
}
