package io.vmqtt.cluster.process;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.cluster.option.OptionValues;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has a process end that has been ready and is not any more, look after look, so that whoever
 * supervises it starts it anew, or elsewhere. Its readiness says so long before it ends: load
 * balancers have moved its clients by then. One that has not become ready yet waits for others, and
 * is left alone. Not for two threads at once.
 */
final class HealthPolicy {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.");

  static final Option<Boolean> EXIT =
      GROUP.option(
          "exit-on-unavailable",
          OptionType.flag(),
          "false",
          "End when the process was ready and is not any more, at so many looks in a row");

  static final Option<Integer> COUNT =
      GROUP.option(
          "exit-on-unavailable-count",
          OptionType.count(1, 100_000),
          "5",
          "At how many, with --exit-on-unavailable");

  static final Option<Duration> INTERVAL =
      GROUP.option(
          "exit-on-unavailable-interval",
          OptionType.time(Duration.ofMillis(500), Duration.ofHours(1)),
          "2s",
          "Time between two of those looks");

  static final Option<Integer> CODE =
      GROUP.option(
          "exit-on-unavailable-code", OptionType.count(1, 255), "3", "Exit code of such an end");

  private final boolean exits;
  private final int count;
  private final long intervalNanos;
  private final int code;

  private boolean wasReady;
  private int misses;
  private long lastLookNanos;

  HealthPolicy(OptionValues options) {
    this(options.get(EXIT), options.get(COUNT), options.get(INTERVAL), options.get(CODE));
  }

  HealthPolicy(boolean exits, int count, Duration interval, int code) {
    this.exits = exits;
    this.count = count;
    this.intervalNanos = interval.toNanos();
    this.code = code;
  }

  static List<Option<?>> options() {
    return GROUP.all();
  }

  /**
   * Looks, where it is time to.
   *
   * @return why the process has to end; null: it need not
   */
  @Nullable StartException look(boolean isReady, long nowNanos) {
    if (!exits || (wasReady && nowNanos - lastLookNanos < intervalNanos)) {
      return null;
    }
    lastLookNanos = nowNanos;
    if (isReady) {
      wasReady = true;
      misses = 0;
    } else if (wasReady) {
      misses++;
    }
    return misses < count
        ? null
        : new StartException(
            "it was not ready at "
                + misses
                + " looks in a row, "
                + Duration.ofNanos(intervalNanos).toMillis()
                + " ms apart: --exit-on-unavailable ends it",
            code);
  }
}
