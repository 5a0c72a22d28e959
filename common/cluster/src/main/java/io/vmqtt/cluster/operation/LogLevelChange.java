package io.vmqtt.cluster.operation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a process is to log from now on.
 *
 * @param levels by logger, a class, a package, or {@code ROOT}; null: what it was at the start
 */
public record LogLevelChange(Map<String, @Nullable String> levels) {
  private static final int MOST = 100;
  private static final int LONGEST = 200;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z_$][A-Za-z0-9_$-]*(\\.[A-Za-z0-9_$-]+)*");
  private static final List<String> LEVELS =
      List.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");

  /** Written out: in a compact one, class files do not say what may be null. */
  public LogLevelChange(Map<String, @Nullable String> levels) {
    if (levels == null || levels.isEmpty() || levels.size() > MOST) {
      throw new IllegalArgumentException("1 to " + MOST + " loggers are needed");
    }
    levels.forEach(LogLevelChange::require);
    this.levels = Collections.unmodifiableMap(new LinkedHashMap<>(levels));
  }

  private static void require(String logger, @Nullable String level) {
    if (logger.length() > LONGEST || !NAME.matcher(logger).matches()) {
      throw new IllegalArgumentException("'" + logger + "' is no name of a logger");
    }
    if (level != null && !LEVELS.contains(level)) {
      throw new IllegalArgumentException(
          logger + ": '" + level + "' is none of " + String.join(", ", LEVELS));
    }
  }
}
