package io.vmqtt.store.storage;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that is in a store's folder while its logs become others: it may have both then, or half
 * of one, and nobody may use it.
 */
public final class ConversionMark {
  private static final String NAME = "converting";

  private ConversionMark() {}

  /** Where it is, or would be. */
  public static Path in(Path data) {
    return data.resolve(NAME);
  }

  /** Whether a conversion has begun, and not ended. */
  public static boolean isSet(Path data) {
    return Files.exists(in(data));
  }

  /** What the logs are to become. */
  public static String read(Path data) throws IOException {
    return SealedText.read(in(data)).strip();
  }

  /** From now on nobody may use the folder. */
  public static void set(Path data, String target) throws IOException {
    SealedText.write(in(data), target);
  }

  /** The folder is as good as any. */
  public static void clear(Path data) throws IOException {
    Files.deleteIfExists(in(data));
    LastingFiles.syncNames(data);
  }
}
