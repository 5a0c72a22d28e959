package io.vmqtt.store.storage;

import java.nio.file.Path;

/**
 * What is wrong with a file of a store, for the operator.
 *
 * @param file the file, or the folder that lacks one
 * @param how what is wrong with it, in a few words
 */
public record Damage(Path file, String how) {
  /** One line. */
  @Override
  public String toString() {
    return file + ": " + how.lines().findFirst().orElse("");
  }
}
