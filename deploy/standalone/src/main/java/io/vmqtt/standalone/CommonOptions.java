package io.vmqtt.standalone;

import io.vmqtt.cluster.inspection.RepeatedLines;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionType;
import java.nio.file.Path;
import java.util.List;

/** What every command can be told. */
final class CommonOptions {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.");

  /** Its property is read by logback.xml. */
  static final Option<LogLevel> LOG_LEVEL =
      GROUP.option(
          "log-level",
          OptionType.choice(LogLevel.class),
          "INFO",
          "What V-MQTT logs on its standard output");

  /** Its property is read by logback.xml, too. */
  static final Option<LogFormat> LOG_FORMAT =
      GROUP.option(
          "log-format",
          OptionType.choice(LogFormat.class),
          "TEXT",
          "Lines for people, or an object of JSON in each line");

  /** Its property is read by logback.xml, too. */
  static final Option<Integer> LOG_REPEATS =
      GROUP.option(
          "log-repeats",
          RepeatedLines.MOST,
          "100",
          "Lines of INFO or WARN with the same words within a minute, further ones are counted in"
              + " place of that; 0 for any number");

  static final Option<Path> CONFIG =
      GROUP.derived("config", OptionType.path("FILE"), "none", "File with options, in YAML");

  /** How much the broker's own classes log. */
  enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /** What a line of the log looks like; the names are those of files that logback.xml includes. */
  enum LogFormat {
    TEXT,
    JSON
  }

  /** What the log goes by, as properties of the JVM: it begins before anything else. */
  static final List<Option<?>> OF_LOG = List.of(LOG_LEVEL, LOG_FORMAT, LOG_REPEATS);

  private CommonOptions() {}

  static List<Option<?>> all() {
    return GROUP.all();
  }
}
