package io.vmqtt.gateway.transport;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.vmqtt.model.UserProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a packet takes in memory while it waits: of what there can be thousands of in a few bytes
 * each, such as user properties and topic filters, that is far more than these bytes.
 */
final class PacketMemory {
  private static final long PACKET_BYTES = 128;

  private PacketMemory() {}

  static long of(MqttMessage packet) {
    @Nullable MqttFixedHeader header = packet.fixedHeader(); // null: it is invalid
    return header == null || packet.decoderResult().isFailure()
        ? PACKET_BYTES
        : PACKET_BYTES + header.remainingLength() + UserProperty.OBJECT_BYTES * objects(packet);
  }

  private static long objects(MqttMessage packet) {
    return switch (packet) {
      case MqttConnectMessage connect ->
          count(connect.variableHeader().properties()) + count(connect.payload().willProperties());
      case MqttPublishMessage publish -> count(publish.variableHeader().properties());
      case MqttSubscribeMessage subscribe ->
          subscribe.payload().topicSubscriptions().size() + ofHeader(subscribe);
      case MqttUnsubscribeMessage unsubscribe ->
          unsubscribe.payload().topics().size() + ofHeader(unsubscribe);
      default -> ofHeader(packet);
    };
  }

  private static long ofHeader(MqttMessage packet) {
    return switch (packet.variableHeader()) {
      case MqttMessageIdAndPropertiesVariableHeader header -> count(header.properties());
      case MqttPubReplyMessageVariableHeader header -> count(header.properties());
      case MqttReasonCodeAndPropertiesVariableHeader header -> count(header.properties());
      case null, default -> 0;
    };
  }

  private static long count(MqttProperties properties) {
    return properties.getProperty(MqttProperties.USER_PROPERTY)
            instanceof MqttProperties.UserProperties all
        ? all.value().size()
        : 0;
  }
}
