package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.vmqtt.cluster.alarms.Alarms;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.registry.alarms.AlarmEntry;
import io.vmqtt.registry.alarms.AlarmWatch;
import java.util.List;

/** {@code /api/v1/alarms}: what is wrong, and what was. */
@Controller("/api/v1/alarms")
final class AlarmsController {
  private final AlarmWatch watch;

  AlarmsController(AlarmWatch watch) {
    this.watch = watch;
  }

  /**
   * All alarms that this registry knows of.
   *
   * @param items the active ones, the worst first
   * @param cleared those that are over, the latest first
   * @param leftOut how many more there are than are kept
   */
  @JsonInclude
  record AlarmList(List<AlarmEntry> items, List<AlarmEntry> cleared, int leftOut) {}

  /**
   * Lists all active alarms, and some of those that are over.
   *
   * @param cleared at most so many of those, of 0 to 1,000
   */
  @Get
  @RequiresRole(OperatorRole.VIEWER)
  AlarmList list(HttpRequest<?> request, @QueryValue(defaultValue = "100") int cleared) {
    Asking.requireWhole(request);
    if (cleared < 0 || cleared > Alarms.MOST_CLEARED) {
      throw Problem.badRequest("cleared: is 0 to " + Alarms.MOST_CLEARED);
    }
    Alarms alarms = watch.alarms();
    return new AlarmList(
        alarms.active().stream().map(AlarmEntry::of).toList(),
        alarms.cleared().stream().limit(cleared).map(AlarmEntry::of).toList(),
        alarms.leftOut());
  }
}
