package io.vmqtt.router.config;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.cluster.option.OptionValues;
import java.time.Duration;
import java.util.List;

/** What an operator can set for a router. */
public final class RouterOptions {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.router.");
  private static final OptionType<Long> PART_OF_MEMORY =
      OptionType.orZero(OptionType.bytes(1 << 20));

  static final Option<Duration> FAILURE_DETECTION =
      GROUP.option(
          "failure-detection",
          OptionType.time(Duration.ofMillis(100), Duration.ofHours(1)),
          "3s",
          "How long the link of a gateway may be down before it is taken for dead");
  static final Option<Long> MAX_UNDELIVERED_BYTES =
      GROUP.option(
          "max-undelivered-bytes",
          PART_OF_MEMORY,
          "0",
          "What may wait for one gateway or shard, beyond it publishes are refused;"
              + " 0 for half of --undelivered-memory, at most 256M");
  static final Option<Long> UNDELIVERED_MEMORY =
      GROUP.option(
          "undelivered-memory",
          PART_OF_MEMORY,
          "0",
          "What may wait for all gateways and shards together; 0 for a quarter of the heap");
  static final Option<Integer> MAX_TASKS =
      GROUP.option(
          "max-tasks",
          OptionType.count(1024),
          "65536",
          "Batches and events that may wait for the router's thread");

  private RouterOptions() {}

  /** All that a router can be told. */
  public static List<Option<?>> all() {
    return GROUP.all();
  }

  /** As the router takes it. */
  public static RouterConfig config(OptionValues values) {
    long memoryBytes = values.find(UNDELIVERED_MEMORY).orElseGet(RouterConfig::quarterOfTheHeap);
    return new RouterConfig(
        values.get(FAILURE_DETECTION),
        values.find(MAX_UNDELIVERED_BYTES).orElseGet(() -> RouterConfig.halfOf(memoryBytes)),
        memoryBytes,
        values.get(MAX_TASKS));
  }
}
