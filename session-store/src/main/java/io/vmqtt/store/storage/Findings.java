package io.vmqtt.store.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What was found in the folder of a store that nobody uses.
 *
 * @param parts all that was looked at, in the order in which it was
 * @param mends what is to be done before anybody uses it
 */
public record Findings(List<Part> parts, List<Mend> mends) {
  /**
   * Something of the folder.
   *
   * @param name what it is, such as {@code shard 3, log}
   * @param what is there; empty: nothing to say
   * @param mends what the next start mends by itself, as it may be after a kill or a power failure
   * @param damages what is wrong; empty: nothing
   */
  public record Part(String name, String what, List<String> mends, List<Damage> damages) {}

  /** All that is wrong. */
  public List<Damage> damages() {
    return parts.stream().flatMap(part -> part.damages().stream()).toList();
  }

  /** Whoever looks. */
  @FunctionalInterface
  public interface Look {
    /**
     * Reads a folder that is locked, and changes nothing in it.
     *
     * @throws IOException if something could not be looked at: nobody knows then whether it is good
     */
    Findings at(Path data) throws IOException;
  }
}
