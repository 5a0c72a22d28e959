package io.vmqtt.store.operation;

import io.vmqtt.cluster.operation.DirectedMessages;
import io.vmqtt.cluster.operation.DirectedMessages.Direction;
import io.vmqtt.cluster.operation.DirectedMessages.Outcome;
import io.vmqtt.cluster.operation.DirectedMessages.What;
import io.vmqtt.cluster.operation.Publication.OneMessage;
import io.vmqtt.cluster.wire.Messages;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.ScopedName;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.store.leading.Leadership;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Decision;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.Reply;
import io.vmqtt.store.session.Session;
import io.vmqtt.store.session.SubscriptionTerms;
import io.vmqtt.store.shard.Shard;
import io.vmqtt.store.wire.WireContent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has sessions get what operators send to them alone, and says what became of it when that is
 * committed. What has no answer in time, as its shard has another leader by then, is left out: it
 * may be in the queue, or not. Safe from any thread.
 */
final class DirectedDeliveries {
  /** Who asks waits for 10 seconds, and is to hear of the others. */
  private static final long PATIENCE_SECONDS = 8;

  /** Beside the message there is the session in a command. */
  private static final int COMMAND_BYTES = 32;

  private final Function<String, @Nullable Shard> shardOf;
  private final IntSupplier maxCommandBytes;
  private final InstantSource clock;

  /**
   * Those of one store.
   *
   * @param shardOf the shard of a client id with its namespace; null: it is not here
   * @param maxCommandBytes what the log takes in one command
   */
  DirectedDeliveries(
      Function<String, @Nullable Shard> shardOf, IntSupplier maxCommandBytes, InstantSource clock) {
    this.shardOf = shardOf;
    this.maxCommandBytes = maxCommandBytes;
    this.clock = clock;
  }

  CompletableFuture<DirectedMessages.Outcomes> deliver(DirectedMessages asked) {
    Namespace namespace = Namespace.of(asked.namespace());
    List<Message> messages =
        asked.messages().stream()
            .map(one -> Messages.toWire(one.in(namespace, clock.millis())))
            .toList();
    List<CompletableFuture<Optional<Outcome>>> each = new ArrayList<>();
    for (Direction to : asked.to()) {
      String client = ScopedName.of(namespace, to.clientId());
      Shard shard = shardOf.apply(client);
      if (shard != null) {
        OneMessage wanted = asked.messages().get(to.message());
        Message message = messages.get(to.message());
        CompletableFuture<Optional<Outcome>> answer = new CompletableFuture<>();
        each.add(answer);
        shard.show(
            led -> deliver(led, client, to, wanted, message, answer),
            () -> answer.complete(Optional.empty()));
      }
    }
    return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .handleAsync(
            (all, late) ->
                new DirectedMessages.Outcomes(
                    each.stream().flatMap(one -> one.getNow(Optional.empty()).stream()).toList()));
  }

  /** On the thread of the shard. */
  private void deliver(
      Leadership led,
      String client,
      Direction to,
      OneMessage wanted,
      Message message,
      CompletableFuture<Optional<Outcome>> answer) {
    Session session = led.state().sessionOf(client);
    Outcome known = known(session, to, wanted, message);
    if (known != null || session == null) {
      answer.complete(Optional.ofNullable(known));
      return;
    }
    What otherwise =
        qos(session, message) == Qos.AT_MOST_ONCE ? What.OFFLINE : What.NO_SUBSCRIPTION;
    Publication publication = WireContent.publication(message);
    if (!led.deliver(
        session.number(),
        publication,
        decision -> answer.complete(Optional.of(outcome(to, otherwise, decision))))) {
      answer.complete(Optional.of(refused(to, ReasonCode.QUOTA_EXCEEDED)));
    }
  }

  /** What is clear before anything is done; null: nothing is. */
  private @Nullable Outcome known(
      @Nullable Session session, Direction to, OneMessage wanted, Message message) {
    if (wanted.fault() != ReasonCode.SUCCESS) {
      return refused(to, wanted.fault());
    }
    if (session == null) {
      return new Outcome(to.id(), What.UNKNOWN);
    }
    boolean attached = session.header().attached();
    if (!session.header().persistent() && !session.header().present()) {
      return new Outcome(to.id(), attached ? What.AT_GATEWAY : What.OFFLINE);
    }
    Qos qos = qos(session, message);
    if (qos == null) {
      return new Outcome(to.id(), What.NO_SUBSCRIPTION);
    }
    if (!attached && qos == Qos.AT_MOST_ONCE) {
      return new Outcome(to.id(), What.OFFLINE);
    }
    return message.getSerializedSize() + COMMAND_BYTES > maxCommandBytes.getAsInt()
        ? refused(to, ReasonCode.PACKET_TOO_LARGE)
        : null;
  }

  /** At which it would come; null: the session does not subscribe to it. */
  private static @Nullable Qos qos(Session session, Message message) {
    Qos highest = null;
    for (SubscriptionTerms terms : session.terms()) {
      if (!terms.filter().isShared() && terms.filter().matches(message.getTopic())) {
        highest = highest == null ? terms.maximumQos() : highest.max(terms.maximumQos());
      }
    }
    return highest == null ? null : highest.min(Qos.of(message.getQos()));
  }

  private static Outcome refused(Direction to, ReasonCode reason) {
    return new Outcome(to.id(), What.REFUSED, reason.value());
  }

  /** The session may have changed since it was asked for. */
  private static Outcome outcome(Direction to, What otherwise, Decision decision) {
    if (decision.reply() instanceof Reply.Failure) {
      return new Outcome(to.id(), What.UNKNOWN);
    }
    if (decision.reply() instanceof Reply.Refused(int reason)) {
      return new Outcome(to.id(), What.REFUSED, reason);
    }
    if (!decision.pushes().isEmpty()) {
      return new Outcome(to.id(), What.SENT);
    }
    for (Change change : decision.changes()) {
      if (change instanceof Change.Queued) {
        return new Outcome(to.id(), What.QUEUED);
      }
    }
    if (!decision.changes().isEmpty()) {
      return refused(to, ReasonCode.QUOTA_EXCEEDED);
    }
    return new Outcome(to.id(), otherwise);
  }
}
