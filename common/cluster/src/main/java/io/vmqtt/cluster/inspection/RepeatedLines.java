package io.vmqtt.cluster.inspection;

import ch.qos.logback.classic.Level;
import io.vmqtt.cluster.option.OptionType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a line of the log that comes again and again, whatever stands in it, come so often in a
 * minute and no more; at its end one line says how many there were. Two are the same where logger,
 * level and pattern are.
 *
 * <p>It is about INFO and WARN alone: an error is never one too many, and who has DEBUG logged
 * wants to see it. Nor is it about what writes down who did what. Of more than {@link #MOST_KINDS}
 * in a minute further ones are not counted, and pass. Safe from any thread.
 */
public final class RepeatedLines {
  /** What an operator may say of them: how many of the same in a minute; 0 for any number. */
  public static final OptionType<Integer> MOST = OptionType.count(0, 1_000_000);

  static final int MOST_KINDS = 1_000;
  static final String SUMMARY = "… {} more of this in the last minute: {}";

  /** A logger has one of these names, or one that begins with the second. */
  private static final String AUDIT = "io.vmqtt.audit";

  private static final String BELOW_AUDIT = AUDIT + '.';

  private static final RepeatedLines PROCESS = new RepeatedLines();

  private record Kind(String logger, Level level, String pattern) {}

  private static final class Count {
    final AtomicInteger lines = new AtomicInteger();
    final AtomicInteger leftOut = new AtomicInteger();
  }

  private final LongAdder leftOut = new LongAdder();
  private volatile int most;

  /** Of this minute. */
  private volatile Map<Kind, Count> counts = new ConcurrentHashMap<>();

  /** Any number may come. */
  RepeatedLines() {}

  /** Those of this process. */
  public static RepeatedLines ofThisProcess() {
    return PROCESS;
  }

  /** So many of the same may come in a minute from now on; 0: any number. */
  public void most(int lines) {
    most = lines;
  }

  /** One is to be logged: whether it may. */
  boolean mayPass(String logger, Level level, String pattern) {
    int bound = most;
    if (bound == 0
        || !(level.equals(Level.INFO) || level.equals(Level.WARN))
        || logger.equals(AUDIT)
        || logger.startsWith(BELOW_AUDIT)
        || pattern.equals(SUMMARY)) {
      return true;
    }
    Map<Kind, Count> now = counts;
    Kind kind = new Kind(logger, level, pattern);
    Count count = now.get(kind);
    if (count == null) {
      if (now.size() >= MOST_KINDS) {
        return true;
      }
      count = now.computeIfAbsent(kind, _ -> new Count());
    }
    if (count.lines.incrementAndGet() <= bound) {
      return true;
    }
    count.leftOut.incrementAndGet();
    leftOut.increment();
    return false;
  }

  /** A minute is over: says what was left out in it. */
  void minuteIsOver() {
    Map<Kind, Count> ended = counts;
    counts = new ConcurrentHashMap<>();
    ended.forEach(
        (kind, count) -> {
          int more = count.leftOut.get();
          if (more > 0) {
            Logger log = LoggerFactory.getLogger(kind.logger());
            if (kind.level().equals(Level.WARN)) {
              log.warn(SUMMARY, more, kind.pattern());
            } else {
              log.info(SUMMARY, more, kind.pattern());
            }
          }
        });
  }

  /** How many lines were left out since the start. */
  public long leftOut() {
    return leftOut.sum();
  }
}
