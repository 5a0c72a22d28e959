package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.Message;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.ReasonCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A cluster whose answers come when a test gives them. */
final class FakeCluster implements Cluster {
  final Map<Bound, Integer> beyond = new EnumMap<>(Bound.class);
  boolean available = true;
  final LoopMemory memory = new ClientMemory(1_000_000, 1).ofLoop(0);
  final List<AttachRequest> attaches = new ArrayList<>();
  final List<Published> published = new ArrayList<>();
  final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  final List<Long> decidedAfterNanos = new ArrayList<>();
  final List<Long> acceptedAfterNanos = new ArrayList<>();
  final Map<Missed, Integer> missed = new EnumMap<>(Missed.class);
  int denied;
  int subscriptionsDenied;
  int deliveriesDenied;
  int accessFailures;
  long nowMillis;

  /** A publish that the cluster was given; one of QoS 0 has no callback. */
  record Published(Message message, @Nullable PublishKey key, @Nullable PublishCallback callback) {

    void answer(ReasonCode reason) {
      if (callback == null) {
        throw new IllegalStateException("nobody waits for " + message);
      }
      callback.published(reason);
    }
  }

  @Override
  public boolean isAvailable() {
    return available;
  }

  @Override
  public void attach(AttachRequest request, AttachCallback callback) {
    attaches.add(request);
  }

  @Override
  public void publish(Message message) {
    published.add(new Published(message, null, null));
  }

  @Override
  public void publish(Message message, @Nullable PublishKey key, PublishCallback callback) {
    published.add(new Published(message, key, callback));
  }

  @Override
  public void execute(Runnable task) {
    tasks.addLast(task);
  }

  /** One turn of the connection's thread; false: there is nothing to do. */
  boolean runNext() {
    Runnable next = tasks.pollFirst();
    if (next != null) {
      next.run();
    }
    return next != null;
  }

  /** Has the connection's thread go on: what was answered elsewhere gets there. */
  void run() {
    while (!tasks.isEmpty()) {
      tasks.removeFirst().run();
    }
  }

  @Override
  public void missed(Missed what, Identity who, int times) {
    missed.merge(what, times, Integer::sum);
    denied = missed.getOrDefault(Missed.PUBLISH_DENIED, 0);
    subscriptionsDenied = missed.getOrDefault(Missed.SUBSCRIPTION_DENIED, 0);
    deliveriesDenied = missed.getOrDefault(Missed.DELIVERY_DENIED, 0);
  }

  @Override
  public void beyond(Bound bound) {
    beyond.merge(bound, 1, Integer::sum);
  }

  @Override
  public void accessFailed(CompletableFuture<?> answer) {
    accessFailures++;
  }

  @Override
  public LoopMemory memory() {
    return memory;
  }

  @Override
  public long nanoTime() {
    return TimeUnit.MILLISECONDS.toNanos(nowMillis);
  }

  @Override
  public void decided(long sinceNanos) {
    decidedAfterNanos.add(nanoTime() - sinceNanos);
  }

  @Override
  public void accepted(long sinceNanos) {
    acceptedAfterNanos.add(nanoTime() - sinceNanos);
  }

  @Override
  public long currentTimeMillis() {
    return nowMillis;
  }

  /** The topics of all publishes, in order. */
  List<String> topics() {
    return published.stream().map(one -> one.message().topic()).toList();
  }

  /** Answers a publish, by its place. */
  void answer(int index, ReasonCode reason) {
    published.get(index).answer(reason);
  }
}
