package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Permission;
import io.vmqtt.gateway.quota.NamespaceUse;
import io.vmqtt.model.Message;
import io.vmqtt.model.Qos;
import io.vmqtt.model.Quota;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.TopicName;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the client publishes: how each PUBLISH is understood, whether it may be, where it goes and
 * how it is answered.
 */
final class Inbound {
  private final Terms terms;
  private final Session session;
  private final Consumer<ReasonCode> end;
  private final InboundPublishes publishes;
  private @Nullable TopicAliases aliases;

  /** The publish that waits until its namespace is within its rate again; null: none does. */
  private @Nullable CompletableFuture<Boolean> turn;

  private boolean full;

  /**
   * Nothing published yet.
   *
   * @param end ends the connection
   */
  Inbound(Terms terms, Session session, Consumer<ReasonCode> end) {
    this.terms = terms;
    this.session = session;
    this.end = end;
    this.publishes = new InboundPublishes(terms.client(), this::refused);
  }

  /** The connection is over: answers that come now are for nobody. */
  void close() {
    publishes.close();
  }

  /** As {@link Connection#publish}. */
  void publish(Message message, int packetId, int topicAlias, boolean dup) {
    Message resolved = topicAlias == 0 ? message : resolveAlias(message, topicAlias);
    String topic = resolved.topic();
    if (topic.isEmpty() && terms.isVersion5()) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "neither topic name nor topic alias");
    }
    if (!TopicName.isValid(topic)) {
      throw new ProtocolViolation(ReasonCode.TOPIC_NAME_INVALID, "invalid topic name");
    }
    if (!terms.limits().topics().allow(topic)) {
      terms.cluster().beyond(Bound.TOPIC);
      refuseBeyondLimits(resolved.qos(), packetId);
      return;
    }
    Message publish = terms.underItsPolicy(resolved);
    switch (publish.qos()) {
      case AT_MOST_ONCE -> admit(publish, null, dup);
      case AT_LEAST_ONCE -> {
        Connection.requirePacketId(packetId);
        checkReceiveMaximum();
        admit(publish, publishes.beginQos1(packetId), dup);
        slowDown();
      }
      case EXACTLY_ONCE -> {
        Connection.requirePacketId(packetId);
        InboundPublishes.Answer answer = publishes.beginQos2(packetId);
        if (answer != null) {
          if (publishes.open() > terms.limits().receiveMaximum()) {
            checkReceiveMaximum();
          }
          admit(publish, answer, dup);
        }
        slowDown();
      }
    }
  }

  /**
   * Keeps the namespace within its rate. What is beyond it is refused where MQTT has a word for
   * that; at QoS 0 it is dropped, and a client of MQTT 3.1.1 is made to wait. So is one that sends
   * again what others may have by now: a refusal must not come after that.
   *
   * @param answer what its client is to hear; null at QoS 0
   */
  private void admit(Message message, InboundPublishes.@Nullable Answer answer, boolean dup) {
    NamespaceUse use = terms.use();
    if (use.mayPublish()) {
      authorize(message, answer);
    } else if (answer == null || (terms.isVersion5() && !dup)) {
      use.refused(Quota.MESSAGES_IN);
      terms.cluster().missed(Missed.RATE_IN, terms.may().who(), 1);
      if (answer != null) {
        answer.published(ReasonCode.QUOTA_EXCEEDED);
      }
    } else {
      CompletableFuture<Boolean> next = new CompletableFuture<>();
      turn = next;
      terms.question().await(() -> hadItsTurn(next, message, answer), next);
    }
  }

  private void hadItsTurn(
      CompletableFuture<Boolean> waited, Message message, InboundPublishes.Answer answer) {
    turn = null;
    if (waited.isCancelled()) { // it has waited for long enough
      terms.use().publishes();
    }
    authorize(message, answer);
  }

  /** Whether nothing waits for its turn. */
  boolean isAtRest() {
    return turn == null || turn.isDone();
  }

  /** Time passes: what waits for its turn may have it. */
  void look() {
    if (turn != null && !turn.isDone() && terms.use().mayPublish()) {
      turn.complete(true);
    }
  }

  /**
   * Asks whether it may be published. From here on nothing about it is the client's fault: the
   * answer may come in another turn.
   *
   * @param answer what its client is to hear; null at QoS 0
   */
  private void authorize(Message message, InboundPublishes.@Nullable Answer answer) {
    CompletableFuture<Permission> permission = terms.may().publish(message);
    if (permission.isDone()) {
      decided(message, answer, permission);
    } else {
      terms.question().await(() -> decided(message, answer, permission), permission);
    }
  }

  private void decided(
      Message message,
      InboundPublishes.@Nullable Answer answer,
      CompletableFuture<Permission> decision) {
    Permission permission = terms.may().permission(decision);
    if (permission != Permission.GRANTED) {
      terms.cluster().missed(Missed.PUBLISH_DENIED, terms.may().who(), 1);
      if (answer != null) { // at QoS 0 MQTT has no word for it
        answer.published(wordFor(permission));
      }
    } else if (answer == null) {
      terms.cluster().publish(message);
    } else if (answer.isExactlyOnce()) {
      session.beginInbound(answer.packetId(), key -> terms.cluster().publish(message, key, answer));
    } else if (message.retain()) {
      session.publishRetained(message, answer);
    } else {
      terms.cluster().publish(message, null, answer);
    }
  }

  /** What its client hears of a publish that may not be. */
  private ReasonCode wordFor(Permission permission) {
    boolean silent =
        permission == Permission.DENIED
            && !terms.isVersion5()
            && terms.limits().deniedPublishes() == DeniedPublishes.ACKNOWLEDGE;
    return silent ? ReasonCode.SUCCESS : permission.reason();
  }

  /** Its topic is beyond the limits. At QoS 0 only DISCONNECT has a word for that. */
  private void refuseBeyondLimits(Qos qos, int packetId) {
    InboundPublishes.Answer answer =
        switch (qos) {
          case AT_MOST_ONCE ->
              throw new ProtocolViolation(
                  ReasonCode.TOPIC_NAME_INVALID, "a topic name beyond the limits");
          case AT_LEAST_ONCE -> publishes.beginQos1(Connection.requirePacketId(packetId));
          case EXACTLY_ONCE -> publishes.beginQos2(Connection.requirePacketId(packetId));
        };
    if (answer != null) {
      answer.published(ReasonCode.TOPIC_NAME_INVALID);
    }
  }

  /**
   * A publish was not taken. PUBACK and PUBREC of MQTT 3.1.1 can only say that it was, so there the
   * connection ends instead, and the client knows that it has to publish again.
   */
  private void refused(int packetId, boolean exactlyOnce, ReasonCode reason) {
    if (!terms.isVersion5()) {
      end.accept(reason);
    } else if (exactlyOnce) {
      session.endInbound(packetId, () -> {});
      terms.client().pubRec(packetId, reason);
    } else {
      terms.client().pubAck(packetId, reason);
    }
  }

  private void checkReceiveMaximum() {
    int maximum = terms.limits().receiveMaximum();
    if (terms.isVersion5() && publishes.open() >= maximum) {
      throw new ProtocolViolation(
          ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
          "more than " + maximum + " unacknowledged publishes");
    }
  }

  /**
   * A client of MQTT 3.1.1 knows no receive maximum: reading stops instead. Only what this side
   * owes counts: a PUBREL that the client owes would never be read.
   */
  private void slowDown() {
    if (!terms.isVersion5() && publishes.unanswered() >= terms.limits().receiveMaximum()) {
      full = true;
    }
  }

  /** Whether the client is to stop until it has had answers. */
  boolean isFull() {
    return full;
  }

  /** Answers may have left. */
  void relieve() {
    if (full && publishes.unanswered() <= terms.limits().receiveMaximum() / 2) {
      full = false;
    }
  }

  private Message resolveAlias(Message message, int alias) {
    int maximum = terms.limits().topicAliasMaximum();
    if (alias > maximum) {
      throw new ProtocolViolation(
          ReasonCode.TOPIC_ALIAS_INVALID, "topic alias " + alias + " is above the maximum");
    }
    TopicAliases known = aliases;
    if (known == null) {
      known = new TopicAliases(maximum);
      aliases = known;
    }
    return known.resolve(message, alias);
  }

  /** PUBREL. */
  void pubRel(int packetId) {
    boolean known = publishes.endQos2(packetId);
    ReasonCode reason =
        known || session instanceof Session.Durable
            ? ReasonCode.SUCCESS
            : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
    session.endInbound(packetId, () -> terms.client().pubComp(packetId, reason));
  }
}
