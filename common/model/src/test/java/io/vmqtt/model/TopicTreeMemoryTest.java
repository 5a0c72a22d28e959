package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node that grows by one field goes unnoticed; a node that gets a map of its own does not. */
class TopicTreeMemoryTest {
  private static final int FILTERS = 1_000_000;

  /** Enough that the large tables must shrink, not just vanish. */
  private static final int FILTERS_LEFT = 10;

  private static final long MAX_BYTES_PER_FILTER = 250;
  private static final long MAX_BYTES_LEFT_PER_FILTER = 5;

  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

  @ParameterizedTest
  @CsvSource({
    "devices/,/commands", // one run per filter
    "site/1/device/,", // and nothing after it
    "tenant/7/,/+/state/#" // two runs and two wildcards per filter
  })
  void add_aMillionFilters_takesLessThanABoundAndGivesItBack(
      String prefix, @Nullable String suffix) {
    String end = suffix == null ? "" : suffix;
    long before = usedBytes();
    TopicTree<Integer> tree = new TopicTree<>(1);
    for (int i = 0; i < FILTERS; i++) {
      tree.add(prefix + i + end, 1);
    }
    long perFilter = (usedBytes() - before) / FILTERS;
    assertTrue(perFilter < MAX_BYTES_PER_FILTER, perFilter + " bytes per filter");
    for (int i = FILTERS_LEFT; i < FILTERS; i++) {
      tree.remove(prefix + i + end, 1);
    }
    long left = (usedBytes() - before) / FILTERS;
    assertTrue(left < MAX_BYTES_LEFT_PER_FILTER, left + " bytes per filter are left");
    assertEquals(FILTERS_LEFT, tree.size());
  }

  private long usedBytes() {
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
