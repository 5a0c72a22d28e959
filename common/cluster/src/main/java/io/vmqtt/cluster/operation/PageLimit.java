package io.vmqtt.cluster.operation;

/** How many rows a page may have. */
final class PageLimit {
  private PageLimit() {}

  /**
   * Checks how many are wanted.
   *
   * @throws IllegalArgumentException if there are not 1 to {@code most}
   */
  static void require(int limit, int most) {
    if (limit < 1 || limit > most) {
      throw new IllegalArgumentException("a page has 1 to " + most + " rows, not " + limit);
    }
  }
}
