package io.vmqtt.store.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What was found in the folder of a store before anybody used it.
 *
 * @param damages what is wrong; empty: nothing
 * @param othersHaveIt whether each shard in it has replicas on other stores
 * @param tails what is to be cut off
 */
public record Findings(List<Damage> damages, boolean othersHaveIt, List<TornTail> tails) {
  /** Whoever looks. */
  @FunctionalInterface
  public interface Look {
    /** Reads a folder that is locked, and changes nothing in it. */
    Findings at(Path data) throws IOException;
  }
}
