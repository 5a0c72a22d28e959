package io.vmqtt.store.host;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.metrics.Latency;
import io.vmqtt.store.shard.ShardCounts;
import io.vmqtt.store.shard.ShardStatus;
import java.util.function.ToDoubleFunction;

/** The meters {@code vmqtt.store.*} of the shards of a process. */
final class ShardMeters {
  private ShardMeters() {}

  static void register(ShardHost host, MeterRegistry registry) {
    ShardCounts counts = host.counts();
    counts.recordCommits(Latency.register(registry, "vmqtt.store.commit")::record);
    count(registry, "entries", "log entries applied", counts, ShardCounts::entries);
    count(registry, "commands", "commands applied", counts, ShardCounts::commands);
    count(
        registry,
        "entries.failed",
        "log entries that were not committed, as far as is known",
        counts,
        ShardCounts::failedEntries);
    count(
        registry,
        "shards.reopened",
        "attempts to open a shard again that could not go on",
        counts,
        ShardCounts::reopened);
    count(registry, "messages.queued", "messages put into queues", counts, ShardCounts::queued);
    count(
        registry,
        "messages.dropped",
        "messages that sessions lost because their queues were full",
        counts,
        ShardCounts::dropped);
    count(
        registry,
        "publishes.refused",
        "publishes refused for want of room, on the disk or of a namespace, or for their size",
        counts,
        ignored -> counts.leading().refused());
    count(
        registry,
        "wills.dropped",
        "wills that were refused too often",
        counts,
        ignored -> counts.leading().willsDropped());
    count(
        registry,
        "wills.forbidden",
        "wills that access rules did not allow any more when their time had come",
        counts,
        ignored -> counts.leading().willsForbidden());
    count(
        registry,
        "left.dropped",
        "messages that sessions left to others of their share groups, and that nobody took",
        counts,
        ignored -> counts.leading().leftDropped());
    count(
        registry,
        "messages.pushed",
        "messages pushed to gateways",
        counts,
        ignored -> counts.leading().deliveries().pushed());
    count(
        registry,
        "messages.shed",
        "messages of QoS 0 dropped on the way to a gateway",
        counts,
        ignored -> counts.leading().deliveries().shed());
    count(
        registry,
        "messages.expired",
        "messages that expired in a queue",
        counts,
        ignored -> counts.leading().deliveries().expired());
    count(
        registry,
        "queue.reads",
        "queue entries read from disk",
        counts,
        ignored -> counts.leading().deliveries().readFromDisk());
    gauge(registry, "shards", "shards replicated here", host, ShardStatus::shard, true);
    gauge(registry, "shards.led", "shards led from here", host, one -> one.leader() ? 1 : 0, false);
    gauge(registry, "sessions", "sessions", host, ShardStatus::sessions, false);
    gauge(
        registry,
        "sessions.attached",
        "sessions that messages are pushed to",
        host,
        ShardStatus::attached,
        false);
    gauge(
        registry,
        "to.publish",
        "wills, and messages that ended sessions left, which no router has confirmed",
        host,
        ShardStatus::toPublish,
        false);
    gauge(registry, "queue.messages", "messages in queues", host, ShardStatus::queued, false);
  }

  private static void count(
      MeterRegistry registry,
      String name,
      String description,
      ShardCounts counts,
      ToDoubleFunction<ShardCounts> value) {
    FunctionCounter.builder("vmqtt.store." + name, counts, value)
        .description(description)
        .register(registry);
  }

  private static void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ShardHost host,
      ToDoubleFunction<ShardStatus> value,
      boolean countOnly) {
    Gauge.builder(
            "vmqtt.store." + name,
            host,
            all ->
                countOnly
                    ? all.shards().size()
                    : all.shards().stream()
                        .mapToDouble(shard -> value.applyAsDouble(shard.status()))
                        .sum())
        .description(description)
        .register(registry);
  }
}
