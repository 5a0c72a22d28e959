package io.vmqtt.cluster.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Has whatever is registered under a name of the catalogues carry their meaning and unit. */
public final class CatalogueFilter implements MeterFilter {
  private final Map<String, Metric> byName = new HashMap<>();

  /** For the metrics of these. */
  public CatalogueFilter(Collection<MetricCatalogue> catalogues) {
    for (MetricCatalogue catalogue : catalogues) {
      catalogue.metrics().forEach(metric -> byName.put(metric.name(), metric));
    }
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    Metric known = byName.get(id.getName());
    if (known == null) {
      return id;
    }
    String unit = known.unit().word();
    return new Meter.Id(
        id.getName(),
        Tags.of(id.getTags()),
        unit.isEmpty() ? id.getBaseUnit() : unit,
        known.meaning(),
        id.getType());
  }
}
