package io.vmqtt.store.config;

import io.vmqtt.cluster.metrics.Metric;
import io.vmqtt.cluster.metrics.MetricCatalogue;
import io.vmqtt.cluster.metrics.MetricLabel;
import java.util.List;

/** What a store measures. */
public final class StoreCatalogue implements MetricCatalogue {
  private static final List<Metric> ALL =
      List.of(
          Metric.gauge("vmqtt.store.shards", "shards held here"),
          Metric.gauge("vmqtt.store.shards.led", "shards led here"),
          Metric.gauge("vmqtt.store.sessions", "sessions"),
          Metric.gauge("vmqtt.store.sessions.attached", "sessions that messages are pushed to"),
          Metric.gauge("vmqtt.store.queue.messages", "messages in the queues of sessions"),
          Metric.gauge(
              "vmqtt.store.namespace.sessions",
              "sessions that the shards led here have of a namespace",
              MetricLabel.NAMESPACE),
          Metric.gauge(
                  "vmqtt.store.namespace.queue.bytes",
                  "what waits in the queues of a namespace, in the shards led here",
                  MetricLabel.NAMESPACE)
              .inBytes(),
          Metric.gauge(
                  "vmqtt.store.namespace.retained.bytes",
                  "retained messages of a namespace, in the shards led here",
                  MetricLabel.NAMESPACE)
              .inBytes(),
          Metric.counter(
              "vmqtt.store.namespace.refused",
              "sessions and retained messages refused, and messages dropped, for the quotas of a namespace",
              MetricLabel.NAMESPACE,
              MetricLabel.QUOTA),
          Metric.counter(
              "vmqtt.store.leaders.lost",
              "elections begun because the process of a leader was gone"),
          Metric.counter("vmqtt.store.entries", "log entries applied"),
          Metric.counter(
              "vmqtt.store.commands", "commands applied; of an entry, as many as were batched"),
          Metric.gauge(
                  "vmqtt.store.replay.seconds",
                  "what a start after a crash would take now to apply what the tables lack: four times what it took when it came; at `--max-replay` tables are flushed, but for those of shards with other replicas. An upper limit: RocksDB flushes some of it by itself")
              .inSeconds(),
          Metric.counter(
              "vmqtt.store.journal.writes",
              "writes to the journal, each with a sync; where there is one"),
          Metric.gauge(
                  "vmqtt.store.journal.bytes",
                  "files of the journal that are full; they go when the tables have what is in them")
              .inBytes(),
          Metric.counter(
                  "vmqtt.store.shards.reopened",
                  "attempts to open a shard again that could not go on")
              .watchedBy("ShardCannotGoOn"),
          Metric.counter(
                  "vmqtt.store.entries.failed",
                  "log entries that were not committed, as far as is known")
              .watchedBy("EntriesNotCommitted"),
          Metric.counter("vmqtt.store.messages.queued", "messages put into queues"),
          Metric.counter("vmqtt.store.messages.pushed", "messages pushed to gateways"),
          Metric.counter("vmqtt.store.messages.expired", "messages that expired in a queue"),
          Metric.counter(
                  "vmqtt.store.messages.dropped",
                  "messages that sessions lost because their queues were full")
              .watchedBy("QueuedMessagesLost"),
          Metric.counter(
                  "vmqtt.store.messages.shed", "QoS 0 messages dropped on the way to a gateway")
              .watchedBy("MessagesShed"),
          Metric.counter(
                  "vmqtt.store.publishes.refused",
                  "publishes that came to a shard with no room on its disk at all, or for retained messages of their namespace, or too large")
              .watchedBy("PublishesRefused"),
          Metric.counter("vmqtt.store.wills.dropped", "wills given up after 6 refusals")
              .watchedBy("WillsLost"),
          Metric.counter(
              "vmqtt.store.wills.forbidden",
              "wills that access rules did not allow any more when their time had come"),
          Metric.gauge(
              "vmqtt.store.to.publish",
              "wills, and messages that ended sessions left to their share groups, which no router has confirmed"),
          Metric.counter(
              "vmqtt.store.left.dropped",
              "messages that sessions left to others of their share groups, and that nobody took"),
          Metric.counter("vmqtt.store.queue.reads", "queue entries that had to be read from disk"),
          Metric.gauge("vmqtt.store.disk.free.bytes", "room on the disk of the data folder")
              .inBytes()
              .watchedBy("DiskNearlyFull"),
          Metric.counter(
                  "vmqtt.store.scrub.bytes",
                  "bytes of complete files that were read and compared with their checksums")
              .inBytes(),
          Metric.gauge(
                  "vmqtt.store.scrub.damaged",
                  "files that the scrub has found to be damaged since the start")
              .watchedBy("DamageFound"),
          Metric.gauge(
                  "vmqtt.store.scrub.age.seconds",
                  "how long ago the last whole round of the scrub ended, or else the start was")
              .inSeconds()
              .watchedBy("ScrubLate"),
          Metric.latency(
                  "vmqtt.store.commit",
                  "from when an entry of a shard led here is written until it is committed and applied")
              .watchedBy("CommitsSlow"),
          Metric.latency(
              "vmqtt.store.sync",
              "writing a batch of entries to the journal, and having it synced; there is no journal where a shard has other replicas: there `vmqtt_store_commit_seconds` has the sync in it"));

  @Override
  public List<Metric> metrics() {
    return ALL;
  }
}
