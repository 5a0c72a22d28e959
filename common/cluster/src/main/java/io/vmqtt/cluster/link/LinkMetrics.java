package io.vmqtt.cluster.link;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vmqtt.cluster.metrics.EventCounter;
import io.vmqtt.cluster.metrics.Latency;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the links of one kind in one process do, as {@code vmqtt.link.*}, tagged with the kind
 * ({@code gateway-router}, {@code router-store}).
 */
public final class LinkMetrics {
  final EventCounter batchesSent;
  final EventCounter framesSent;
  final EventCounter bytesSent;
  final EventCounter batchesReceived;
  final EventCounter framesReceived;
  final EventCounter framesRefused;
  final EventCounter breaks;
  final Latency roundTrip;
  private final String kind;
  private final Set<LinkStream<?, ?, ?, ?>> open = ConcurrentHashMap.newKeySet();

  /** Registers the meters. */
  public LinkMetrics(MeterRegistry registry, String kind) {
    this.kind = kind;
    Tags tags = Tags.of("link", kind);
    batchesSent = counter(registry, tags, "batches.sent", "batches sent");
    framesSent = counter(registry, tags, "frames.sent", "frames sent");
    bytesSent = counter(registry, tags, "sent", "bytes sent");
    batchesReceived = counter(registry, tags, "batches.received", "batches that came in");
    framesReceived = counter(registry, tags, "frames.received", "frames that came in");
    framesRefused = counter(registry, tags, "frames.refused", "frames that found the link full");
    breaks = counter(registry, tags, "breaks", "links that were up and ended");
    roundTrip = Latency.register(registry, "vmqtt.link.round.trip", tags);
    Gauge.builder("vmqtt.link.open", open, Set::size)
        .description("links that are up")
        .tags(tags)
        .register(registry);
    Gauge.builder(
            "vmqtt.link.unsent.bytes",
            open,
            links -> links.stream().mapToLong(LinkStream::unsentBytes).sum())
        .description("what waits to be sent")
        .tags(tags)
        .register(registry);
  }

  private static EventCounter counter(
      MeterRegistry registry, Tags tags, String name, String description) {
    return EventCounter.register(registry, "vmqtt.link." + name, description, tags);
  }

  /** Of those that are up, by peer. Safe from any thread. */
  public List<LinkFigures> figures() {
    return open.stream()
        .map(link -> link.figures(kind))
        .sorted(Comparator.comparing(LinkFigures::peer))
        .toList();
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
