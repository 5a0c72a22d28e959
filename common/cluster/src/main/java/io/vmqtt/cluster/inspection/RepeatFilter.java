package io.vmqtt.cluster.inspection;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * For an appender in {@code logback.xml}: has {@link RepeatedLines} of this process say what it
 * gets. One of them is enough, as lines are counted as they pass. Lines with fields of their own
 * are left alone: somebody has asked for each of them, as for those of {@code --log-connections}.
 */
public final class RepeatFilter extends Filter<ILoggingEvent> {
  private final RepeatedLines lines = RepeatedLines.ofThisProcess();
  private @Nullable ScheduledExecutorService minutes;

  /** How many of the same in a minute; 0: any number. Called by logback. */
  public void setMost(int most) {
    lines.most(most);
  }

  @Override
  public void start() {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("repeated-lines").factory());
    var _ = timer.scheduleAtFixedRate(lines::minuteIsOver, 1, 1, TimeUnit.MINUTES);
    minutes = timer;
    super.start();
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    String pattern = event.getMessage();
    List<KeyValuePair> fields = event.getKeyValuePairs();
    return pattern == null
            || (fields != null && !fields.isEmpty())
            || lines.mayPass(event.getLoggerName(), event.getLevel(), pattern)
        ? FilterReply.NEUTRAL
        : FilterReply.DENY;
  }

  @Override
  public void stop() {
    if (minutes != null) {
      minutes.shutdownNow();
    }
    super.stop();
  }
}
