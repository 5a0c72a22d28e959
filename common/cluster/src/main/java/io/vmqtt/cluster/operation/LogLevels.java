package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process logs.
 *
 * @param loggers those that have a level of their own, or had one at the start; others log as the
 *     one whose name theirs begins with
 * @param until for people: how long changes last
 */
public record LogLevels(List<Entry> loggers, String until) {
  /** They are kept nowhere. */
  public static final String LASTS = "the process ends";

  public LogLevels {
    loggers = List.copyOf(loggers);
  }

  /**
   * One of them.
   *
   * @param logger a class, a package, or {@code ROOT}
   * @param level its own; null: none
   * @param effective what it logs
   * @param changed whether an operator has set it since the start
   * @param atStart its own then; null: none
   */
  @JsonInclude
  public record Entry(
      String logger,
      @Nullable String level,
      String effective,
      boolean changed,
      @Nullable String atStart) {}
}
