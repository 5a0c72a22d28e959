package io.vmqtt.gateway.link;

import io.vmqtt.cluster.wire.Messages;
import io.vmqtt.gateway.connection.Cluster.AttachCallback;
import io.vmqtt.gateway.connection.Cluster.PublishKey;
import io.vmqtt.model.Message;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.message.v1.IdempotencyKey;
import io.vmqtt.proto.session.v1.Acknowledge;
import io.vmqtt.proto.session.v1.BeginInbound;
import io.vmqtt.proto.session.v1.EndInbound;
import io.vmqtt.proto.session.v1.Enqueue;
import io.vmqtt.proto.session.v1.Receive;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.session.v1.Subscribe;
import io.vmqtt.proto.session.v1.Unsubscribe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session that outlives its connection: everything about it is at its shard. */
final class DurableSession extends LaneSession {
  private final Acknowledge.Builder acknowledged = Acknowledge.newBuilder();
  private final Receive.Builder received = Receive.newBuilder();
  private final ClientKeys enqueued;
  private List<Runnable> whenReceived = new ArrayList<>(2);

  DurableSession(
      Lane lane, AttachCallback connection, Attachment attachment, @Nullable RouterLink home) {
    super(lane, connection, attachment, home);
    enqueued = new ClientKeys(attachment, ClientKeys.Purpose.ENQUEUE);
  }

  @Override
  public boolean isDurable() {
    return true;
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
  public void unsubscribe(List<TopicFilter> filters, Consumer<List<Boolean>> unsubscribed) {
    Unsubscribe.Builder unsubscribe =
        Unsubscribe.newBuilder().setSession(attachment.session()).setEpoch(attachment.epoch());
    filters.forEach(filter -> unsubscribe.addFilters(filter.text()));
    ask(
        ShardRequest.newBuilder().setUnsubscribe(unsubscribe),
        reply -> unsubscribed.accept(reply.getUnsubscribed().getExistedList()));
  }

  @Override
  public void sendRetained(List<Subscription> wanted) {
    for (Subscription subscription : wanted) {
      lane.readRetained(
          attachment.clientId(),
          subscription.filter(),
          page -> enqueue(subscription, page),
          () -> !ended);
    }
  }

  private void enqueue(Subscription subscription, List<Message> page) {
    Enqueue.Builder enqueue =
        Enqueue.newBuilder()
            .setSession(attachment.session())
            .setEpoch(attachment.epoch())
            .setSubscriptionIdentifier(subscription.identifier());
    for (Message message : page) {
      Message lowered = message.withQos(message.qos().min(subscription.options().maximumQos()));
      enqueue.addMessages(Messages.toWire(lowered.withRetain(true)));
    }
    if (enqueue.getMessagesCount() > 0) {
      PublishKey key = enqueued.begin();
      enqueue.setKey(Publisher.wire(key));
      ask(ShardRequest.newBuilder().setEnqueue(enqueue), reply -> enqueued.end(key));
    }
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
        reply -> {
          IdempotencyKey key = reply.getInboundBegun().getKey();
          begun.accept(new PublishKey(key.getProducer(), key.getSequence(), key.getLowWater()));
        });
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

  private void markUnsent() {
    if (acknowledged.getSequencesCount() == 0 && received.getSequencesCount() == 0) {
      lane.hasAcknowledgements(this);
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
    }
    super.detach(clean, sessionExpirySeconds, sentThrough);
  }
}
