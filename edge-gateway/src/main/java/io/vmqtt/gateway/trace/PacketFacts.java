package io.vmqtt.gateway.trace;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What people want to know of a packet that has come: nothing that could be a secret. */
final class PacketFacts {
  /** Of filters and reason codes, the first are told. */
  static final int MOST_OF_A_LIST = 32;

  private static final int MOST_CHARACTERS = 256;
  private static final int UNSIGNED_BYTE = 0xFF;

  private PacketFacts() {}

  /** The topic of a PUBLISH; null: it is another packet, or names an alias alone. */
  static @Nullable String topic(MqttMessage message) {
    return message instanceof MqttPublishMessage publish
            && !publish.variableHeader().topicName().isEmpty()
        ? publish.variableHeader().topicName()
        : null;
  }

  static Map<String, Object> of(MqttMessage message) {
    Map<String, Object> facts = new HashMap<>();
    switch (message) {
      case MqttPublishMessage publish -> {
        facts.put("topic", cut(publish.variableHeader().topicName()));
        facts.put("qos", publish.fixedHeader().qosLevel().value());
        facts.put("retain", publish.fixedHeader().isRetain());
        facts.put("dup", publish.fixedHeader().isDup());
        facts.put("payloadBytes", publish.payload().readableBytes());
        if (publish.variableHeader().packetId() > 0) {
          facts.put("packetId", publish.variableHeader().packetId());
        }
      }
      case MqttConnectMessage connect -> {
        facts.put("level", connect.variableHeader().version());
        facts.put("cleanStart", connect.variableHeader().isCleanSession());
        facts.put("keepAliveSeconds", connect.variableHeader().keepAliveTimeSeconds());
        facts.put("will", connect.variableHeader().isWillFlag());
        facts.put("userName", connect.variableHeader().hasUserName());
      }
      case MqttSubscribeMessage subscribe -> {
        facts.put("packetId", subscribe.variableHeader().messageId());
        facts.put(
            "filters",
            cut(subscribe.payload().topicSubscriptions().stream().map(one -> one.topicFilter())));
      }
      case MqttUnsubscribeMessage unsubscribe -> {
        facts.put("packetId", unsubscribe.variableHeader().messageId());
        facts.put("filters", cut(unsubscribe.payload().topics().stream()));
      }
      default -> {
        if (message.variableHeader() instanceof MqttMessageIdVariableHeader header) {
          facts.put("packetId", header.messageId());
        }
        if (message.variableHeader() instanceof MqttPubReplyMessageVariableHeader header) {
          facts.put("reason", header.reasonCode() & UNSIGNED_BYTE);
        }
        if (message.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header) {
          facts.put("reason", header.reasonCode() & UNSIGNED_BYTE);
        }
      }
    }
    return facts;
  }

  static String cut(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...";
  }

  private static List<String> cut(Stream<String> texts) {
    return texts.limit(MOST_OF_A_LIST).map(PacketFacts::cut).toList();
  }
}
