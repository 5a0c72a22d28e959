package io.vmqtt.registry.files;

import io.vmqtt.cluster.option.OptionException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A file that says what is to be a fact.
 *
 * @param <T> the fact
 */
public interface FactFile<T> {
  /** What Consul takes as one value, without where it was said: a path may have 4 KiB. */
  int MOST_BYTES = (512 - 8) << 10;

  /** Where it is. */
  Path path();

  /**
   * Its present text.
   *
   * @throws OptionException if it cannot be read
   */
  String text();

  /**
   * When it was written last, as its file system says.
   *
   * @throws OptionException if that cannot be known
   */
  Instant writtenAt();

  /**
   * What a text says; its version is left open.
   *
   * @throws OptionException if it says what cannot be; the message names the file, the line, and
   *     what it is about
   */
  T read(String text);

  /**
   * A file that can be read now.
   *
   * @throws OptionException if it cannot
   */
  static <F extends FactFile<?>> F checked(F file) {
    var _ = file.read(file.text());
    return file;
  }
}
