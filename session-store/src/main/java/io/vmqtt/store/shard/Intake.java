package io.vmqtt.store.shard;

import io.vmqtt.cluster.wire.Messages;
import io.vmqtt.model.Durability;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.RecentTopics;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.session.v1.Acknowledge;
import io.vmqtt.proto.session.v1.Enqueue;
import io.vmqtt.proto.session.v1.Enqueued;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.Mark;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.storage.v1.LoggedCommand;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.ShardPublish;
import io.vmqtt.store.leading.Leadership;
import io.vmqtt.store.leading.Pending;
import io.vmqtt.store.leading.Refusals;
import io.vmqtt.store.leading.RouterPort;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.Reply;
import io.vmqtt.store.session.ShardState;
import io.vmqtt.store.wire.Commands;
import io.vmqtt.store.wire.Frames;
import io.vmqtt.store.wire.InvalidRequestException;
import io.vmqtt.store.wire.LoggedCommands;
import io.vmqtt.store.wire.SessionExpiry;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a leadership takes from routers: commands on their way into the log, and questions. Used on
 * the shard's thread.
 */
final class Intake {
  private static final Logger log = LoggerFactory.getLogger(Intake.class);

  /** So many topics had a retained message lately: those that are being read know of them. */
  private static final int RECENT_TOPICS = 16_384;

  private final int shard;
  private final ShardState state;
  private final Leadership leadership;
  private final ShardOptions options;
  private final SessionExpiry expiry;
  private final Admission admission;
  private final Consumer<Pending> toLog;
  private final Consumer<Command.Publish> toClients;
  private final BooleanSupplier isUpToDate;
  private final RecentTopics recent = new RecentTopics(RECENT_TOPICS);

  /**
   * @param admission says what may go into the log
   * @param toLog takes commands in their order
   * @param toClients takes publishes that change nothing
   * @param isUpToDate whether the state is known to be that of the shard: nothing is on its way
   *     into the log, and no other replica can have more
   */
  Intake(
      int shard,
      ShardState state,
      Leadership leadership,
      ShardOptions options,
      SessionExpiry expiry,
      Admission admission,
      Consumer<Pending> toLog,
      Consumer<Command.Publish> toClients,
      BooleanSupplier isUpToDate) {
    this.shard = shard;
    this.state = state;
    this.leadership = leadership;
    this.options = options;
    this.expiry = expiry;
    this.admission = admission;
    this.toLog = toLog;
    this.toClients = toClients;
    this.isUpToDate = isUpToDate;
  }

  /** A frame of a router that follows the leadership. */
  void take(RouterPort port, RouterToStoreFrame frame) {
    switch (frame.getFrameCase()) {
      case PUBLISH -> publish(port, frame.getPublish());
      case REQUEST -> request(port, frame.getRequest());
      case ROUTES_APPLIED -> leadership.routesApplied(port, frame.getRoutesApplied().getVersion());
      case SETTLED -> leadership.retained().settled(port, frame.getSettled());
      case FOLLOWING, RESULTS, GATEWAYS, FRAME_NOT_SET -> {
        // the first is for the port, the next two for the link; an empty frame says nothing
      }
    }
  }

  /** A command that it has put into the log is applied. */
  void applied(Command command) {
    admission.applied(command);
  }

  private void publish(RouterPort port, ShardPublish publish) {
    Message message = publish.getMessage();
    boolean committed = Messages.policy(message).durability() == Durability.COMMITTED;
    ReasonCode refusal = refusal(message, committed || message.getRetain());
    if (refusal != null) {
      answerInTurn(port, publish, new Command.Refuse(refusal.value()));
      return;
    }
    boolean forShareAlone = !publish.getDeliver() && !publish.getRetain(); // it may be old
    if (message.getRetain() && !forShareAlone) {
      recent.add(message.getTopic());
    }
    try {
      Command.Publish command = Commands.of(publish);
      if (!committed && !publish.getRetain()) {
        toClients.accept(command);
        if (publish.getSequence() != 0) {
          answerInTurn(port, publish, new Command.Pass());
        }
      } else if (!admission.admits(command)) {
        answerInTurn(port, publish, new Command.Refuse(ReasonCode.QUOTA_EXCEEDED.value()));
      } else {
        toLog.accept(
            new Pending(
                command,
                LoggedCommand.newBuilder().setPublish(publish).build(),
                new Pending.Publish(port, publish.getSequence())));
      }
    } catch (InvalidRequestException e) {
      log.warn("shard {} refuses a publish of router {}", shard, port.nodeId(), e);
      answerInTurn(
          port, publish, new Command.Refuse(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR.value()));
    }
  }

  /** Why a publish is not taken, if it is not. */
  private @Nullable ReasonCode refusal(Message message, boolean isStored) {
    if (message.getPayload().size() > options.entries().commandBytes()) {
      return ReasonCode.PACKET_TOO_LARGE;
    }
    return isStored && options.diskIsFull().getAsBoolean() ? ReasonCode.QUOTA_EXCEEDED : null;
  }

  /** Answers are cumulative: one that needs no entry waits for its turn like everything else. */
  private void answerInTurn(RouterPort port, ShardPublish publish, Command command) {
    toLog.accept(
        new Pending(
            command, LoggedCommands.of(command), new Pending.Publish(port, publish.getSequence())));
  }

  private void request(RouterPort port, ShardRequest request) {
    switch (request.getRequestCase()) {
      case RESUME -> resume(port, request);
      case READ_RETAINED -> read(port, request);
      case ENQUEUE -> enqueue(port, request);
      default -> {
        boolean canWait = request.hasAcknowledge() && canWait(request.getAcknowledge());
        if (request.hasAcknowledge()) {
          leadership.withheld(request.getAcknowledge());
        }
        command(
            port,
            request,
            new Pending.Request(port, request.getCorrelation()),
            expiry.limit(request),
            canWait);
      }
    }
  }

  /**
   * An acknowledgement of a session that has room for more deliveries, and none that wait: the next
   * command may take it along. Messages that were withheld are for others, who wait for them.
   */
  private boolean canWait(Acknowledge acknowledge) {
    return acknowledge.getWithheldCount() == 0 && leadership.hasRoom(acknowledge.getSession());
  }

  private void resume(RouterPort port, ShardRequest request) {
    if (!leadership.resume(port, request.getResume())) {
      Refusals.request(port, request, Failure.Reason.REASON_NOT_OWNER);
    } else if (request.getCorrelation() != 0) {
      port.reply(Frames.reply(request.getCorrelation(), Reply.DONE));
    }
  }

  /** Whoever reads must see what was acknowledged: what is before it has to be applied, here. */
  private void read(RouterPort port, ShardRequest request) {
    Pending.Read read = new Pending.Read(port, request);
    if (isUpToDate.getAsBoolean()) {
      leadership.retained().read(read);
    } else {
      Command pass = new Command.Pass();
      toLog.accept(new Pending(pass, LoggedCommands.of(pass), read));
    }
  }

  /**
   * What was read for a queue must not come behind what was published since. A request that was
   * carried out before is answered as then.
   */
  private void enqueue(RouterPort port, ShardRequest request) {
    Enqueue enqueue = request.getEnqueue();
    Mark now =
        Mark.newBuilder()
            .setTerm(leadership.term())
            .setLeadership(leadership.number())
            .setCount(recent.mark())
            .build();
    Pending.Enqueue origin = new Pending.Enqueue(port, request.getCorrelation(), now);
    if (wasDone(enqueue)) {
      command(port, request, origin, request, false);
    } else if (enqueue.getMessagesCount() == 0 || !isRemembered(enqueue.getMark())) {
      port.reply(
          ShardReply.newBuilder()
              .setCorrelation(request.getCorrelation())
              .setEnqueued(
                  Enqueued.newBuilder().setMark(now).setStale(enqueue.getMessagesCount() > 0))
              .build());
    } else {
      Enqueue.Builder kept = enqueue.toBuilder().clearMessages();
      for (Message message : enqueue.getMessagesList()) {
        if (!recent.hasHadSince(enqueue.getMark().getCount(), message.getTopic())) {
          kept.addMessages(message);
        }
      }
      command(port, request, origin, request.toBuilder().setEnqueue(kept).build(), false);
    }
  }

  private boolean wasDone(Enqueue enqueue) {
    return enqueue.hasKey()
        && state.hasSeen(
            enqueue.getKey().getProducer(),
            enqueue.getKey().getEpoch(),
            enqueue.getKey().getSequence());
  }

  private boolean isRemembered(@Nullable Mark mark) {
    return mark != null
        && mark.getTerm() == leadership.term()
        && mark.getLeadership() == leadership.number()
        && recent.remembers(mark.getCount());
  }

  private void command(
      RouterPort port,
      ShardRequest asked,
      Pending.Origin origin,
      ShardRequest request,
      boolean canWait) {
    try {
      LoggedCommand logged = LoggedCommand.newBuilder().setRequest(request).build();
      if (logged.getSerializedSize() > options.entries().commandBytes()) {
        throw new InvalidRequestException(logged.getSerializedSize() + " bytes are too many");
      }
      Command command = Commands.of(request);
      if (admission.admits(command)) {
        toLog.accept(new Pending(command, logged, origin, canWait));
      } else {
        Refusals.request(port, asked, Failure.Reason.REASON_QUOTA_EXCEEDED);
      }
    } catch (InvalidRequestException e) {
      log.warn("shard {} refuses a request of router {}", shard, port.nodeId(), e);
      Refusals.request(port, asked, Failure.Reason.REASON_INVALID);
    }
  }
}
