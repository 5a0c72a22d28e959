package io.vmqtt.gateway.transport;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.vmqtt.gateway.connection.ProtocolViolation;
import io.vmqtt.model.InvalidTopicFilterException;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.model.TopicTree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By which of its streams a client hears what: an answer by that of the request, a message by that
 * of its subscription, and where several match, of the one that was made first; all else by the
 * first stream, and so does what has no stream any more. A topic keeps its stream, and with it its
 * order, as long as its subscription does.
 *
 * <p>Packet identifiers are the connection's, as everywhere in MQTT: one that is in use on one
 * stream cannot be used on another. There are fewer than 65,536 of them, and at most so many
 * subscriptions are known here as a session may have. Confined to the event loop.
 */
final class StreamChoice {
  private final int maxSubscriptions;

  /** By packet identifiers of the client: what has no last answer yet. */
  private final Map<Integer, Request> requests = new HashMap<>(2);

  /** By packet identifiers of deliveries: where PUBREC came from, for PUBREL. */
  private final Map<Integer, DataStream> received = new HashMap<>(2);

  private final Map<TopicFilter, Subscribed> subscriptions = new HashMap<>(2);
  private final TopicTree<Subscribed> tree;
  private long made;
  private @Nullable Subscribed found;

  /**
   * What has no last answer yet.
   *
   * @param stream null: the first
   * @param filters of SUBSCRIBE or UNSUBSCRIBE
   */
  private record Request(@Nullable DataStream stream, List<@Nullable TopicFilter> filters) {}

  /** A subscription that was made on a stream. Two are the same only if they are one object. */
  private static final class Subscribed {
    final TopicFilter filter;
    final DataStream stream;
    final long number;

    Subscribed(TopicFilter filter, DataStream stream, long number) {
      this.filter = filter;
      this.stream = stream;
      this.number = number;
    }
  }

  /**
   * Nothing but the first stream.
   *
   * @param hashSeed hard to guess: clients choose the filters
   */
  StreamChoice(int maxSubscriptions, long hashSeed) {
    this.maxSubscriptions = maxSubscriptions;
    this.tree = new TopicTree<>(hashSeed);
  }

  /**
   * A packet has come.
   *
   * @param from null: the first stream
   * @throws ProtocolViolation if that one has no place there
   */
  void came(@Nullable DataStream from, MqttMessage packet) {
    switch (packet.fixedHeader().messageType()) {
      case PUBLISH -> publish(from, (MqttPublishMessage) packet);
      case PUBREL -> requests.put(ClientPackets.packetId(packet), new Request(from, List.of()));
      case PUBREC -> {
        if (from == null || ClientPackets.isFailure(packet)) {
          received.remove(ClientPackets.packetId(packet));
        } else {
          received.put(ClientPackets.packetId(packet), from);
        }
      }
      case SUBSCRIBE -> {
        List<@Nullable TopicFilter> filters =
            ((MqttSubscribeMessage) packet)
                .payload().topicSubscriptions().stream()
                    .map(MqttTopicSubscription::topicFilter)
                    .<@Nullable TopicFilter>map(StreamChoice::parse)
                    .toList();
        begin(ClientPackets.packetId(packet), from, filters);
        filters.forEach(filter -> subscribe(filter, from));
      }
      case UNSUBSCRIBE ->
          begin(
              ClientPackets.packetId(packet),
              from,
              ((MqttUnsubscribeMessage) packet)
                  .payload().topics().stream()
                      .<@Nullable TopicFilter>map(StreamChoice::parse)
                      .toList());
      case PUBACK, PUBCOMP -> {}
      case CONNECT, CONNACK, SUBACK, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT, AUTH -> {
        if (from != null) {
          throw new ProtocolViolation(
              ReasonCode.PROTOCOL_ERROR,
              packet.fixedHeader().messageType() + " on another stream than the first");
        }
      }
    }
  }

  private void publish(@Nullable DataStream from, MqttPublishMessage packet) {
    if (from != null
        && packet.variableHeader().properties().getProperty(MqttProperties.TOPIC_ALIAS) != null) {
      throw new ProtocolViolation(
          ReasonCode.TOPIC_ALIAS_INVALID, "a topic alias where streams have no order");
    }
    if (packet.fixedHeader().qosLevel() != MqttQoS.AT_MOST_ONCE) {
      int packetId = packet.variableHeader().packetId();
      if (packet.fixedHeader().isDup()) {
        requests.put(packetId, new Request(from, List.of()));
      } else {
        begin(packetId, from, List.of());
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // the same stream
  private void begin(int packetId, @Nullable DataStream from, List<@Nullable TopicFilter> filters) {
    Request before = requests.put(packetId, new Request(from, filters));
    if (before != null && before.stream != from) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR,
          "packet identifier " + packetId + " is in use on another stream [MQTT-2.2.1-3]");
    }
  }

  /** Null: it is not one, which others find, too, and say so. */
  private static @Nullable TopicFilter parse(String text) {
    try {
      return TopicFilter.parse(text);
    } catch (InvalidTopicFilterException e) {
      return null;
    }
  }

  private void subscribe(@Nullable TopicFilter filter, @Nullable DataStream stream) {
    if (filter == null) {
      return;
    }
    unsubscribe(filter);
    if (stream != null && !stream.isEnding() && subscriptions.size() < maxSubscriptions) {
      Subscribed one = new Subscribed(filter, stream, ++made);
      subscriptions.put(filter, one);
      tree.add(filter.filter(), one);
    }
  }

  private void unsubscribe(TopicFilter filter) {
    Subscribed before = subscriptions.remove(filter);
    if (before != null) {
      tree.remove(filter.filter(), before);
    }
  }

  // --- which stream; null: the first

  /** Of PUBACK and PUBCOMP. */
  @Nullable DataStream lastAnswer(int packetId) {
    return open(requests.remove(packetId));
  }

  /** Of PUBREC. */
  @Nullable DataStream pubRec(int packetId, ReasonCode reason) {
    return reason.isError() ? lastAnswer(packetId) : open(requests.get(packetId));
  }

  /** Of PUBREL. */
  @Nullable DataStream pubRel(int packetId) {
    DataStream stream = received.remove(packetId);
    return stream == null || stream.isEnding() ? null : stream;
  }

  /** Of SUBACK; what was not granted has no stream. */
  @Nullable DataStream subAck(int packetId, List<ReasonCode> reasons) {
    Request request = requests.remove(packetId);
    if (request != null) {
      for (int i = 0; i < Math.min(reasons.size(), request.filters.size()); i++) {
        TopicFilter filter = request.filters.get(i);
        if (filter != null && reasons.get(i).isError()) {
          unsubscribe(filter);
        }
      }
    }
    return open(request);
  }

  /** Of UNSUBACK. */
  @Nullable DataStream unsubAck(int packetId) {
    Request request = requests.remove(packetId);
    if (request != null) {
      for (TopicFilter filter : request.filters) {
        if (filter != null) {
          unsubscribe(filter);
        }
      }
    }
    return open(request);
  }

  /** Of a message. */
  @Nullable DataStream message(String topic) {
    if (subscriptions.isEmpty()) {
      return null;
    }
    found = null;
    tree.match(topic, this::consider);
    Subscribed first = found;
    found = null;
    return first == null ? null : first.stream;
  }

  private void consider(Subscribed one) {
    if (found == null || one.number < found.number) {
      found = one;
    }
  }

  private static @Nullable DataStream open(@Nullable Request request) {
    return request == null || request.stream == null || request.stream.isEnding()
        ? null
        : request.stream;
  }

  /** A stream is no more. */
  @SuppressWarnings("ReferenceEquality") // the same stream
  void left(DataStream stream) {
    List.copyOf(subscriptions.values()).stream()
        .filter(one -> one.stream == stream)
        .forEach(one -> unsubscribe(one.filter));
    received.values().removeIf(one -> one == stream);
  }
}
