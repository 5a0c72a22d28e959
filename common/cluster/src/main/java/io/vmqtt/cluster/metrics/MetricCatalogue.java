package io.vmqtt.cluster.metrics;

import java.util.List;

/** The metrics of a role, or of what all roles have; each there exactly once. */
@FunctionalInterface
public interface MetricCatalogue {
  /** All that may ever be registered. */
  List<Metric> metrics();
}
