package io.vmqtt.gateway.connection;

import io.vmqtt.model.Message;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.TopicFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session, here or at a shard, whose answers come at once or, when told to, later. */
final class FakeSession implements Session {
  /** How often it was told that its client may take more. */
  int roomTold;

  final List<String> calls = new ArrayList<>();
  final Set<String> filters = new HashSet<>();
  final List<String> retainedFor = new ArrayList<>();
  final List<String> retained = new ArrayList<>();
  final List<Long> acknowledged = new ArrayList<>();
  int missedDeliveries;
  boolean resuming;
  @Nullable String detached;
  private final boolean durable;
  private final Map<Integer, Long> inbound = new HashMap<>();
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private long lastKey;
  private boolean holding;

  FakeSession(boolean durable) {
    this.durable = durable;
  }

  /** From now on answers wait for {@link #answer}. */
  void hold() {
    holding = true;
  }

  /** Gives the oldest answer that waits. */
  void answer() {
    held.removeFirst().run();
  }

  private void reply(Runnable reply) {
    if (holding) {
      held.addLast(reply);
    } else {
      reply.run();
    }
  }

  @Override
  public boolean isDurable() {
    return durable;
  }

  @Override
  public void subscribe(
      List<Subscription> subscriptions,
      int maxSubscriptions,
      Consumer<List<Subscribed>> subscribed) {
    List<Subscribed> outcomes = new ArrayList<>();
    for (Subscription subscription : subscriptions) {
      String text = subscription.filter().text();
      if (filters.size() >= maxSubscriptions && !filters.contains(text)) {
        outcomes.add(Subscribed.NO_ROOM);
        continue;
      }
      outcomes.add(filters.add(text) ? Subscribed.ADDED : Subscribed.REPLACED);
      calls.add(
          "subscribe "
              + subscription.filter().text()
              + " qos "
              + subscription.options().maximumQos().value()
              + (subscription.identifier() == 0 ? "" : " identifier " + subscription.identifier()));
    }
    reply(() -> subscribed.accept(outcomes));
  }

  @Override
  public void unsubscribe(List<TopicFilter> wanted, Consumer<List<Unsubscribed>> unsubscribed) {
    List<Unsubscribed> outcomes = new ArrayList<>();
    for (TopicFilter filter : wanted) {
      outcomes.add(filters.remove(filter.text()) ? Unsubscribed.REMOVED : Unsubscribed.ABSENT);
    }
    reply(() -> unsubscribed.accept(outcomes));
  }

  @Override
  public void sendRetained(List<Subscription> subscriptions) {
    subscriptions.forEach(subscription -> retainedFor.add(subscription.filter().text()));
  }

  @Override
  public void roomForMore() {
    roomTold++;
  }

  @Override
  public void beginInbound(int packetId, Consumer<Cluster.PublishKey> begun) {
    long sequence = inbound.computeIfAbsent(packetId, absent -> ++lastKey);
    reply(() -> begun.accept(new Cluster.PublishKey(1, sequence, 0)));
  }

  @Override
  public void publishRetained(Message message, Cluster.PublishCallback callback) {
    retained.add(message.topic());
    reply(() -> callback.published(ReasonCode.SUCCESS));
  }

  @Override
  public void endInbound(int packetId, Runnable ended) {
    inbound.remove(packetId);
    reply(ended);
  }

  @Override
  public void acknowledge(long sequence) {
    acknowledged.add(sequence);
  }

  @Override
  public boolean missedDelivery() {
    missedDeliveries++;
    return !resuming;
  }

  @Override
  public void receive(long sequence, Runnable noted) {
    calls.add("received " + sequence);
    reply(noted);
  }

  @Override
  public void detach(boolean clean, @Nullable Long sessionExpirySeconds, long sentThrough) {
    if (detached != null) {
      throw new IllegalStateException("detached twice");
    }
    detached =
        (clean ? "clean" : "with will")
            + (sessionExpirySeconds == null ? "" : " expiry " + sessionExpirySeconds)
            + (sentThrough == 0 ? "" : " sent through " + sentThrough);
  }
}
