package io.vmqtt.gateway.connection;

import io.vmqtt.model.Message;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.ScopedName;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.TopicFilter;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session as a client with a namespace sees it: see {@link NamespacedCluster}. */
abstract sealed class NamespacedSession {
  private final Session session;
  private final NamespacedCluster names;

  private NamespacedSession(Session session, NamespacedCluster names) {
    this.session = session;
    this.names = names;
  }

  /**
   * The session for a client whose cluster that is; without a namespace it is the session itself.
   */
  static Session of(Session session, Cluster cluster) {
    if (!(cluster instanceof NamespacedCluster names)) {
      return session;
    }
    return switch (session) {
      case Session.Transient own -> new OfGateway(own, names);
      case Session.Durable own -> new OfShard(own, names);
    };
  }

  public void subscribe(
      List<Subscription> subscriptions,
      int maxSubscriptions,
      Consumer<List<Session.Subscribed>> subscribed) {
    session.subscribe(scoped(subscriptions), maxSubscriptions, subscribed);
  }

  public void unsubscribe(
      List<TopicFilter> filters, Consumer<List<Session.Unsubscribed>> unsubscribed) {
    session.unsubscribe(filters.stream().map(names::scoped).toList(), unsubscribed);
  }

  public void subscriptions(Session.Subscriptions told) {
    session.subscriptions(
        (some, last) ->
            told.are(
                some.stream().map(one -> one.with(ScopedName.local(one.filter()))).toList(), last));
  }

  public void sendRetained(List<Subscription> subscriptions) {
    session.sendRetained(scoped(subscriptions));
  }

  public void publishRetained(Message message, Cluster.PublishCallback callback) {
    session.publishRetained(names.scoped(message), callback);
  }

  private List<Subscription> scoped(List<Subscription> subscriptions) {
    return subscriptions.stream().map(one -> one.with(names.scoped(one.filter()))).toList();
  }

  public void roomForMore() {
    session.roomForMore();
  }

  public void beginInbound(int packetId, Consumer<PublishKey> begun) {
    session.beginInbound(packetId, begun);
  }

  public void endInbound(int packetId, Runnable ended) {
    session.endInbound(packetId, ended);
  }

  public void detach(boolean clean, @Nullable Long sessionExpirySeconds, long sentThrough) {
    session.detach(clean, sessionExpirySeconds, sentThrough);
  }

  private static final class OfGateway extends NamespacedSession implements Session.Transient {
    OfGateway(Session.Transient session, NamespacedCluster names) {
      super(session, names);
    }
  }

  private static final class OfShard extends NamespacedSession implements Session.Durable {
    private final Session.Durable session;

    OfShard(Session.Durable session, NamespacedCluster names) {
      super(session, names);
      this.session = session;
    }

    @Override
    public void acknowledge(long sequence) {
      session.acknowledge(sequence);
    }

    @Override
    public void withhold(long sequence) {
      session.withhold(sequence);
    }

    @Override
    public void receive(long sequence, Runnable noted) {
      session.receive(sequence, noted);
    }

    @Override
    public boolean missedDelivery() {
      return session.missedDelivery();
    }
  }
}
