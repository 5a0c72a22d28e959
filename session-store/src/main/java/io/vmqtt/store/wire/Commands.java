package io.vmqtt.store.wire;

import io.vmqtt.cluster.access.WillOwner;
import io.vmqtt.cluster.wire.Messages;
import io.vmqtt.cluster.wire.WillOwners;
import io.vmqtt.model.InvalidTopicFilterException;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ScopedName;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.session.v1.Detach;
import io.vmqtt.proto.session.v1.Enqueue;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.session.v1.Subscription;
import io.vmqtt.proto.storage.v1.Expire;
import io.vmqtt.proto.storage.v1.HandOn;
import io.vmqtt.proto.storage.v1.LoggedCommand;
import io.vmqtt.proto.store.v1.ShardPublish;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.SubscriptionTerms;
import io.vmqtt.store.session.Will;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands from the log and from links. What is wrong with a request is said here, before it gets
 * into the log; whatever the log holds was read here before.
 */
public final class Commands {
  private static final int MAX_RECEIVE_MAXIMUM = 65_535;

  private Commands() {}

  /** Reads a command from the log. */
  public static Command of(LoggedCommand logged) {
    return switch (logged.getCommandCase()) {
      case REQUEST -> of(logged.getRequest());
      case PUBLISH -> of(logged.getPublish());
      case GATEWAY_GONE -> new Command.GatewayGone(logged.getGatewayGone().getGateway());
      case DUE -> new Command.Due();
      case WILL_PUBLISHED -> new Command.PublishTaken(logged.getWillPublished().getNumber());
      case LEFT_SETTLED ->
          new Command.LeftSettled(
              logged.getLeftSettled().getSession(), logged.getLeftSettled().getSequencesList());
      case HAND_ON -> {
        HandOn handOn = logged.getHandOn();
        yield new Command.HandOn(
            handOn.getSession(),
            handOn.getEpoch(),
            handOn.getSequence(),
            publication(handOn.getMessage()),
            Records.share(handOn.getShare()));
      }
      case EXPIRE -> {
        Expire expire = logged.getExpire();
        yield new Command.Expire(expire.getSession(), expire.getEpoch(), expire.getSequencesList());
      }
      case CLEAR_QUEUE ->
          new Command.ClearQueue(
              logged.getClearQueue().getSession(), logged.getClearQueue().getThrough());
      case DELIVER ->
          new Command.Deliver(
              logged.getDeliver().getSession(), publication(logged.getDeliver().getMessage()));
      case LIMIT_EXPIRY ->
          new Command.LimitExpiry(
              Integer.toUnsignedLong(logged.getLimitExpiry().getSeconds()),
              logged.getLimitExpiry().getSessionsList());
      case ALLOT_PACKET_ID ->
          new Command.AllotPacketId(
              logged.getAllotPacketId().getSession(), logged.getAllotPacketId().getSequence());
      case PASS -> new Command.Pass();
      case REFUSE -> new Command.Refuse(logged.getRefuse().getReasonCode());
      case COMMAND_NOT_SET -> throw new InvalidRequestException("an empty command");
    };
  }

  /**
   * Reads a request that passes through the log.
   *
   * @throws InvalidRequestException if something is wrong with it
   */
  public static Command of(ShardRequest request) {
    return switch (request.getRequestCase()) {
      case ATTACH -> attach(request.getAttach());
      case DETACH -> detach(request.getDetach());
      case SUBSCRIBE -> {
        var subscribe = request.getSubscribe();
        List<SubscriptionTerms> terms = new ArrayList<>(subscribe.getSubscriptionsCount());
        subscribe.getSubscriptionsList().forEach(one -> terms.add(terms(one)));
        yield new Command.Subscribe(
            subscribe.getSession(), subscribe.getEpoch(), terms, subscribe.getMaxSubscriptions());
      }
      case UNSUBSCRIBE -> {
        var unsubscribe = request.getUnsubscribe();
        List<TopicFilter> filters = new ArrayList<>(unsubscribe.getFiltersCount());
        unsubscribe.getFiltersList().forEach(one -> filters.add(filter(one)));
        yield new Command.Unsubscribe(unsubscribe.getSession(), unsubscribe.getEpoch(), filters);
      }
      case READ_SUBSCRIPTIONS -> {
        var read = request.getReadSubscriptions();
        yield new Command.ReadSubscriptions(
            read.getSession(), read.getEpoch(), read.getAfterFilter());
      }
      case ACKNOWLEDGE -> {
        var acknowledge = request.getAcknowledge();
        yield new Command.Acknowledge(
            acknowledge.getSession(), acknowledge.getEpoch(), acknowledge.getSequencesList());
      }
      case RECEIVE -> {
        var receive = request.getReceive();
        yield new Command.Receive(
            receive.getSession(), receive.getEpoch(), receive.getSequencesList());
      }
      case BEGIN_INBOUND -> {
        var begin = request.getBeginInbound();
        yield new Command.BeginInbound(
            begin.getSession(), begin.getEpoch(), packetId(begin.getPacketId()));
      }
      case END_INBOUND -> {
        var end = request.getEndInbound();
        yield new Command.EndInbound(end.getSession(), end.getEpoch(), packetId(end.getPacketId()));
      }
      case ENQUEUE -> enqueue(request.getEnqueue());
      case RESUME, READ_RETAINED, REQUEST_NOT_SET ->
          throw new InvalidRequestException("not a command: " + request.getRequestCase());
    };
  }

  /**
   * Reads a publish.
   *
   * @throws InvalidRequestException if something is wrong with it
   */
  public static Command.Publish of(ShardPublish publish) {
    return new Command.Publish(
        publication(publish.getMessage()),
        publish.hasKey() ? Messages.fromWire(publish.getKey()) : null,
        publish.getDeliver(),
        publish.getRetain(),
        publish.getSharesCount() == 0
            ? List.of()
            : publish.getSharesList().stream().map(Records::share).toList());
  }

  /** Reads a will. */
  public static Will will(io.vmqtt.proto.session.v1.Will will) {
    return new Will(
        publication(will.getMessage()),
        Integer.toUnsignedLong(will.getDelaySeconds()),
        Integer.toUnsignedLong(will.getExpirySeconds()),
        will.hasOwner() ? owner(will.getOwner()) : null);
  }

  static WillOwner owner(io.vmqtt.proto.session.v1.WillOwner owner) {
    require(
        Namespace.isName(owner.getNamespace()) || owner.getNamespace().isEmpty(), "no namespace");
    return WillOwners.fromWire(owner);
  }

  private static Command attach(io.vmqtt.proto.session.v1.Attach attach) {
    require(!attach.getClientId().isEmpty(), "an empty client id");
    int receiveMaximum = attach.getReceiveMaximum();
    require(
        receiveMaximum >= 1 && receiveMaximum <= MAX_RECEIVE_MAXIMUM,
        "an impossible receive maximum");
    return new Command.Attach(
        attach.getClientId(),
        attach.getGateway(),
        attach.getConnection(),
        attach.getCleanStart(),
        Integer.toUnsignedLong(attach.getSessionExpirySeconds()),
        receiveMaximum,
        attach.hasWill() ? will(attach.getWill()) : null,
        attach.hasKey() ? Messages.fromWire(attach.getKey()) : null);
  }

  private static Command detach(Detach detach) {
    return new Command.Detach(
        detach.getSession(),
        detach.getEpoch(),
        detach.getCause() == Detach.Cause.CAUSE_NORMAL,
        detach.hasSessionExpirySeconds()
            ? (Long) Integer.toUnsignedLong(detach.getSessionExpirySeconds())
            : null,
        detach.getSentThrough());
  }

  private static Command enqueue(Enqueue enqueue) {
    List<Publication> messages = new ArrayList<>(enqueue.getMessagesCount());
    for (Message message : enqueue.getMessagesList()) {
      require(message.getQos() > 0, "a message of QoS 0, which no queue holds");
      messages.add(publication(message));
    }
    return new Command.Enqueue(
        enqueue.getSession(),
        enqueue.getEpoch(),
        messages,
        enqueue.getSubscriptionIdentifier(),
        enqueue.hasKey() ? Messages.fromWire(enqueue.getKey()) : null);
  }

  private static SubscriptionTerms terms(Subscription subscription) {
    int qos = subscription.getMaximumQos();
    require(qos >= 0 && qos <= 2, "an impossible maximum QoS");
    return new SubscriptionTerms(
        filter(subscription.getFilter()),
        Qos.of(qos),
        subscription.getNoLocal(),
        subscription.getRetainAsPublished(),
        subscription.getIdentifier());
  }

  /** Reads a stored subscription. */
  public static SubscriptionTerms stored(Subscription subscription) {
    return terms(subscription);
  }

  private static TopicFilter filter(String text) {
    try {
      return TopicFilter.parseScoped(text);
    } catch (InvalidTopicFilterException e) {
      throw new InvalidRequestException(String.valueOf(e.getMessage()));
    }
  }

  private static Publication publication(Message message) {
    require(message.getQos() >= 0 && message.getQos() <= 2, "an impossible QoS");
    require(ScopedName.isTopic(message.getTopic()), "a topic name that is not valid");
    return WireContent.publication(message);
  }

  private static int packetId(int packetId) {
    require(packetId >= 1 && packetId <= 65_535, "an impossible packet id");
    return packetId;
  }

  private static void require(boolean condition, String complaint) {
    if (!condition) {
      throw new InvalidRequestException(complaint);
    }
  }
}
