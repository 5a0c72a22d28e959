package io.vmqtt.gateway.sessions;

import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.gateway.connection.Session;
import io.vmqtt.gateway.connection.SessionOwner;
import io.vmqtt.gateway.connection.SessionOwner.Delivered;
import io.vmqtt.gateway.connection.SharedMessage;
import io.vmqtt.gateway.local.LocalSubscriptions;
import io.vmqtt.gateway.local.Subscriber;
import io.vmqtt.model.ClientId;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.RecentTopics;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.session.v1.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session that ends with its connection: its subscriptions are in this gateway's own tree, and
 * nothing of it is durable but the attachment and the will.
 */
final class TransientSession extends LaneSession implements Session.Transient, Subscriber {
  private static final Logger log = LoggerFactory.getLogger(TransientSession.class);

  private final LocalSubscriptions.OfSession subscriptions;
  private final Map<Integer, Long> inbound = new HashMap<>(2);
  private final long publisher;

  TransientSession(Sessions siblings, SessionOwner owner, Attachment attachment, ShardPath path) {
    super(siblings, owner, attachment, path);
    this.subscriptions = siblings.subscriptions.newSession(this);
    this.publisher = ClientId.hash64(attachment.clientId());
  }

  @Override
  public Session asSession() {
    return this;
  }

  @Override
  public void endIfSubscribed() {
    if (subscriptionCount() > 0) {
      owner.lost(ReasonCode.UNSPECIFIED_ERROR);
    }
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
  public void deliver(Outgoing message, Delivery delivery, @Nullable SharedMessage shared) {
    if (ended) {
      if (shared != null) {
        shared.toAnother().run();
      }
      return;
    }
    try {
      Delivered outcome = owner.deliver(message, delivery, shared);
      lane.countDelivery(outcome == Delivered.GIVEN);
      if (outcome == Delivered.TOO_MUCH) {
        lane.countSlowClient();
      }
    } catch (RuntimeException e) {
      // The others must get theirs, and this client know that it misses something.
      log.error("a message could not be delivered, its client is disconnected", e);
      owner.lost(ReasonCode.UNSPECIFIED_ERROR);
    }
  }

  @Override
  public boolean takesMore() {
    return !ended && owner.takesMore();
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
        version = siblings.routes.changed(filter, before ? 0 : 1);
      }
    }
    siblings.routes.whenApplied(version, () -> lane.execute(() -> subscribed.accept(outcomes)));
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

  @Override
  public void subscriptions(Subscriptions told) {
    told.are(subscriptions.all(), true);
  }

  private boolean remove(TopicFilter filter) {
    boolean existed = subscriptions.remove(filter);
    if (existed) {
      siblings.routes.changed(filter, -1);
    }
    return existed;
  }

  /** What comes for one of them comes for every one that wants it. */
  @Override
  RecentTopics recentTopics() {
    return siblings.recentTopics();
  }

  @Override
  void askForMark(Consumer<Mark> then) {
    then.accept(Mark.getDefaultInstance());
  }

  @Override
  @Nullable DurableSession queue() {
    return null;
  }

  @Override
  public void beginInbound(int packetId, Consumer<PublishKey> begun) {
    long sequence = inbound.computeIfAbsent(packetId, absent -> lane.exactlyOnce().begin());
    begun.accept(lane.exactlyOnce().key(sequence));
  }

  @Override
  public void endInbound(int packetId, Runnable ended) {
    inbound.remove(packetId);
    ended.run();
  }

  @Override
  public void detach(boolean clean, @Nullable Long sessionExpirySeconds, long sentThrough) {
    if (!ended) {
      subscriptions.filters().forEach(this::remove);
    }
    super.detach(clean, sessionExpirySeconds, sentThrough);
  }
}
