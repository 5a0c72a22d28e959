package io.vmqtt.store.storage;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a store does with a folder that is damaged: where other stores have the data it is set
 * aside, inside the folder itself, which may be a volume; then the store is a new one, as after it
 * lost its disk. It is kept once: a second time somebody should look at the disk first.
 */
final class DamagedFolder {
  private static final String KEPT = "damaged";
  private static final String MOVING = "damaged.new";
  private static final String REASONS = "reasons";

  /** What is not of the damaged store alone. */
  private static final Set<String> STAYING = Set.of("lock", "native", KEPT, MOVING);

  private DamagedFolder() {}

  /** Goes on with what a process that was killed had begun. */
  static void finish(Path data) throws IOException {
    if (Files.exists(data.resolve(MOVING))) {
      move(data);
    }
  }

  /** Sets aside everything, and returns where it is. */
  static Path setAside(Path data, List<Damage> damages) throws IOException, DataFolderException {
    Path kept = data.resolve(KEPT);
    if (Files.exists(kept)) {
      throw new DataFolderException(
          "data folder "
              + data
              + " is damaged again: "
              + summary(damages)
              + "; look at the disk, and take "
              + kept
              + " away");
    }
    LastingFiles.createFolders(data.resolve(MOVING));
    LastingFiles.write(
        data.resolve(MOVING).resolve(REASONS),
        damages.stream().map(damage -> damage + "\n").collect(Collectors.joining()));
    move(data);
    return kept;
  }

  private static void move(Path data) throws IOException {
    Path moving = data.resolve(MOVING);
    try (Stream<Path> all = Files.list(data)) {
      for (Path one : all.toList()) {
        if (!STAYING.contains(one.getFileName().toString())) {
          Files.move(one, moving.resolve(one.getFileName()));
        }
      }
    }
    LastingFiles.syncNames(moving);
    LastingFiles.move(moving, data.resolve(KEPT));
  }

  /** The first, and how many there are beside it. */
  static String summary(List<Damage> damages) {
    String others = damages.size() > 1 ? " (and " + (damages.size() - 1) + " more)" : "";
    return damages.getFirst() + others;
  }
}
