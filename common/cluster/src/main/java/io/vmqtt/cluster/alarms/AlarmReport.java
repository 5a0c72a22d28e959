package io.vmqtt.cluster.alarms;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * An active alarm, as a node tells it: words, so that another version can read them.
 *
 * @param since ISO-8601, UTC
 */
public record AlarmReport(String kind, String about, String severity, String text, String since) {

  public static AlarmReport of(Alarm alarm) {
    return new AlarmReport(
        alarm.kind().label(),
        alarm.about(),
        alarm.severity().label(),
        alarm.text(),
        alarm.since().toString());
  }

  /** As whoever gathers alarms of nodes takes it. */
  public Finding of(String node) {
    Instant when;
    try {
      when = Instant.parse(since);
    } catch (DateTimeParseException _) {
      when = Instant.EPOCH;
    }
    return new Finding(AlarmKind.of(kind), node, about, Severity.of(severity), text, true, when);
  }
}
