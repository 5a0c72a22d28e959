package io.vmqtt.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many shards the data folder of the one-process form has. In a cluster the registry keeps this
 * in Consul; either way it is decided once, because it says where everything durable is.
 */
final class ShardCountFile {
  private static final String NAME = "shard-count";

  private ShardCountFile() {}

  /**
   * The count of the folder; a new one gets {@code wanted}.
   *
   * @throws IOException if the folder cannot be used; the message names it
   */
  static int fix(Path data, int wanted) throws IOException {
    Path file = data.resolve(NAME);
    try {
      if (Files.exists(file)) {
        return Integer.parseInt(Files.readString(file).strip());
      }
      Files.createDirectories(data);
      Files.writeString(file, wanted + System.lineSeparator());
      return wanted;
    } catch (NumberFormatException e) {
      throw new IOException(file + " does not hold a number", e);
    } catch (IOException e) {
      throw new IOException("cannot use data folder " + data.toAbsolutePath() + ": " + e, e);
    }
  }
}
