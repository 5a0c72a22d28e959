package io.vmqtt.router.config;

import io.vmqtt.cluster.metrics.Metric;
import io.vmqtt.cluster.metrics.MetricCatalogue;
import java.util.List;

/** What a router measures. */
public final class RouterCatalogue implements MetricCatalogue {
  private static final List<Metric> ALL =
      List.of(
          Metric.counter("vmqtt.router.publishes", "publishes to route"),
          Metric.counter("vmqtt.router.copies", "copies sent to gateways and shards"),
          Metric.counter(
                  "vmqtt.router.shed", "QoS 0 copies dropped: the link was congested or down")
              .watchedBy("MessagesShed"),
          Metric.counter(
                  "vmqtt.router.refused",
                  "publishes refused with 0x97: too much waits for one destination, a store's disk is nearly full, or a session's queue is (with `REJECT_NEW`)")
              .watchedBy("PublishesRefused"),
          Metric.counter(
              "vmqtt.router.hands.forgotten",
              "messages in the hands of members of share groups that nobody else would get if their gateway were killed now"),
          Metric.counter("vmqtt.router.requests", "requests of gateways to shards"),
          Metric.counter("vmqtt.router.deliveries", "pushes of shards passed on to gateways"),
          Metric.gauge(
                  "vmqtt.router.undelivered.bytes",
                  "publishes of QoS 1 and 2, and retained ones, that wait for destinations")
              .inBytes(),
          Metric.gauge(
                  "vmqtt.router.shards.out.of.reach",
                  "shards whose leader this router has not reached for a second or so; gateways use the routers where it is lowest")
              .watchedBy("ShardsOutOfReach"));

  @Override
  public List<Metric> metrics() {
    return ALL;
  }
}
