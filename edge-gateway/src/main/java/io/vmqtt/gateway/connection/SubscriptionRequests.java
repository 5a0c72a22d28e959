package io.vmqtt.gateway.connection;

import io.vmqtt.model.InvalidTopicFilterException;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SUBSCRIBE and UNSUBSCRIBE of one connection, and their answers. */
final class SubscriptionRequests {
  private final ProtocolVersion version;
  private final ClientOutput client;
  private final Session session;
  private boolean closed;

  SubscriptionRequests(ProtocolVersion version, ClientOutput client, Session session) {
    this.version = version;
    this.client = client;
    this.session = session;
  }

  /** The connection is over: answers that come now are for nobody. */
  void close() {
    closed = true;
  }

  /** SUBSCRIBE. */
  void subscribe(int packetId, List<RequestedSubscription> requested, int identifier) {
    if (requested.isEmpty()) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "SUBSCRIBE without a topic filter [MQTT-3.8.3-2]");
    }
    List<ReasonCode> reasons = new ArrayList<>(requested.size());
    List<Subscription> subscriptions = new ArrayList<>(requested.size());
    for (RequestedSubscription one : requested) {
      TopicFilter filter = parse(one.filter());
      if (filter == null) {
        reasons.add(
            version == ProtocolVersion.V5
                ? ReasonCode.TOPIC_FILTER_INVALID
                : ReasonCode.UNSPECIFIED_ERROR);
      } else if (filter.isShared() && one.options().noLocal()) {
        throw new ProtocolViolation(
            ReasonCode.PROTOCOL_ERROR, "No Local on a shared subscription [MQTT-3.8.3-4]");
      } else {
        reasons.add(ReasonCode.granted(one.options().maximumQos()));
        subscriptions.add(new Subscription(filter, one.options(), identifier));
      }
    }
    if (subscriptions.isEmpty()) {
      client.subAck(packetId, reasons);
      return;
    }
    session.subscribe(
        subscriptions,
        existed -> {
          if (!closed) {
            client.subAck(packetId, reasons);
            session.sendRetained(RetainedAfterSubscribe.of(subscriptions, existed));
          }
        });
  }

  /** UNSUBSCRIBE. */
  void unsubscribe(int packetId, List<String> requested) {
    if (requested.isEmpty()) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "UNSUBSCRIBE without a topic filter [MQTT-3.10.3-2]");
    }
    List<TopicFilter> filters = new ArrayList<>(requested.size());
    List<Boolean> valid = new ArrayList<>(requested.size());
    for (String text : requested) {
      TopicFilter filter = parse(text);
      valid.add(filter != null);
      if (filter != null) {
        filters.add(filter);
      }
    }
    session.unsubscribe(
        filters,
        existed -> {
          if (!closed) {
            client.unsubAck(packetId, unsubscribeReasons(valid, existed));
          }
        });
  }

  private static List<ReasonCode> unsubscribeReasons(List<Boolean> valid, List<Boolean> existed) {
    List<ReasonCode> reasons = new ArrayList<>(valid.size());
    int next = 0;
    for (boolean isValid : valid) {
      if (!isValid) {
        reasons.add(ReasonCode.TOPIC_FILTER_INVALID);
      } else {
        reasons.add(existed.get(next++) ? ReasonCode.SUCCESS : ReasonCode.NO_SUBSCRIPTION_EXISTED);
      }
    }
    return reasons;
  }

  private static @Nullable TopicFilter parse(String text) {
    try {
      return TopicFilter.parse(text);
    } catch (InvalidTopicFilterException e) {
      return null;
    }
  }
}
