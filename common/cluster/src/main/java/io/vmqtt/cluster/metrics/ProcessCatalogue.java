package io.vmqtt.cluster.metrics;

import java.util.List;

/** What every process measures, whatever its role: links, threads and certificates. */
public final class ProcessCatalogue implements MetricCatalogue {
  private static final List<Metric> ALL =
      List.of(
          Metric.gauge(
                  "vmqtt.cluster.certificate.seconds",
                  "until the certificate of the process in the cluster expires; negative: since it has")
              .inSeconds()
              .watchedBy("ClusterCertificateExpires"),
          Metric.gauge(
                  "vmqtt.consul.certificate.seconds",
                  "until TLS to Consul expires, with `--consul-ca`: the certificate that is shown there, or all authorities that are believed")
              .inSeconds()
              .watchedBy("ConsulCertificateExpires"),
          Metric.gauge(
                  "vmqtt.http.certificate.seconds",
                  "until the certificate that HTTP shows expires, with `--http-tls`")
              .inSeconds()
              .watchedBy("HttpCertificateExpires"),
          Metric.gauge(
              "vmqtt.cluster.handshakes.under.way",
              "callers that have not proved yet what they are",
              MetricLabel.PORT),
          Metric.counter(
              "vmqtt.cluster.handshakes.refused",
              "callers sent away before they had proved what they are",
              MetricLabel.PORT,
              MetricLabel.CALLER_REASON),
          Metric.gauge(
              "vmqtt.alarms", "alarms that the process has raised about itself", MetricLabel.ALARM),
          Metric.counter(
              "vmqtt.log.lines.left.out",
              "lines of the log that were left out, as there were more than `--log-repeats` of the"
                  + " same in a minute"),
          Metric.gauge("vmqtt.link.open", "links that are up", MetricLabel.LINK),
          Metric.gauge(
                  "vmqtt.link.unsent.bytes", "what waits to be sent on links", MetricLabel.LINK)
              .inBytes()
              .watchedBy("LinkCongested"),
          Metric.counter("vmqtt.link.batches.sent", "batches sent", MetricLabel.LINK),
          Metric.counter(
              "vmqtt.link.frames.sent",
              "frames sent; of a batch, as many as were batched",
              MetricLabel.LINK),
          Metric.counter("vmqtt.link.sent", "bytes sent", MetricLabel.LINK).inBytes(),
          Metric.counter("vmqtt.link.batches.received", "batches that came in", MetricLabel.LINK),
          Metric.counter("vmqtt.link.frames.received", "frames that came in", MetricLabel.LINK),
          Metric.counter(
                  "vmqtt.link.frames.refused", "frames that found the link full", MetricLabel.LINK)
              .watchedBy("LinkFull"),
          Metric.counter("vmqtt.link.breaks", "links that were up and ended", MetricLabel.LINK)
              .watchedBy("LinksBreak"),
          Metric.gauge("vmqtt.loop.tasks", "what waits for a thread", MetricLabel.LOOP)
              .watchedBy("ThreadBehind"),
          Metric.counter(
              "vmqtt.loop.lent",
              "turns of the router on the thread that brought the work, in `standalone`",
              MetricLabel.LOOP),
          Metric.latency(
              "vmqtt.link.round.trip",
              "from when a batch leaves until the other side has worked on it and said so; of what one answer acknowledges, the last batch",
              MetricLabel.LINK));

  @Override
  public List<Metric> metrics() {
    return ALL;
  }
}
