package io.vmqtt.registry.alarms;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vmqtt.cluster.alarms.Alarm;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An alarm, as people and programs see it.
 *
 * @param id the same while it lasts, and when it comes again
 * @param node the id of the process whose it is; null: it is of the cluster
 * @param about what of that; empty: all
 * @param since ISO-8601, UTC
 * @param cleared the same; null: it is active
 */
@JsonInclude
public record AlarmEntry(
    String id,
    String kind,
    String severity,
    @Nullable String node,
    String about,
    String text,
    String since,
    @Nullable String cleared) {

  public static AlarmEntry of(Alarm alarm) {
    Instant over = alarm.cleared();
    return new AlarmEntry(
        alarm.id(),
        alarm.kind().label(),
        alarm.severity().label(),
        alarm.node().isEmpty() ? null : alarm.node(),
        alarm.about(),
        alarm.text(),
        alarm.since().toString(),
        over == null ? null : over.toString());
  }
}
