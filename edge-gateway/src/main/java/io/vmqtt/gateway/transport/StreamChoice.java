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
import java.util.ArrayList;
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
  private final RecentStreams recent = new RecentStreams();

  /** Of SUBSCRIBEs and UNSUBSCRIBEs, in the order in which they came. */
  private long lastNumber;

  private @Nullable Subscribed found;

  /** Subscriptions that were looked at for messages; package-private for tests. */
  long looks;

  /**
   * What has no last answer yet.
   *
   * @param stream null: the first
   * @param number of SUBSCRIBE or UNSUBSCRIBE
   * @param made by SUBSCRIBE, in its order; null: its answer changes nothing
   * @param ended by UNSUBSCRIBE
   */
  private record Request(
      @Nullable DataStream stream,
      long number,
      List<@Nullable Subscribed> made,
      List<TopicFilter> ended) {

    /** One that is about no subscription. */
    static Request on(@Nullable DataStream stream) {
      return new Request(stream, 0, List.of(), List.of());
    }
  }

  /**
   * A subscription that was made on a stream, or is about to be. Two are the same only if they are
   * one object. One that is made on the first is here only where it takes the place of another,
   * until it is answered for.
   */
  private static final class Subscribed {
    final TopicFilter filter;
    final @Nullable DataStream stream;
    final long number;

    /** SUBACK has said so. */
    boolean isGranted;

    /** The granted one that is as it was if this one is not granted. */
    @Nullable Subscribed before;

    Subscribed(
        TopicFilter filter, @Nullable DataStream stream, long number, @Nullable Subscribed before) {
      this.filter = filter;
      this.stream = stream;
      this.number = number;
      this.before = before;
    }

    /** Its stream takes nothing new. */
    boolean isOver() {
      return stream != null && stream.isEnding();
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
      case PUBREL -> requests.put(ClientPackets.packetId(packet), Request.on(from));
      case PUBREC -> {
        if (from == null || ClientPackets.isFailure(packet)) {
          received.remove(ClientPackets.packetId(packet));
        } else {
          received.put(ClientPackets.packetId(packet), from);
        }
      }
      case SUBSCRIBE -> {
        long number = ++lastNumber;
        List<@Nullable Subscribed> made = new ArrayList<@Nullable Subscribed>();
        begin(ClientPackets.packetId(packet), new Request(from, number, made, List.of()));
        for (MqttTopicSubscription one :
            ((MqttSubscribeMessage) packet).payload().topicSubscriptions()) {
          made.add(subscribe(parse(one.topicFilter()), from, number));
        }
      }
      case UNSUBSCRIBE -> {
        List<TopicFilter> ended = new ArrayList<>();
        for (String topic : ((MqttUnsubscribeMessage) packet).payload().topics()) {
          TopicFilter filter = parse(topic);
          if (filter != null) {
            ended.add(filter);
          }
        }
        begin(ClientPackets.packetId(packet), new Request(from, ++lastNumber, List.of(), ended));
      }
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
        requests.put(packetId, Request.on(from));
      } else {
        begin(packetId, Request.on(from));
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // the same stream
  private void begin(int packetId, Request request) {
    Request before = requests.put(packetId, request);
    if (before != null && before.stream != request.stream) {
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

  private @Nullable Subscribed subscribe(
      @Nullable TopicFilter filter, @Nullable DataStream stream, long number) {
    Subscribed now = filter == null ? null : subscriptions.get(filter);
    if (filter == null || (now == null && stream == null)) {
      return null;
    }
    if (now != null && now.number == number) {
      return null; // twice in one packet
    }
    Subscribed granted = now == null || now.isGranted ? now : now.before;
    Subscribed one = new Subscribed(filter, stream, number, granted);
    put(filter, one);
    return one;
  }

  /** From here on, messages of a subscription go that way; null: by the first stream. */
  private void put(TopicFilter filter, @Nullable Subscribed one) {
    recent.clear();
    Subscribed last = subscriptions.remove(filter);
    if (last != null && last.stream != null) {
      tree.remove(filter.filter(), last);
    }
    if (one == null || one.isOver() || subscriptions.size() >= maxSubscriptions) {
      return;
    }
    subscriptions.put(filter, one);
    if (one.stream != null) {
      tree.add(filter.filter(), one);
    }
  }

  @SuppressWarnings("ReferenceEquality") // the same one
  private void granted(Subscribed one) {
    one.isGranted = true;
    one.before = null;
    Subscribed now = subscriptions.get(one.filter);
    if (now == one) {
      if (one.stream == null) {
        put(one.filter, null);
      }
    } else if (now != null && now.number < one.number) {
      put(one.filter, one.stream == null ? null : one); // what came behind it was refused
    } else if (now != null
        && !now.isGranted
        && (now.before == null || now.before.number < one.number)) {
      now.before = one;
    }
  }

  @SuppressWarnings("ReferenceEquality") // the same one
  private void refused(Subscribed one) {
    if (subscriptions.get(one.filter) == one) {
      Subscribed before = one.before;
      put(one.filter, before == null || before.stream == null ? null : before);
    }
  }

  /** One that came later goes on, whatever becomes of those that were there before. */
  private void ended(TopicFilter filter, long number) {
    Subscribed now = subscriptions.get(filter);
    if (now == null) {
      return;
    }
    if (now.number < number) {
      put(filter, null);
    } else if (now.before != null && now.before.number < number) {
      now.before = null;
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

  /** Of SUBACK; where something was not granted, all is as if it had not been asked for. */
  @Nullable DataStream subAck(int packetId, List<ReasonCode> reasons) {
    Request request = requests.remove(packetId);
    if (request != null) {
      for (int i = 0; i < Math.min(reasons.size(), request.made.size()); i++) {
        Subscribed one = request.made.get(i);
        if (one != null && reasons.get(i).isError()) {
          refused(one);
        } else if (one != null) {
          granted(one);
        }
      }
    }
    return open(request);
  }

  /** Of UNSUBACK. */
  @Nullable DataStream unsubAck(int packetId) {
    Request request = requests.remove(packetId);
    if (request != null) {
      request.ended.forEach(filter -> ended(filter, request.number));
    }
    return open(request);
  }

  /** Of a message. */
  @Nullable DataStream message(String topic) {
    if (subscriptions.isEmpty()) {
      return null;
    }
    if (recent.knows(topic)) {
      return recent.stream(topic);
    }
    found = null;
    tree.match(topic, this::consider);
    DataStream stream = found == null ? null : found.stream;
    found = null;
    recent.add(topic, stream);
    return stream;
  }

  private void consider(Subscribed one) {
    looks++;
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
        .forEach(one -> put(one.filter, null));
    received.values().removeIf(one -> one == stream);
  }
}
