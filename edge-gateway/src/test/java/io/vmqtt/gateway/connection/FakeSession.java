package io.vmqtt.gateway.connection;

import io.vmqtt.model.Message;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.SubscriptionOptions;
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
abstract sealed class FakeSession permits FakeSession.Transient, FakeSession.Durable {
  /** How often it was told that its client may take more. */
  int roomTold;

  final List<String> calls = new ArrayList<>();
  final Set<String> filters = new HashSet<>();

  /** So many subscriptions it tells in one part. */
  int toldAtOnce = 1_000_000;

  final List<String> retainedFor = new ArrayList<>();
  final List<String> retained = new ArrayList<>();
  final List<Long> acknowledged = new ArrayList<>();
  final List<Long> withheld = new ArrayList<>();
  int missedDeliveries;
  boolean resuming;
  @Nullable String detached;
  private final Map<Integer, Long> inbound = new HashMap<>();
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private long lastKey;
  private boolean holding;

  /** One that ends with its connection. */
  static final class Transient extends FakeSession implements Session.Transient {
    @Override
    Session asSession() {
      return this;
    }
  }

  /** One at a shard. */
  static final class Durable extends FakeSession implements Session.Durable {
    @Override
    Session asSession() {
      return this;
    }
  }

  /** The same as a connection sees it. */
  abstract Session asSession();

  /** From now on answers wait for {@link #answer}. */
  void hold() {
    holding = true;
  }

  /** Gives the oldest answer that waits. */
  void answer() {
    held.removeFirst().run();
  }

  /** Gives the newest answer that waits. */
  void answerNewest() {
    held.removeLast().run();
  }

  private void reply(Runnable reply) {
    if (holding) {
      held.addLast(reply);
    } else {
      reply.run();
    }
  }

  public void subscribe(
      List<Subscription> subscriptions,
      int maxSubscriptions,
      Consumer<List<Session.Subscribed>> subscribed) {
    List<Session.Subscribed> outcomes = new ArrayList<>();
    for (Subscription subscription : subscriptions) {
      String text = subscription.filter().text();
      if (filters.size() >= maxSubscriptions && !filters.contains(text)) {
        outcomes.add(Session.Subscribed.NO_ROOM);
        continue;
      }
      outcomes.add(filters.add(text) ? Session.Subscribed.ADDED : Session.Subscribed.REPLACED);
      calls.add(
          "subscribe "
              + subscription.filter().text()
              + " qos "
              + subscription.options().maximumQos().value()
              + (subscription.identifier() == 0 ? "" : " identifier " + subscription.identifier()));
    }
    reply(() -> subscribed.accept(outcomes));
  }

  public void subscriptions(Session.Subscriptions told) {
    calls.add("subscriptions");
    List<Subscription> all =
        filters.stream()
            .sorted()
            .map(
                text ->
                    new Subscription(
                        TopicFilter.parseScoped(text),
                        SubscriptionOptions.of(Qos.AT_LEAST_ONCE),
                        0))
            .toList();
    for (int i = 0; i == 0 || i < all.size(); i += toldAtOnce) {
      List<Subscription> part = all.subList(i, Math.min(all.size(), i + toldAtOnce));
      boolean last = i + toldAtOnce >= all.size();
      reply(() -> told.are(part, last));
    }
  }

  public void unsubscribe(
      List<TopicFilter> wanted, Consumer<List<Session.Unsubscribed>> unsubscribed) {
    List<Session.Unsubscribed> outcomes = new ArrayList<>();
    for (TopicFilter filter : wanted) {
      outcomes.add(
          filters.remove(filter.text())
              ? Session.Unsubscribed.REMOVED
              : Session.Unsubscribed.ABSENT);
    }
    reply(() -> unsubscribed.accept(outcomes));
  }

  public void sendRetained(List<Subscription> subscriptions) {
    subscriptions.forEach(subscription -> retainedFor.add(subscription.filter().text()));
  }

  public void roomForMore() {
    roomTold++;
  }

  public void beginInbound(int packetId, Consumer<PublishKey> begun) {
    long sequence = inbound.computeIfAbsent(packetId, absent -> ++lastKey);
    reply(() -> begun.accept(new PublishKey(1, sequence, 0)));
  }

  public void publishRetained(Message message, Cluster.PublishCallback callback) {
    retained.add(message.topic());
    reply(() -> callback.published(ReasonCode.SUCCESS));
  }

  public void endInbound(int packetId, Runnable ended) {
    inbound.remove(packetId);
    reply(ended);
  }

  public void withhold(long sequence) {
    withheld.add(sequence);
    acknowledge(sequence);
  }

  public void acknowledge(long sequence) {
    acknowledged.add(sequence);
  }

  public boolean missedDelivery() {
    missedDeliveries++;
    return !resuming;
  }

  public void receive(long sequence, Runnable noted) {
    calls.add("received " + sequence);
    reply(noted);
  }

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
