package io.vmqtt.standalone;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * How many shards the data folder of the one-process form has. In a cluster the registry keeps this
 * in Consul; either way it is decided once, because it says where everything durable is.
 */
final class ShardCountFile {
  private static final String NAME = "shard-count";

  private ShardCountFile() {}

  /**
   * The count of a folder; nothing for a new one.
   *
   * @throws IOException if the folder cannot be used; the message names it
   */
  static OptionalInt read(Path data) throws IOException {
    Path file = data.resolve(NAME);
    if (!Files.exists(file)) {
      return OptionalInt.empty();
    }
    String text = Files.readString(file).strip();
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new IOException(file + " does not hold a number", e);
    }
  }

  /** Fixes the count of a folder. */
  static void write(Path data, int count) throws IOException {
    LastingFiles.write(data.resolve(NAME), count + System.lineSeparator());
  }
}
