package io.vmqtt.gateway.sessions;

import io.vmqtt.gateway.connection.Cluster.PublishCallback;
import io.vmqtt.gateway.connection.DurableDelivery;
import io.vmqtt.gateway.connection.Session;
import io.vmqtt.gateway.connection.SessionOwner;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.RecentTopics;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.session.v1.Detach;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.Mark;
import io.vmqtt.proto.session.v1.Resume;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What every session of a lane has: an owner, and a shard that knows of it. */
public abstract sealed class LaneSession permits TransientSession, DurableSession {
  final Sessions siblings;
  final SessionLane lane;
  final SessionOwner owner;
  final Attachment attachment;
  final ShardPath path;
  boolean ended;

  /** Null until a subscription asks for retained messages. */
  private @Nullable RetainedDeliveries retainedDeliveries;

  private final KeySource retainedKeys;
  private int resumes;
  private int resumesUnderWay;

  LaneSession(Sessions siblings, SessionOwner owner, Attachment attachment, ShardPath path) {
    this.siblings = siblings;
    this.lane = siblings.lane;
    this.owner = owner;
    this.attachment = attachment;
    this.path = path;
    this.retainedKeys = KeySource.of(attachment, KeySource.Purpose.RETAIN);
  }

  /** The same as its connection sees it. */
  public abstract Session asSession();

  /** The connection that owns it. */
  public SessionOwner owner() {
    return owner;
  }

  public boolean isEnded() {
    return ended;
  }

  /**
   * Something that its shard has pushed.
   *
   * @param message null: a release
   */
  public void pushed(@Nullable Message message, DurableDelivery delivery) {
    owner.deliver(delivery);
  }

  /** A router may have passed messages by: whoever may have missed one has to know. */
  public void endIfSubscribed() {}

  /** As {@link Session#publishRetained}. */
  public final void publishRetained(Message message, PublishCallback callback) {
    long number = retainedKeys.begin();
    lane.publish(
        message,
        retainedKeys.key(number),
        reason -> {
          retainedKeys.end(number);
          callback.published(reason);
        });
  }

  /**
   * Asks the session's shard; a session that has a newer owner closes the connection. Once the
   * connection is over, answers are for nobody.
   */
  final void ask(ShardRequest.Builder request, Consumer<ShardReply> callback) {
    askForGood(
        request,
        reply -> {
          if (!ended) {
            callback.accept(reply);
          }
        });
  }

  /** The same, but a request that the shard calls wrong is answered by {@code refused}. */
  final void ask(ShardRequest.Builder request, Consumer<ShardReply> callback, Runnable refused) {
    path.ask(
        request,
        reply -> {
          if (ended) {
            return;
          }
          if (reply.getFailure().getReason() == Failure.Reason.REASON_INVALID) {
            refused.run();
          } else if (reply.hasFailure()) {
            owner.lost(reasonOf(reply.getFailure()));
          } else {
            callback.accept(reply);
          }
        });
  }

  /** The same, but what follows the answer follows it after the end of the connection, too. */
  final void askForGood(ShardRequest.Builder request, Consumer<ShardReply> callback) {
    path.ask(
        request,
        reply -> {
          if (!reply.hasFailure()) {
            callback.accept(reply);
          } else if (!ended) {
            owner.lost(reasonOf(reply.getFailure()));
          }
        });
  }

  /**
   * The path to its shard is new: the shard pushes again from where this gateway stands, or says
   * that the session is somebody else's by now.
   */
  public final void resume() {
    resumesUnderWay++;
    ask(
        ShardRequest.newBuilder()
            .setResume(
                Resume.newBuilder()
                    .setSession(attachment.session())
                    .setEpoch(attachment.epoch())
                    .setReceivedThrough(owner.deliveredThrough())
                    .setNumber(++resumes)),
        reply -> resumesUnderWay--);
  }

  /** Whether that was asked, and is not answered yet. */
  final boolean isResuming() {
    return resumesUnderWay > 0;
  }

  // --- retained messages

  /** As {@link Session#sendRetained}. */
  public final void sendRetained(List<Subscription> wanted) {
    if (!wanted.isEmpty()) {
      if (queue() == null) { // what changes comes to sessions without a queue alone
        wanted.forEach(this::sendSystemMessages);
      }
      retainedDeliveries().add(wanted, lane.shardCount());
    }
  }

  /** Those for which the client has no room are left out: it hears of them when they change. */
  private void sendSystemMessages(Subscription wanted) {
    lane.systemMessages(wanted.filter()).forEach(message -> deliverRetained(message, wanted));
  }

  final void dropRetained(List<TopicFilter> filters) {
    if (retainedDeliveries != null) {
      filters.forEach(retainedDeliveries::drop);
    }
  }

  /** Whether what comes now may be newer than retained messages that are on their way. */
  final boolean hasRetainedPage() {
    return retainedDeliveries != null && retainedDeliveries.hasPage();
  }

  final RetainedDeliveries retainedDeliveries() {
    RetainedDeliveries deliveries = retainedDeliveries;
    if (deliveries == null) {
      deliveries = new RetainedDeliveries(this);
      retainedDeliveries = deliveries;
    }
    return deliveries;
  }

  /** As {@link Session#roomForMore}. */
  public final void roomForMore() {
    if (retainedDeliveries != null && !retainedDeliveries.isEmpty()) {
      retainedDeliveries.proceed();
    }
  }

  /** Whether a page of retained messages should be read. */
  boolean hasRoomForRetained() {
    return owner.hasRoom();
  }

  /** Topics whose retained message was replaced lately, as far as this session heard of it. */
  abstract RecentTopics recentTopics();

  /**
   * Asks where the session's queue stands. When the answer is here, so is everything that left it
   * for the client before.
   */
  abstract void askForMark(Consumer<Mark> then);

  /** Itself, if it has a queue at its shard; else null. */
  abstract @Nullable DurableSession queue();

  /** Gives a retained message to the client, unless it has no room for it now. */
  final boolean deliverRetained(Message message, Subscription terms) {
    Delivery delivery = Delivery.of(terms.qosOf(message), true, terms.identifiers());
    boolean taken = owner.deliverRetained(lane.outgoing(message), delivery);
    if (taken) {
      lane.countDelivery(true);
    }
    return taken;
  }

  static ReasonCode reasonOf(Failure failure) {
    return switch (failure.getReason()) {
      case REASON_NOT_OWNER -> ReasonCode.SESSION_TAKEN_OVER;
      case REASON_QUOTA_EXCEEDED -> ReasonCode.QUOTA_EXCEEDED;
      case REASON_UNAVAILABLE, REASON_NOT_LEADER -> ReasonCode.SERVER_BUSY;
      case REASON_INVALID, REASON_UNSPECIFIED, UNRECOGNIZED -> ReasonCode.UNSPECIFIED_ERROR;
    };
  }

  /** As {@link Session#detach}. */
  public void detach(boolean clean, @Nullable Long sessionExpirySeconds, long sentThrough) {
    if (ended) {
      return;
    }
    ended = true;
    if (retainedDeliveries != null) {
      retainedDeliveries.end();
    }
    path.end();
    Detach.Builder detach =
        Detach.newBuilder()
            .setSession(attachment.session())
            .setEpoch(attachment.epoch())
            .setCause(clean ? Detach.Cause.CAUSE_NORMAL : Detach.Cause.CAUSE_ABNORMAL)
            .setSentThrough(sentThrough);
    if (sessionExpirySeconds != null) {
      detach.setSessionExpirySeconds(sessionExpirySeconds.intValue());
    }
    ShardRequest.Builder request = ShardRequest.newBuilder().setDetach(detach);
    path.ask(request, reply -> repeat(request, reply));
  }

  /** Until the shard has it: else the session stayed attached, and its will unpublished. */
  private void repeat(ShardRequest.Builder detach, ShardReply answered) {
    if (isWorthRepeating(answered)) {
      siblings.atNextLook(
          () -> path.askAnew(attachment.shard(), detach, reply -> repeat(detach, reply)));
    }
  }

  private static boolean isWorthRepeating(ShardReply reply) {
    return reply.hasFailure()
        && switch (reply.getFailure().getReason()) {
          case REASON_NOT_LEADER, REASON_UNAVAILABLE, REASON_QUOTA_EXCEEDED -> true;
          case REASON_NOT_OWNER, REASON_INVALID, REASON_UNSPECIFIED, UNRECOGNIZED -> false;
        };
  }
}
