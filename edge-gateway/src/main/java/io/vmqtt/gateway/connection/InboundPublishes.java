package io.vmqtt.gateway.connection;

import io.vmqtt.model.ReasonCode;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The client's QoS 1 and 2 publishes that have not had their last answer. Answers leave in the
 * order in which the publishes came, whatever the order in which they became safe [MQTT-4.6.0-2,
 * 4.6.0-3].
 */
final class InboundPublishes {
  private final ClientOutput client;
  private final Refusals refusals;

  // Small at first: most connections publish rarely, or never.
  private final ArrayDeque<Answer> pubAcks = new ArrayDeque<>(1);
  private final ArrayDeque<Answer> pubRecs = new ArrayDeque<>(1);
  private final Map<Integer, Answer> openQos2 = new HashMap<>(2);

  /** Who knows what to do about a publish that was not taken, when its turn has come. */
  interface Refusals {
    void refused(int packetId, boolean exactlyOnce, ReasonCode reason);
  }

  /** The answer to one publish. */
  final class Answer implements Cluster.PublishCallback {
    private final int packetId;
    private final boolean qos2;
    private @Nullable ReasonCode reason;

    private Answer(int packetId, boolean qos2) {
      this.packetId = packetId;
      this.qos2 = qos2;
    }

    int packetId() {
      return packetId;
    }

    boolean isExactlyOnce() {
      return qos2;
    }

    @Override
    public void published(ReasonCode outcome) {
      reason = outcome;
      if (qos2) {
        releasePubRecs();
      } else {
        releasePubAcks();
      }
    }
  }

  InboundPublishes(ClientOutput client, Refusals refusals) {
    this.client = client;
    this.refusals = refusals;
  }

  /** How many wait for PUBACK or PUBREC. */
  int unanswered() {
    return pubAcks.size() + pubRecs.size();
  }

  /** The connection is over: answers that come now are for nobody. */
  void close() {
    pubAcks.clear();
    pubRecs.clear();
    openQos2.clear();
  }

  /** How many count against the receive maximum. */
  int open() {
    return pubAcks.size() + openQos2.size();
  }

  /** A QoS 1 publish has come. */
  Answer beginQos1(int packetId) {
    Answer answer = new Answer(packetId, false);
    pubAcks.addLast(answer);
    return answer;
  }

  /** A QoS 2 publish has come. Null: it has come before, and needs no second publish. */
  @Nullable Answer beginQos2(int packetId) {
    Answer open = openQos2.get(packetId);
    if (open != null) {
      if (open.reason != null && !pubRecs.contains(open)) {
        client.pubRec(packetId, open.reason);
      }
      return null;
    }
    Answer answer = new Answer(packetId, true);
    openQos2.put(packetId, answer);
    pubRecs.addLast(answer);
    return answer;
  }

  /** PUBREL has come: whether the packet id was open. */
  boolean endQos2(int packetId) {
    Answer answer = openQos2.remove(packetId);
    if (answer != null) {
      pubRecs.remove(answer);
    }
    return answer != null;
  }

  private void releasePubAcks() {
    for (Answer first = pubAcks.peekFirst();
        first != null && first.reason != null;
        first = pubAcks.peekFirst()) {
      pubAcks.removeFirst();
      if (first.reason.isError()) {
        refusals.refused(first.packetId, false, first.reason);
      } else {
        client.pubAck(first.packetId, first.reason);
      }
    }
  }

  private void releasePubRecs() {
    for (Answer first = pubRecs.peekFirst();
        first != null && first.reason != null;
        first = pubRecs.peekFirst()) {
      pubRecs.removeFirst();
      if (first.reason.isError()) {
        // The packet id is free again: no PUBREL follows an error [MQTT-4.3.3-9].
        openQos2.remove(first.packetId);
        refusals.refused(first.packetId, true, first.reason);
      } else {
        client.pubRec(first.packetId, first.reason);
      }
    }
  }
}
