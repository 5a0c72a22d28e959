package io.vmqtt.store.wire;

import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.cluster.wire.Messages;
import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.proto.session.v1.Delivery;
import io.vmqtt.proto.session.v1.DeliveryTarget;
import io.vmqtt.proto.session.v1.Done;
import io.vmqtt.proto.session.v1.Enqueued;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.InboundBegun;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.Subscribed;
import io.vmqtt.proto.session.v1.SubscriptionsPage;
import io.vmqtt.proto.session.v1.Unsubscribed;
import io.vmqtt.store.delivery.Outlet;
import io.vmqtt.store.retained.RetainedPage;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers and pushes on the wire. */
public final class Frames {
  /** About the bytes of a refusal. */
  public static final int REFUSAL_BYTES = 96;

  private static final int TARGET_BYTES = 24;

  private Frames() {}

  /** An answer to a request. */
  public static ShardReply reply(long correlation, Reply reply) {
    ShardReply.Builder wire = ShardReply.newBuilder().setCorrelation(correlation);
    switch (reply) {
      case Reply.Done done -> wire.setDone(Done.getDefaultInstance());
      case Reply.Failure failure ->
          wire.setFailure(failure(reason(failure.reason()), failure.detail()));
      case Reply.Attached attached ->
          wire.setAttached(
              Attached.newBuilder()
                  .setSession(attached.session())
                  .setEpoch(attached.epoch())
                  .setSessionPresent(attached.sessionPresent())
                  .setSessionExpirySeconds((int) attached.expirySeconds()));
      case Reply.Subscribed subscribed ->
          wire.setSubscribed(
              Subscribed.newBuilder()
                  .addAllExisted(subscribed.existed())
                  .addAllNoRoom(subscribed.noRoom()));
      case Reply.Unsubscribed unsubscribed ->
          wire.setUnsubscribed(Unsubscribed.newBuilder().addAllExisted(unsubscribed.existed()));
      case Reply.SubscriptionsPage page ->
          wire.setSubscriptionsPage(
              SubscriptionsPage.newBuilder()
                  .addAllSubscriptions(page.subscriptions().stream().map(Records::toWire).toList())
                  .setThrough(page.through()));
      case Reply.InboundBegun begun ->
          wire.setInboundBegun(InboundBegun.newBuilder().setKey(Messages.toWire(begun.key())));
      case Reply.Enqueued enqueued ->
          wire.setEnqueued(
              Enqueued.newBuilder()
                  .setFull(enqueued.full())
                  .setLastSequence(enqueued.lastSequence()));
      case Reply.Refused refused ->
          wire.setFailure(
              failure(Failure.Reason.REASON_QUOTA_EXCEEDED, "reason code " + refused.reasonCode()));
    }
    return wire.build();
  }

  /** A refusal of a request. */
  public static ShardReply refusal(long correlation, Failure.Reason reason, String detail) {
    return ShardReply.newBuilder()
        .setCorrelation(correlation)
        .setFailure(failure(reason, detail))
        .build();
  }

  /** A page of retained messages. */
  public static ShardReply page(long correlation, RetainedPage page) {
    var wire = io.vmqtt.proto.session.v1.RetainedPage.newBuilder().setThrough(page.through());
    page.messages().forEach(message -> wire.addMessages(WireContent.message(message)));
    return ShardReply.newBuilder().setCorrelation(correlation).setRetainedPage(wire).build();
  }

  /** A push. */
  public static Delivery delivery(
      long gateway, @Nullable Publication publication, List<Outlet.Target> targets) {
    Delivery.Builder wire = Delivery.newBuilder().setGateway(gateway);
    if (publication != null) {
      wire.setMessage(WireContent.message(publication));
    }
    for (Outlet.Target target : targets) {
      DeliveryTarget.Builder one =
          DeliveryTarget.newBuilder()
              .setConnection(target.connection())
              .setSequence(target.sequence())
              .setSkipped(target.skipped())
              .setPacketId(target.packetId())
              .setQos(target.delivery().qos().value())
              .setDup(target.dup())
              .setRetain(target.delivery().retain())
              .setRelease(target.release());
      if (!target.delivery().identifiers().isEmpty()) {
        one.addAllSubscriptionIdentifiers(target.delivery().identifiers());
      }
      wire.addTargets(one);
    }
    return wire.build();
  }

  /** About the bytes of a push. */
  public static int deliveryBytes(@Nullable Publication publication, int targets) {
    int message =
        publication == null
            ? FrameSize.SMALL_BYTES
            : FrameSize.of(WireContent.message(publication));
    return message + targets * TARGET_BYTES;
  }

  private static Failure failure(Failure.Reason reason, String detail) {
    return Failure.newBuilder().setReason(reason).setDetail(detail).build();
  }

  private static Failure.Reason reason(Reply.Reason reason) {
    return switch (reason) {
      case NOT_OWNER -> Failure.Reason.REASON_NOT_OWNER;
      case QUOTA_EXCEEDED -> Failure.Reason.REASON_QUOTA_EXCEEDED;
      case INVALID -> Failure.Reason.REASON_INVALID;
    };
  }
}
