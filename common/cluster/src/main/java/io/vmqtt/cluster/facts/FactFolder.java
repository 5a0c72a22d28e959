package io.vmqtt.cluster.facts;

import io.vmqtt.cluster.machine.LastingFiles;
import io.vmqtt.cluster.option.OptionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what operators say over the API, for a cluster that is one process: a file for each kind of
 * fact, as Consul would have it. What a file of theirs says is kept by that file alone.
 *
 * @param folder where; made when there is something to keep
 * @param keys of the kinds that are kept
 */
public record FactFolder(Path folder, Set<String> keys) {
  public FactFolder {
    keys = Set.copyOf(keys);
  }

  boolean keeps(FactKind<?> kind) {
    return keys.contains(kind.key());
  }

  /**
   * What was kept; null: nothing.
   *
   * @throws OptionException if it cannot be read
   */
  <T> @Nullable T read(FactKind<T> kind) {
    Path file = file(kind);
    try {
      return Files.exists(file) ? kind.read(Files.readString(file)) : null;
    } catch (IOException e) {
      throw new OptionException(
          file + ", which keeps what was said over the API, cannot be read: " + e.getMessage());
    }
  }

  /** Keeps a fact before anybody hears of it, or has it that there is none to keep. */
  <T> void keep(FactKind<T> kind, T fact) throws IOException {
    if (isSaidElsewhere(fact)) {
      Files.deleteIfExists(file(kind));
    } else {
      LastingFiles.createFolders(folder);
      LastingFiles.write(file(kind), kind.write(fact));
    }
  }

  /** In a file, or nobody has said it. */
  private static boolean isSaidElsewhere(Object fact) {
    if (!(fact instanceof FromFile<?> said)) {
      return false;
    }
    Origin origin = said.origin();
    return origin == null || !origin.isByOperator();
  }

  private Path file(FactKind<?> kind) {
    return folder.resolve(kind.key() + ".json");
  }
}
