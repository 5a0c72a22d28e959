package io.vmqtt.gateway.link;

import io.vmqtt.gateway.connection.Cluster.AttachCallback;
import io.vmqtt.gateway.connection.Cluster.PublishCallback;
import io.vmqtt.gateway.connection.Cluster.PublishKey;
import io.vmqtt.gateway.connection.Session;
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
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What every session of a lane has: an owner, and a shard that knows of it. */
abstract sealed class LaneSession implements Session permits TransientSession, DurableSession {
  private static final int[] NO_IDENTIFIERS = {};

  final Lane lane;
  final AttachCallback connection;
  final Attachment attachment;

  /** The router that carries its requests and deliveries; null while there is none. */
  @Nullable RouterLink home;

  boolean ended;

  /** Null until a subscription asks for retained messages. */
  private @Nullable RetainedDeliveries retainedDeliveries;

  private final ClientKeys retainedKeys;
  private int resumes;
  private int resumesUnderWay;

  /**
   * The fact that a connection of this gateway owns a session.
   *
   * @param clientId of the client
   * @param connection this gateway's number of the connection
   * @param shard where the session is known
   * @param session the shard's number of it
   * @param epoch fences older connections
   */
  record Attachment(String clientId, long connection, int shard, long session, long epoch) {}

  LaneSession(
      Lane lane, AttachCallback connection, Attachment attachment, @Nullable RouterLink home) {
    this.lane = lane;
    this.connection = connection;
    this.attachment = attachment;
    this.home = home;
    this.retainedKeys = new ClientKeys(attachment, ClientKeys.Purpose.RETAIN);
  }

  @Override
  public final void publishRetained(Message message, PublishCallback callback) {
    PublishKey key = retainedKeys.begin();
    lane.publish(
        message,
        key,
        reason -> {
          retainedKeys.end(key);
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
    lane.request(
        home,
        attachment.clientId(),
        request.setShard(attachment.shard()),
        reply -> {
          if (ended) {
            return;
          }
          if (reply.getFailure().getReason() == Failure.Reason.REASON_INVALID) {
            refused.run();
          } else if (reply.hasFailure()) {
            connection.lost(reasonOf(reply.getFailure()));
          } else {
            callback.accept(reply);
          }
        });
  }

  /** The same, but what follows the answer follows it after the end of the connection, too. */
  final void askForGood(ShardRequest.Builder request, Consumer<ShardReply> callback) {
    lane.request(
        home,
        attachment.clientId(),
        request.setShard(attachment.shard()),
        reply -> {
          if (!reply.hasFailure()) {
            callback.accept(reply);
          } else if (!ended) {
            connection.lost(reasonOf(reply.getFailure()));
          }
        });
  }

  /**
   * The path to its shard is new: the shard pushes again from where this gateway stands, or says
   * that the session is somebody else's by now.
   */
  final void resume() {
    resumesUnderWay++;
    ask(
        ShardRequest.newBuilder()
            .setResume(
                Resume.newBuilder()
                    .setSession(attachment.session())
                    .setEpoch(attachment.epoch())
                    .setReceivedThrough(connection.deliveredThrough())
                    .setNumber(++resumes)),
        reply -> resumesUnderWay--);
  }

  @Override
  public final boolean missedDelivery() {
    if (resumesUnderWay > 0) {
      return false;
    }
    resume();
    return true;
  }

  // --- retained messages

  /** What became of retained messages that were to go into the session's queue. */
  enum Queued {
    TAKEN,
    /** They may be older than what is in the queue: they have to be read again. */
    STALE,
    /** They do not fit. */
    FULL
  }

  @Override
  public final void sendRetained(List<Subscription> wanted) {
    if (!wanted.isEmpty()) {
      retainedDeliveries().add(wanted, lane.shardCount());
    }
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

  @Override
  public final void roomForMore() {
    if (retainedDeliveries != null && !retainedDeliveries.isEmpty()) {
      retainedDeliveries.proceed();
    }
  }

  /** Whether a page of retained messages should be read. */
  boolean hasRoomForRetained() {
    return connection.hasRoom();
  }

  /** Topics whose retained message was replaced lately, as far as this session heard of it. */
  abstract RecentTopics recentTopics();

  /**
   * Asks where the session's queue stands. When the answer is here, so is everything that left it
   * for the client before.
   */
  abstract void askForMark(Consumer<Mark> then);

  /**
   * Puts messages into the session's queue.
   *
   * @param identifier of the subscription; 0: none
   * @param mark from before they were read
   */
  abstract void enqueueRetained(
      List<Message> messages, int identifier, Mark mark, BiConsumer<Queued, Mark> then);

  /** Gives a message to the client, unless it has no room for it now. */
  final boolean deliverRetained(Message message, int qos, Subscription terms) {
    boolean taken = connection.deliverRetained(lane.outgoing(message), qos, identifiers(terms));
    if (taken) {
      lane.countDelivery(true);
    }
    return taken;
  }

  private static int[] identifiers(Subscription terms) {
    return terms.identifier() == 0 ? NO_IDENTIFIERS : new int[] {terms.identifier()};
  }

  static ReasonCode reasonOf(Failure failure) {
    return switch (failure.getReason()) {
      case REASON_NOT_OWNER -> ReasonCode.SESSION_TAKEN_OVER;
      case REASON_QUOTA_EXCEEDED -> ReasonCode.QUOTA_EXCEEDED;
      case REASON_UNAVAILABLE, REASON_NOT_LEADER -> ReasonCode.SERVER_BUSY;
      case REASON_INVALID, REASON_UNSPECIFIED, UNRECOGNIZED -> ReasonCode.UNSPECIFIED_ERROR;
    };
  }

  @Override
  public void detach(boolean clean, @Nullable Long sessionExpirySeconds, long sentThrough) {
    if (ended) {
      return;
    }
    ended = true;
    if (retainedDeliveries != null) {
      retainedDeliveries.end();
    }
    lane.forget(this);
    Detach.Builder detach =
        Detach.newBuilder()
            .setSession(attachment.session())
            .setEpoch(attachment.epoch())
            .setCause(clean ? Detach.Cause.CAUSE_NORMAL : Detach.Cause.CAUSE_ABNORMAL)
            .setSentThrough(sentThrough);
    if (sessionExpirySeconds != null) {
      detach.setSessionExpirySeconds(sessionExpirySeconds.intValue());
    }
    detach(home, ShardRequest.newBuilder().setShard(attachment.shard()).setDetach(detach));
  }

  /** Until the shard has it: else the session stayed attached, and its will unpublished. */
  private void detach(@Nullable RouterLink router, ShardRequest.Builder detach) {
    String key = attachment.clientId();
    lane.request(
        router,
        key,
        detach,
        reply -> {
          if (isWorthRepeating(reply)) {
            lane.atNextLook(() -> detach(lane.routerOf(key), detach));
          }
        });
  }

  private static boolean isWorthRepeating(ShardReply reply) {
    return reply.hasFailure()
        && switch (reply.getFailure().getReason()) {
          case REASON_NOT_LEADER, REASON_UNAVAILABLE, REASON_QUOTA_EXCEEDED -> true;
          case REASON_NOT_OWNER, REASON_INVALID, REASON_UNSPECIFIED, UNRECOGNIZED -> false;
        };
  }
}
