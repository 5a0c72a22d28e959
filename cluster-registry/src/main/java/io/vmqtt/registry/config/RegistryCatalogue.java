package io.vmqtt.registry.config;

import io.vmqtt.cluster.metrics.Metric;
import io.vmqtt.cluster.metrics.MetricCatalogue;
import io.vmqtt.cluster.metrics.MetricLabel;
import java.util.List;

/** What a registry measures. */
public final class RegistryCatalogue implements MetricCatalogue {
  private static final List<Metric> ALL =
      List.of(
          Metric.gauge(
              "vmqtt.cluster.alarms",
              "alarms of the whole cluster, as the registry sees it",
              MetricLabel.ALARM),
          Metric.gauge(
              "vmqtt.cluster.alarms.left.out", "alarms beyond the 1,000 that the registry keeps"),
          Metric.counter(
              "vmqtt.operators.audit.dropped",
              "what operators did that the file of `--operator-audit` lacks, as it could not be"
                  + " written"),
          Metric.counter(
              "vmqtt.alarms.webhook.sent",
              "alarms raised and cleared that `--alarm-webhook` was told"),
          Metric.counter(
              "vmqtt.alarms.webhook.failed",
              "alarms raised and cleared that `--alarm-webhook` did not take, for all tries"),
          Metric.counter(
              "vmqtt.alarms.webhook.dropped",
              "alarms raised and cleared that were not tried, as too many waited"),
          Metric.gauge(
              "vmqtt.alarms.webhook.waiting",
              "alarms raised and cleared that wait for `--alarm-webhook`"),
          Metric.gauge(
              "vmqtt.registry.live.listeners", "operators who are told of changes as they come"),
          Metric.gauge(
              "vmqtt.registry.message.listeners",
              "operators who are told of messages as they come"));

  @Override
  public List<Metric> metrics() {
    return ALL;
  }
}
