package io.vmqtt.cluster.status;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Every metric of this process, as it is at the moment. */
final class ManagedMetrics extends ReadOnlyBean {
  private final MeterRegistry meters;

  ManagedMetrics(MeterRegistry meters) {
    super("metrics of this process, by the names of docs/metrics.md");
    this.meters = meters;
  }

  /**
   * By name and labels, such as {@code vmqtt.link.open{link=router-store}}; of what has several
   * figures each has its own, such as {@code vmqtt.store.commit.count}.
   */
  @Override
  Map<String, Object> values() {
    Map<String, Object> values = new HashMap<>();
    meters.forEachMeter(
        meter -> {
          for (Measurement one : meter.measure()) {
            values.put(name(meter.getId(), one.getStatistic()), one.getValue());
          }
        });
    return values;
  }

  private static String name(Meter.Id id, Statistic statistic) {
    String name = id.getName();
    if (id.getType() != Meter.Type.COUNTER && id.getType() != Meter.Type.GAUGE) {
      name += '.' + statistic.name().toLowerCase(Locale.ROOT).replace('_', '.');
    }
    return id.getTags().isEmpty()
        ? name
        : name
            + id.getTags().stream()
                .map(ManagedMetrics::text)
                .collect(Collectors.joining(",", "{", "}"));
  }

  private static String text(Tag tag) {
    return tag.getKey() + '=' + tag.getValue();
  }
}
