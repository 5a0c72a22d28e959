package io.vmqtt.gateway.operation;

import io.vmqtt.cluster.operation.ClientName;
import io.vmqtt.cluster.operation.DirectedMessages;
import io.vmqtt.cluster.operation.DirectedMessages.Direction;
import io.vmqtt.cluster.operation.DirectedMessages.Outcome;
import io.vmqtt.cluster.operation.DirectedMessages.What;
import io.vmqtt.cluster.operation.Publication.OneMessage;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.codec.EncodedPublish;
import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.connection.Prospect;
import io.vmqtt.gateway.connection.SessionOwner.Delivered;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.gateway.transport.ConnectedClient;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.Subscription;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has clients whose sessions end with their connections get what operators send to them alone. Of
 * other sessions their shards take care. Safe from any thread.
 */
final class DirectedDeliveries {
  private final Loops loops;
  private final InstantSource clock;

  DirectedDeliveries(Loops loops, InstantSource clock) {
    this.loops = loops;
    this.clock = clock;
  }

  CompletableFuture<DirectedMessages.Outcomes> deliver(DirectedMessages asked) {
    Map<ClientName, List<Direction>> byClient =
        asked.to().stream()
            .collect(Collectors.groupingBy(to -> new ClientName(asked.namespace(), to.clientId())));
    Namespace namespace = Namespace.of(asked.namespace());
    long nowMillis = clock.millis();
    List<Directed> messages =
        asked.messages().stream().map(one -> Directed.of(one, namespace, nowMillis)).toList();
    Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    return loops
        .each(
            (loop, then) -> {
              Encoded encoded = new Encoded(messages);
              loop.show(
                  client -> {
                    for (Direction to : directions(client, byClient)) {
                      Outcome outcome = deliver(client, loop.lane(), to, encoded);
                      if (outcome != null) {
                        outcomes.add(outcome);
                      }
                    }
                  },
                  then);
            })
        .thenApplyAsync(all -> new DirectedMessages.Outcomes(List.copyOf(outcomes)));
  }

  /** A message, or why it is none. */
  private record Directed(OneMessage wanted, @Nullable Message message) {
    static Directed of(OneMessage wanted, Namespace namespace, long nowMillis) {
      boolean isOne = wanted.fault() == ReasonCode.SUCCESS;
      return new Directed(wanted, isOne ? wanted.in(namespace, nowMillis) : null);
    }
  }

  /** What is sent of the messages on one event loop: each is encoded once, when it is needed. */
  private static final class Encoded {
    private final List<Directed> messages;
    private final @Nullable Outgoing[] outgoing;

    Encoded(List<Directed> messages) {
      this.messages = messages;
      this.outgoing = new @Nullable Outgoing[messages.size()];
    }

    Directed message(int number) {
      return messages.get(number);
    }

    Outgoing outgoing(int number, Message message) {
      Outgoing made = outgoing[number];
      if (made == null) {
        made = EncodedPublish.encoder().apply(message);
        outgoing[number] = made;
      }
      return made;
    }
  }

  private static List<Direction> directions(
      ConnectedClient client, Map<ClientName, List<Direction>> byClient) {
    Identity who = client.connection().identity();
    return who == null
        ? List.of()
        : byClient.getOrDefault(new ClientName(who.namespace().name(), who.clientId()), List.of());
  }

  /** On the event loop of the client; null: its session is not here. */
  private @Nullable Outcome deliver(
      ConnectedClient client, Lane lane, Direction to, Encoded encoded) {
    Connection connection = client.connection();
    Prospect prospect = Prospect.of(connection);
    List<Subscription> all = prospect == null ? null : prospect.subscriptions();
    if (prospect == null || all == null) {
      return null;
    }
    OneMessage wanted = encoded.message(to.message()).wanted();
    Message message = encoded.message(to.message()).message();
    if (message == null) {
      return refused(to, wanted.fault());
    }
    List<Subscription> own =
        all.stream()
            .filter(one -> !one.filter().isShared())
            .filter(one -> one.filter().matches(wanted.topic()))
            .toList();
    if (own.isEmpty()) {
      return new Outcome(to.id(), What.NO_SUBSCRIPTION);
    }
    if (!prospect.mayReceive(wanted.topic())) {
      return refused(to, ReasonCode.NOT_AUTHORIZED);
    }
    Delivery delivery = delivery(message, own);
    if (delivery.qos() != Qos.AT_MOST_ONCE && !connection.takesMore()) {
      return refused(to, ReasonCode.QUOTA_EXCEEDED);
    }
    Delivered given = connection.deliver(encoded.outgoing(to.message(), message), delivery, null);
    lane.countDelivery(given == Delivered.GIVEN);
    return switch (given) {
      case GIVEN -> new Outcome(to.id(), What.DELIVERED);
      // At QoS 0 it had no room, else the client takes no packet of that size.
      case DROPPED ->
          refused(
              to,
              delivery.qos() == Qos.AT_MOST_ONCE
                  ? ReasonCode.QUOTA_EXCEEDED
                  : ReasonCode.PACKET_TOO_LARGE);
      case TOO_MUCH -> refused(to, ReasonCode.QUOTA_EXCEEDED);
    };
  }

  /** Overlapping subscriptions make one delivery [MQTT-3.3.4-2]. */
  private static Delivery delivery(Message message, List<Subscription> own) {
    Function<Subscription, Delivery> of =
        one -> Delivery.of(one.qosOf(message), false, one.identifiers());
    return own.stream().map(of).reduce(Delivery::merge).orElseThrow();
  }

  private static Outcome refused(Direction to, ReasonCode reason) {
    return new Outcome(to.id(), What.REFUSED, reason.value());
  }
}
