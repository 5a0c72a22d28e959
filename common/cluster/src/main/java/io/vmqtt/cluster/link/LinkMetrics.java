package io.vmqtt.cluster.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the links of one kind in one process do, as {@code vmqtt.link.*}, tagged with the kind
 * ({@code gateway-router}, {@code router-store}).
 */
public final class LinkMetrics {
  final Counter batchesSent;
  final Counter framesSent;
  final Counter bytesSent;
  final Counter batchesReceived;
  final Counter framesReceived;
  final Counter framesRefused;
  final Counter breaks;
  private final Set<LinkStream<?, ?, ?, ?>> open = ConcurrentHashMap.newKeySet();

  /** Registers the meters. */
  public LinkMetrics(MeterRegistry registry, String kind) {
    batchesSent = registry.counter("vmqtt.link.batches.sent", "link", kind);
    framesSent = registry.counter("vmqtt.link.frames.sent", "link", kind);
    bytesSent = registry.counter("vmqtt.link.bytes.sent", "link", kind);
    batchesReceived = registry.counter("vmqtt.link.batches.received", "link", kind);
    framesReceived = registry.counter("vmqtt.link.frames.received", "link", kind);
    framesRefused = registry.counter("vmqtt.link.frames.refused", "link", kind);
    breaks = registry.counter("vmqtt.link.breaks", "link", kind);
    registry.gaugeCollectionSize("vmqtt.link.open", Tags.of("link", kind), open);
    registry.gauge(
        "vmqtt.link.unsent.bytes",
        Tags.of("link", kind),
        open,
        links -> links.stream().mapToLong(LinkStream::unsentBytes).sum());
  }

  void opened(LinkStream<?, ?, ?, ?> link) {
    open.add(link);
  }

  void closed(LinkStream<?, ?, ?, ?> link) {
    if (open.remove(link)) {
      breaks.increment();
    }
  }
}
