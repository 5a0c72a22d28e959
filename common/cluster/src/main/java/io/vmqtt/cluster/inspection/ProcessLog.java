package io.vmqtt.cluster.inspection;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.vmqtt.cluster.operation.LogLevelChange;
import io.vmqtt.cluster.operation.LogLevels;
import io.vmqtt.cluster.operation.OperationRefusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What this process logs, and has it log something else. A change is kept nowhere but here: the
 * next start logs as it is configured. What writes down who did what stays as it is. Safe from any
 * thread.
 */
public final class ProcessLog {
  private static final org.slf4j.Logger log = LoggerFactory.getLogger(ProcessLog.class);

  /** A logger that has been named stays in memory; so there is a bound. */
  private static final int MOST_CHANGED = 500;

  private static final String AUDIT = "io.vmqtt.audit";

  private final LoggerContext context;

  /** What they were before their first change. */
  private final Map<String, Before> changed = new HashMap<>();

  private record Before(@Nullable Level level) {}

  private ProcessLog(LoggerContext context) {
    this.context = context;
  }

  /**
   * That of this process.
   *
   * @throws IllegalStateException if somebody else's library logs
   */
  public static ProcessLog ofThisProcess() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
      return new ProcessLog(logback);
    }
    throw new IllegalStateException("logging is not logback's");
  }

  /** What is logged. */
  public synchronized LogLevels levels() {
    List<LogLevels.Entry> entries = new ArrayList<>();
    for (Logger logger : context.getLoggerList()) {
      @Nullable Before before = changed.get(logger.getName());
      @Nullable Level own = logger.getLevel();
      if (own != null || before != null) {
        entries.add(
            new LogLevels.Entry(
                logger.getName(),
                text(own),
                logger.getEffectiveLevel().toString(),
                before != null,
                text(before == null ? own : before.level())));
      }
    }
    return new LogLevels(entries, LogLevels.LASTS);
  }

  private static @Nullable String text(@Nullable Level level) {
    return level == null ? null : level.toString();
  }

  /**
   * Has something else logged.
   *
   * @throws OperationRefusal if too many have been changed, or what writes down who did what would
   *     be; then nothing is
   */
  public synchronized LogLevels change(LogLevelChange change) {
    long further =
        change.levels().entrySet().stream()
            .filter(one -> one.getValue() != null && !changed.containsKey(one.getKey()))
            .count();
    if (changed.size() + further > MOST_CHANGED) {
      throw new OperationRefusal("more than " + MOST_CHANGED + " loggers would be changed");
    }
    for (String name : change.levels().keySet()) {
      if (name.equals(AUDIT) || name.startsWith(AUDIT + '.')) {
        throw new OperationRefusal(name + " writes down who did what, and stays as it is");
      }
    }
    Logger audit = context.getLogger(AUDIT);
    if (audit.getLevel() == null) {
      audit.setLevel(audit.getEffectiveLevel()); // whatever becomes of those above it
    }
    change.levels().forEach(this::set);
    return levels();
  }

  /**
   * @param said one logger may be called by several names
   */
  private void set(String said, @Nullable String level) {
    String name = context.getLogger(said).getName();
    if (level == null) {
      Before before = changed.remove(name);
      if (before != null) {
        context.getLogger(name).setLevel(before.level());
        log.warn("{} logs again as at the start", name);
      }
    } else {
      Logger logger = context.getLogger(name);
      changed.putIfAbsent(name, new Before(logger.getLevel()));
      logger.setLevel(Level.valueOf(level));
      log.warn("{} logs {} until this process ends, as an operator has said", name, level);
    }
  }
}
