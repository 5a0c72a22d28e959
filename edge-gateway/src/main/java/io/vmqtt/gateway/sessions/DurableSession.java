package io.vmqtt.gateway.sessions;

import io.vmqtt.cluster.wire.Messages;
import io.vmqtt.gateway.connection.DurableDelivery;
import io.vmqtt.gateway.connection.Session;
import io.vmqtt.gateway.connection.SessionOwner;
import io.vmqtt.model.Message;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.Qos;
import io.vmqtt.model.RecentTopics;
import io.vmqtt.model.RetainHandling;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.session.v1.Acknowledge;
import io.vmqtt.proto.session.v1.BeginInbound;
import io.vmqtt.proto.session.v1.EndInbound;
import io.vmqtt.proto.session.v1.Enqueue;
import io.vmqtt.proto.session.v1.Enqueued;
import io.vmqtt.proto.session.v1.Mark;
import io.vmqtt.proto.session.v1.ReadSubscriptions;
import io.vmqtt.proto.session.v1.Receive;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.session.v1.Subscribe;
import io.vmqtt.proto.session.v1.SubscriptionsPage;
import io.vmqtt.proto.session.v1.Unsubscribe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session that outlives its connection: everything about it is at its shard. */
final class DurableSession extends LaneSession implements Session.Durable {
  /** As many as a client has on its way, as a rule, while a page waits for it. */
  private static final int RECENT_TOPICS = 1_024;

  /** What a client has not acknowledged after so many looks may have expired. */
  private static final long PATIENCE_LOOKS = 8;

  private final Acknowledge.Builder acknowledged = Acknowledge.newBuilder();
  private final Receive.Builder received = Receive.newBuilder();
  private final KeySource enqueued;

  /** Null while no page of retained messages is here or on its way. */
  private @Nullable RecentTopics recentTopics;

  private long enqueuedThrough;
  private long highestAcknowledged;
  private long looksAtEnqueue;
  private List<Runnable> whenReceived = new ArrayList<>(2);

  /** What became of retained messages that were to go into the session's queue. */
  enum Queued {
    TAKEN,
    /** They may be older than what is in the queue: they have to be read again. */
    STALE,
    /** They do not fit. */
    FULL
  }

  DurableSession(Sessions siblings, SessionOwner owner, Attachment attachment, ShardPath path) {
    super(siblings, owner, attachment, path);
    enqueued = KeySource.of(attachment, KeySource.Purpose.ENQUEUE);
  }

  @Override
  public Session asSession() {
    return this;
  }

  @Override
  public void subscribe(
      List<Subscription> wanted, int maxSubscriptions, Consumer<List<Subscribed>> subscribed) {
    Subscribe.Builder subscribe =
        Subscribe.newBuilder()
            .setSession(attachment.session())
            .setEpoch(attachment.epoch())
            .setMaxSubscriptions(maxSubscriptions);
    for (Subscription subscription : wanted) {
      subscribe.addSubscriptions(
          io.vmqtt.proto.session.v1.Subscription.newBuilder()
              .setFilter(subscription.filter().text())
              .setMaximumQos(subscription.options().maximumQos().value())
              .setNoLocal(subscription.options().noLocal())
              .setRetainAsPublished(subscription.options().retainAsPublished())
              .setIdentifier(subscription.identifier()));
    }
    ask(
        ShardRequest.newBuilder().setSubscribe(subscribe),
        reply -> subscribed.accept(outcomes(reply.getSubscribed())),
        () -> subscribed.accept(Collections.nCopies(wanted.size(), Subscribed.REFUSED)));
  }

  private static List<Subscribed> outcomes(io.vmqtt.proto.session.v1.Subscribed reply) {
    List<Subscribed> outcomes = new ArrayList<>(reply.getExistedCount());
    for (boolean existed : reply.getExistedList()) {
      outcomes.add(existed ? Subscribed.REPLACED : Subscribed.ADDED);
    }
    reply.getNoRoomList().forEach(place -> outcomes.set(place, Subscribed.NO_ROOM));
    return outcomes;
  }

  @Override
  public void unsubscribe(List<TopicFilter> filters, Consumer<List<Unsubscribed>> unsubscribed) {
    dropRetained(filters);
    Unsubscribe.Builder unsubscribe =
        Unsubscribe.newBuilder().setSession(attachment.session()).setEpoch(attachment.epoch());
    filters.forEach(filter -> unsubscribe.addFilters(filter.text()));
    ask(
        ShardRequest.newBuilder().setUnsubscribe(unsubscribe),
        reply -> unsubscribed.accept(outcomes(reply.getUnsubscribed())),
        () -> unsubscribed.accept(Collections.nCopies(filters.size(), Unsubscribed.REFUSED)));
  }

  private static List<Unsubscribed> outcomes(io.vmqtt.proto.session.v1.Unsubscribed reply) {
    return reply.getExistedList().stream()
        .map(existed -> existed ? Unsubscribed.REMOVED : Unsubscribed.ABSENT)
        .toList();
  }

  @Override
  public void subscriptions(Subscriptions told) {
    readSubscriptions("", told);
  }

  private void readSubscriptions(String after, Subscriptions told) {
    ask(
        ShardRequest.newBuilder()
            .setReadSubscriptions(
                ReadSubscriptions.newBuilder()
                    .setSession(attachment.session())
                    .setEpoch(attachment.epoch())
                    .setAfterFilter(after)),
        reply -> {
          SubscriptionsPage page = reply.getSubscriptionsPage();
          told.are(
              page.getSubscriptionsList().stream().map(DurableSession::subscription).toList(),
              page.getThrough().isEmpty());
          if (!page.getThrough().isEmpty()) {
            readSubscriptions(page.getThrough(), told);
          }
        });
  }

  /** As it was made; what is done about retained messages is over. */
  private static Subscription subscription(io.vmqtt.proto.session.v1.Subscription stored) {
    return new Subscription(
        TopicFilter.parseScoped(stored.getFilter()),
        new SubscriptionOptions(
            Qos.of(stored.getMaximumQos()),
            stored.getNoLocal(),
            stored.getRetainAsPublished(),
            RetainHandling.DO_NOT_SEND),
        stored.getIdentifier());
  }

  /** The queue of a client that takes nothing is not filled by this gateway, page after page. */
  @Override
  boolean hasRoomForRetained() {
    boolean hasMostOfIt =
        highestAcknowledged >= enqueuedThrough - RetainedReading.PAGE_MESSAGES / 2
            || siblings.looks() - looksAtEnqueue >= PATIENCE_LOOKS;
    return hasMostOfIt && super.hasRoomForRetained();
  }

  /** It may have waited in the queue, and others have had theirs, or none. */
  @Override
  public void pushed(@Nullable Message message, DurableDelivery delivery) {
    if (message != null) {
      if (!hasRetainedPage()) {
        recentTopics = null;
      } else if (message.retain()) {
        recentTopics().add(message.topic());
      }
    }
    super.pushed(message, delivery);
  }

  @Override
  RecentTopics recentTopics() {
    RecentTopics recent = recentTopics;
    if (recent == null) {
      recent = new RecentTopics(RECENT_TOPICS);
      recentTopics = recent;
    }
    return recent;
  }

  @Override
  void askForMark(Consumer<Mark> then) {
    enqueue(Enqueue.newBuilder(), answer -> then.accept(answer.getMark()));
  }

  @Override
  DurableSession queue() {
    return this;
  }

  /**
   * Puts messages into the queue.
   *
   * @param identifier of the subscription; 0: none
   * @param mark from before they were read
   */
  void enqueueRetained(
      List<Message> messages, int identifier, Mark mark, BiConsumer<Queued, Mark> then) {
    long number = enqueued.begin();
    Enqueue.Builder enqueue =
        Enqueue.newBuilder()
            .setKey(Messages.toWire(enqueued.key(number)))
            .setMark(mark)
            .setSubscriptionIdentifier(identifier);
    // Pushed with the flag that it has as published, it would pass for one that has just been.
    messages.forEach(one -> enqueue.addMessages(Messages.toWire(one.withRetain(false))));
    enqueue(
        enqueue,
        answer -> {
          enqueued.end(number);
          then.accept(outcomeOf(answer), answer.getMark());
        });
  }

  private Queued outcomeOf(Enqueued answer) {
    if (answer.getStale()) {
      return Queued.STALE;
    }
    if (answer.getFull()) {
      return Queued.FULL;
    }
    enqueuedThrough = answer.getLastSequence();
    looksAtEnqueue = siblings.looks();
    return Queued.TAKEN;
  }

  private void enqueue(Enqueue.Builder enqueue, Consumer<Enqueued> then) {
    enqueue.setSession(attachment.session()).setEpoch(attachment.epoch());
    ask(ShardRequest.newBuilder().setEnqueue(enqueue), reply -> then.accept(reply.getEnqueued()));
  }

  /** The publish goes on without its client: sent again, it has the same key. */
  @Override
  public void beginInbound(int packetId, Consumer<PublishKey> begun) {
    askForGood(
        ShardRequest.newBuilder()
            .setBeginInbound(
                BeginInbound.newBuilder()
                    .setSession(attachment.session())
                    .setEpoch(attachment.epoch())
                    .setPacketId(packetId)),
        reply -> begun.accept(Messages.fromWire(reply.getInboundBegun().getKey())));
  }

  @Override
  public void endInbound(int packetId, Runnable whenEnded) {
    ask(
        ShardRequest.newBuilder()
            .setEndInbound(
                EndInbound.newBuilder()
                    .setSession(attachment.session())
                    .setEpoch(attachment.epoch())
                    .setPacketId(packetId)),
        reply -> whenEnded.run());
  }

  @Override
  public void acknowledge(long sequence) {
    if (ended) {
      return;
    }
    markUnsent();
    acknowledged.addSequences(sequence);
    highestAcknowledged = Math.max(highestAcknowledged, sequence);
  }

  @Override
  public void withhold(long sequence) {
    acknowledge(sequence);
    if (!ended) {
      acknowledged.addWithheld(sequence);
    }
  }

  @Override
  public void receive(long sequence, Runnable noted) {
    if (ended) {
      return;
    }
    markUnsent();
    received.addSequences(sequence);
    whenReceived.add(noted);
  }

  @Override
  public boolean missedDelivery() {
    boolean asks = !isResuming();
    if (asks) {
      resume();
    }
    return asks;
  }

  private void markUnsent() {
    if (acknowledged.getSequencesCount() == 0 && received.getSequencesCount() == 0) {
      siblings.hasAcknowledgements(this);
    }
  }

  /** Sends the acknowledgements that have gathered: many in one request. */
  void sendAcknowledgements() {
    if (received.getSequencesCount() > 0) {
      received.setSession(attachment.session()).setEpoch(attachment.epoch());
      List<Runnable> noted = whenReceived;
      whenReceived = new ArrayList<>(2);
      ask(
          ShardRequest.newBuilder().setReceive(received.build()),
          reply -> noted.forEach(Runnable::run));
      received.clear();
    }
    if (acknowledged.getSequencesCount() > 0) {
      acknowledged.setSession(attachment.session()).setEpoch(attachment.epoch());
      ask(ShardRequest.newBuilder().setAcknowledge(acknowledged.build()), reply -> {});
      acknowledged.clear();
    }
  }

  @Override
  public void detach(boolean clean, @Nullable Long sessionExpirySeconds, long sentThrough) {
    if (!ended) {
      sendAcknowledgements();
      siblings.forget(this);
    }
    super.detach(clean, sessionExpirySeconds, sentThrough);
  }
}
