package io.vmqtt.cluster.alarms;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An alarm.
 *
 * @param node whose it is; empty: that of whoever raised it
 * @param about what of that
 * @param text one line for people
 * @param since when it was raised
 * @param cleared when it was cleared; null: it is active
 */
public record Alarm(
    AlarmKind kind,
    String node,
    String about,
    Severity severity,
    String text,
    Instant since,
    @Nullable Instant cleared) {

  /** The same while it lasts, and when it comes again; no other active one has it. */
  public String id() {
    return kind.label() + '/' + node + '/' + about;
  }

  /** The same, which is over. */
  Alarm clearedAt(Instant when) {
    return new Alarm(kind, node, about, severity, text, since, when);
  }

  /** For a log. */
  public String line() {
    return kind.label() + (about.isEmpty() ? "" : " (" + about + ")") + ": " + text;
  }
}
