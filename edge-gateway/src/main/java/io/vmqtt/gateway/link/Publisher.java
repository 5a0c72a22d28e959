package io.vmqtt.gateway.link;

import io.vmqtt.cluster.metrics.Latency;
import io.vmqtt.cluster.metrics.Sampler;
import io.vmqtt.cluster.placement.HashRing;
import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.cluster.wire.Messages;
import io.vmqtt.gateway.connection.Cluster.PublishCallback;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.gateway.spans.Spans;
import io.vmqtt.model.Message;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.message.v1.PublishRefusal;
import io.vmqtt.proto.message.v1.PublishResults;
import io.vmqtt.proto.message.v1.ShareChoice;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.Publish;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The publishes of one lane on their way to routers. Confined to the lane's thread.
 *
 * <p>All publishes of a topic go to one router, which is what keeps their order. So when the ring
 * of routers changes, new publishes are held back until those whose topic moves are answered; what
 * is with a router that is not on the new ring is then sent again, before anything newer. So is
 * what has no answer after the time of failure detection: it may wait for a shard that is away, and
 * all others must not. While there is no router at all everything is held, and {@link #isFull}
 * stops the publishers.
 */
final class Publisher {
  /** How often {@link #look} is called in the time of failure detection. */
  static final int LOOKS = 4;

  private final int lane;
  private final long maxBytes;
  private final LoopMemory memory;
  private final GatewayMetrics metrics;
  private final Numbers numbers;
  private final Sampler sampler = new Sampler();
  private final NumberMap<PendingPublish> pending = new NumberMap<>();
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private HashRing<RouterPeer> ring = HashRing.of(List.of(), router -> router.nodeId);
  private @Nullable HashRing<RouterPeer> nextRing;
  private long bytes;

  /** The publish that the next ring was last seen to wait for. */
  private long awaited;

  private int looks;

  /** A publish that waits for a ring. */
  private record Held(Publish.Builder publish, int bytes, @Nullable PublishCallback callback) {}

  /**
   * @param maxBytes of publishes without an answer
   * @param memory of the lane, where they count too
   */
  Publisher(int lane, long maxBytes, LoopMemory memory, GatewayMetrics metrics) {
    this.lane = lane;
    this.maxBytes = maxBytes;
    this.memory = memory;
    this.metrics = metrics;
    this.numbers = new Numbers(lane);
  }

  /** The router that a topic or a client belongs to, or null while there is none. */
  @Nullable RouterPeer routerOf(String key) {
    HashRing<RouterPeer> newest = nextRing == null ? ring : nextRing;
    return newest.isEmpty() ? null : newest.ownerOf(key);
  }

  /** Every router on the ring. */
  List<RouterPeer> routers() {
    return (nextRing == null ? ring : nextRing).nodes();
  }

  /** True while publishers should not be read from. */
  boolean isFull() {
    if (bytes >= maxBytes) {
      return true;
    }
    if (nextRing != null || ring.isEmpty()) {
      return !held.isEmpty();
    }
    for (RouterPeer router : ring.nodes()) {
      if (router.link.congested()) {
        return true;
      }
    }
    return false;
  }

  void publish(Message message, @Nullable PublishKey key, @Nullable PublishCallback callback) {
    Spans spans = metrics.spans();
    Spans.Published told = spans == null ? null : spans.begin(message);
    if (told == null) {
      measure(message, key, callback);
    } else if (callback == null) {
      measure(told.message(), key, null);
      told.end(ReasonCode.SUCCESS);
    } else {
      measure(
          told.message(),
          key,
          reason -> {
            told.end(reason);
            callback.published(reason);
          });
    }
  }

  private void measure(
      Message message, @Nullable PublishKey key, @Nullable PublishCallback callback) {
    metrics.published.increment();
    long now = System.nanoTime();
    if (sampler.takes(now)) {
      Publish.Builder measured = Publish.newBuilder();
      measured.getMessageBuilder().setMeasuredAtMicros(Latency.wallMicros());
      publish(measured, message, key, callback == null ? null : measured(now, callback));
    } else {
      publish(Publish.newBuilder(), message, key, callback);
    }
  }

  private PublishCallback measured(long sinceNanos, PublishCallback callback) {
    return reason -> {
      metrics.acknowledge.record(System.nanoTime() - sinceNanos);
      callback.published(reason);
    };
  }

  /**
   * Hands back what a vanished member of a share group has left, for one that is not here. Where
   * too much is unanswered it is refused at once.
   */
  void handBack(
      Message message, TopicFilter share, @Nullable PublishKey key, PublishCallback callback) {
    if (bytes >= maxBytes) {
      callback.published(ReasonCode.QUOTA_EXCEEDED);
      return;
    }
    ShareChoice choice =
        ShareChoice.newBuilder()
            .setGroup(String.valueOf(share.shareGroup()))
            .setFilter(share.filter())
            .build();
    publish(Publish.newBuilder().setLeft(true).addShares(choice), message, key, callback);
  }

  private void publish(
      Publish.Builder publish,
      Message message,
      @Nullable PublishKey key,
      @Nullable PublishCallback callback) {
    long measuredAtMicros = publish.getMessage().getMeasuredAtMicros();
    publish.setMessage(Messages.toWire(message));
    if (measuredAtMicros != 0) {
      publish.getMessageBuilder().setMeasuredAtMicros(measuredAtMicros);
    }
    if (key != null) {
      publish.setKey(Messages.toWire(key));
    }
    int frameBytes = FrameSize.of(publish.getMessage());
    if (nextRing != null || ring.isEmpty()) {
      hold(new Held(publish, frameBytes, callback));
    } else {
      send(publish, frameBytes, callback);
    }
  }

  /** What became of publishes, those of other lanes among them. */
  void results(PublishResults results) {
    for (int i = 0; i < results.getSucceededCount(); i++) {
      finish(results.getSucceeded(i), ReasonCode.SUCCESS);
    }
    for (int i = 0; i < results.getUnmatchedCount(); i++) {
      finish(results.getUnmatched(i), ReasonCode.NO_MATCHING_SUBSCRIBERS);
    }
    for (PublishRefusal refusal : results.getRefusedList()) {
      finish(refusal.getSequence(), ReasonCode.of(refusal.getReasonCode()));
    }
    switchRing();
  }

  /** The routers to use may have changed; returns whether they have. */
  boolean ringChanged(HashRing<RouterPeer> newRing) {
    HashRing<RouterPeer> newest = nextRing == null ? ring : nextRing;
    boolean changed = !newRing.nodes().equals(newest.nodes());
    if (changed) {
      nextRing = newRing;
      awaited = 0;
      looks = 0;
      switchRing();
    }
    return changed;
  }

  /** To be called now and then. */
  void look() {
    if (nextRing != null) {
      looks++;
      switchRing();
    }
  }

  private void finish(long sequence, ReasonCode reason) {
    if (Numbers.laneOf(sequence) != lane) {
      return;
    }
    PendingPublish done = pending.remove(sequence);
    if (done != null) {
      count(-done.bytes);
      done.callback.published(reason);
    }
  }

  private void hold(Held one) {
    if (one.callback == null && bytes >= maxBytes) {
      metrics.shed.increment();
      return;
    }
    count(one.bytes);
    held.addLast(one);
  }

  private void send(Publish.Builder publish, int frameBytes, @Nullable PublishCallback callback) {
    RouterPeer router = ring.ownerOf(publish.getMessage().getTopic());
    if (callback == null) {
      router.add(lane, frame(publish.build()), frameBytes);
      return;
    }
    PendingPublish waiting =
        new PendingPublish(
            publish.setSequence(numbers.next()).build(), frameBytes, callback, router);
    pending.put(waiting.sequence(), waiting);
    count(frameBytes);
    router.add(lane, frame(waiting.publish), frameBytes);
  }

  private void switchRing() {
    HashRing<RouterPeer> next = nextRing;
    if (next == null || next.isEmpty()) {
      return;
    }
    boolean patient = looks < LOOKS;
    if (patient && pending.contains(awaited)) {
      return;
    }
    List<PendingPublish> moving = new ArrayList<>();
    for (PendingPublish waiting : pending.values()) {
      if (next.ownerOf(waiting.topic()) != waiting.router) {
        if (patient && next.nodes().contains(waiting.router)) {
          awaited = waiting.sequence(); // its answer will come, and this be tried again
          return;
        }
        moving.add(waiting);
      }
    }
    ring = next;
    nextRing = null;
    moving.sort(Comparator.comparingLong(PendingPublish::sequence));
    MovedWork moved = new MovedWork();
    moving.forEach(waiting -> moved.from(waiting.router).addPublishes(waiting.sequence()));
    moved.tell(lane);
    for (PendingPublish waiting : moving) {
      waiting.router = ring.ownerOf(waiting.topic());
      waiting.router.add(
          lane, frame(waiting.publish.toBuilder().setAgain(true).build()), waiting.bytes);
    }
    for (Held one = held.pollFirst(); one != null; one = held.pollFirst()) {
      count(-one.bytes);
      send(one.publish, one.bytes, one.callback);
    }
  }

  private void count(int more) {
    bytes += more;
    memory.add(more);
  }

  private static GatewayFrame frame(Publish publish) {
    return GatewayFrame.newBuilder().setPublish(publish).build();
  }
}
