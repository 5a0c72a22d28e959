package io.vmqtt.gateway.link;

import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.gateway.connection.Cluster.AttachCallback;
import io.vmqtt.gateway.connection.Cluster.PublishKey;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.connection.SharedMessage;
import io.vmqtt.gateway.local.LocalSubscriptions;
import io.vmqtt.gateway.local.Subscriber;
import io.vmqtt.model.ClientId;
import io.vmqtt.model.Message;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.RecentTopics;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.session.v1.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session that ends with its connection: its subscriptions are in this gateway's own tree, and
 * nothing of it is durable but the attachment and the will.
 */
final class TransientSession extends LaneSession implements Subscriber {
  private static final Logger log = LoggerFactory.getLogger(TransientSession.class);

  private final LocalSubscriptions.OfSession subscriptions;
  private final RouteAnnouncer announcer;
  private final Map<Integer, Long> inbound = new HashMap<>(2);
  private final long publisher;

  TransientSession(
      Lane lane,
      AttachCallback connection,
      Attachment attachment,
      @Nullable RouterLink home,
      LocalSubscriptions subscriptions,
      RouteAnnouncer announcer) {
    super(lane, connection, attachment, home);
    this.subscriptions = subscriptions.newSession(this);
    this.announcer = announcer;
    this.publisher = ClientId.hash64(attachment.clientId());
  }

  @Override
  public boolean isDurable() {
    return false;
  }

  @Override
  public int lane() {
    return lane.index();
  }

  @Override
  public long publisher() {
    return publisher;
  }

  @Override
  public int subscriptionCount() {
    return subscriptions.count();
  }

  @Override
  public void deliver(
      Outgoing message,
      int qos,
      boolean retain,
      int[] identifiers,
      @Nullable SharedMessage shared) {
    if (ended || !(connection instanceof Connection client)) {
      if (shared != null) {
        shared.toAnother().run();
      }
      return;
    }
    try {
      lane.countDelivery(client.deliver(message, qos, retain, identifiers, shared));
    } catch (RuntimeException e) {
      // The others must get theirs, and this client know that it misses something.
      log.error("a message could not be delivered, its client is disconnected", e);
      client.end(ReasonCode.UNSPECIFIED_ERROR);
    }
    if (client.isClosed()) {
      lane.countSlowClient();
    }
  }

  @Override
  public boolean takesMore() {
    return !ended && connection instanceof Connection client && client.takesMore();
  }

  @Override
  public void subscribe(
      List<Subscription> wanted, int maxSubscriptions, Consumer<List<Subscribed>> subscribed) {
    List<Subscribed> outcomes = new ArrayList<>(wanted.size());
    long version = 0;
    for (Subscription subscription : wanted) {
      TopicFilter filter = subscription.filter();
      if (subscriptions.count() >= maxSubscriptions && !subscriptions.contains(filter)) {
        outcomes.add(Subscribed.NO_ROOM);
      } else {
        boolean before = subscriptions.add(subscription);
        outcomes.add(before ? Subscribed.REPLACED : Subscribed.ADDED);
        version = announcer.changed(filter, before ? 0 : 1);
      }
    }
    announcer.whenApplied(version, () -> lane.execute(() -> subscribed.accept(outcomes)));
  }

  @Override
  public void unsubscribe(List<TopicFilter> filters, Consumer<List<Unsubscribed>> unsubscribed) {
    dropRetained(filters);
    List<Unsubscribed> outcomes = new ArrayList<>(filters.size());
    for (TopicFilter filter : filters) {
      outcomes.add(remove(filter) ? Unsubscribed.REMOVED : Unsubscribed.ABSENT);
    }
    unsubscribed.accept(outcomes);
  }

  private boolean remove(TopicFilter filter) {
    boolean existed = subscriptions.remove(filter);
    if (existed) {
      announcer.changed(filter, -1);
    }
    return existed;
  }

  /** What comes for one of them comes for every one that wants it. */
  @Override
  RecentTopics recentTopics() {
    return lane.recentTopics();
  }

  @Override
  void askForMark(Consumer<Mark> then) {
    then.accept(Mark.getDefaultInstance());
  }

  @Override
  void enqueueRetained(
      List<Message> messages, int identifier, Mark mark, BiConsumer<Queued, Mark> then) {
    throw new IllegalStateException("a transient session has no queue at a shard");
  }

  @Override
  public void beginInbound(int packetId, Consumer<PublishKey> begun) {
    long sequence = inbound.computeIfAbsent(packetId, absent -> lane.beginExactlyOnce());
    begun.accept(lane.exactlyOnceKey(sequence));
  }

  @Override
  public void endInbound(int packetId, Runnable ended) {
    inbound.remove(packetId);
    ended.run();
  }

  @Override
  public void acknowledge(long sequence) {
    throw new IllegalStateException("a transient session has no queue at a shard");
  }

  @Override
  public void receive(long sequence, Runnable noted) {
    throw new IllegalStateException("a transient session has no queue at a shard");
  }

  @Override
  public void detach(boolean clean, @Nullable Long sessionExpirySeconds, long sentThrough) {
    if (!ended) {
      subscriptions.filters().forEach(this::remove);
    }
    super.detach(clean, sessionExpirySeconds, sentThrough);
  }
}
