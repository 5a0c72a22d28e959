package io.vmqtt.gateway.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.gateway.connection.AuthenticationData;
import io.vmqtt.gateway.connection.ConnectRequest;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.connection.ProtocolViolation;
import io.vmqtt.gateway.connection.RequestedSubscription;
import io.vmqtt.gateway.connection.Will;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.PayloadFormat;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.RetainHandling;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.model.TopicName;
import io.vmqtt.model.UserProperty;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns decoded packets into what a connection understands, and refuses what MQTT forbids. */
public final class PacketReader {
  private static final int MAX_RECEIVE_MAXIMUM = 65_535;
  private static final int MQTT_5_LEVEL = 5;
  private static final int UNKNOWN_PUBLISHER = 0;

  private PacketReader() {}

  public static ConnectRequest connect(MqttConnectMessage packet) {
    MqttConnectVariableHeader header = packet.variableHeader();
    MqttConnectPayload payload = packet.payload();
    boolean v5 = header.version() == MQTT_5_LEVEL;
    MqttProperties properties = header.properties();
    long sessionExpirySeconds;
    if (v5) {
      sessionExpirySeconds = unsigned(properties, Property.SESSION_EXPIRY_INTERVAL, 0);
    } else {
      sessionExpirySeconds = header.isCleanSession() ? 0 : ConnectRequest.NEVER_EXPIRES;
    }
    return new ConnectRequest(
        v5 ? ProtocolVersion.V5 : ProtocolVersion.V3,
        payload.clientIdentifier(),
        header.isCleanSession(),
        sessionExpirySeconds,
        header.keepAliveTimeSeconds(),
        (int) positive(properties, Property.RECEIVE_MAXIMUM, MAX_RECEIVE_MAXIMUM),
        positive(properties, Property.MAXIMUM_PACKET_SIZE, Long.MAX_VALUE),
        header.isWillFlag() ? will(header, payload) : null,
        header.hasUserName() ? payload.userName() : null,
        header.hasPassword() ? password(payload) : null,
        authentication(properties));
  }

  /** What CONNECT or AUTH says of an authentication method; null: nothing. */
  public static @Nullable AuthenticationData authentication(MqttProperties properties) {
    String method = text(properties, Property.AUTHENTICATION_METHOD);
    byte[] data = bytes(properties, Property.AUTHENTICATION_DATA);
    return method == null
        ? null
        : new AuthenticationData(method, data == null ? new byte[0] : data);
  }

  private static Password password(MqttConnectPayload payload) {
    byte @Nullable [] bytes = payload.passwordInBytes();
    return new Password(bytes == null ? new byte[0] : bytes);
  }

  private static Will will(MqttConnectVariableHeader header, MqttConnectPayload payload) {
    MqttProperties properties = payload.willProperties();
    @Nullable String topic = payload.willTopic(); // null: longer than the decoder reads
    if (topic == null || !TopicName.isValid(topic)) {
      throw new ProtocolViolation(ReasonCode.TOPIC_NAME_INVALID, "invalid will topic");
    }
    byte[] body = payload.willMessageInBytes();
    return new Will(
        new Message(
            topic,
            ByteBuffer.wrap(body == null ? new byte[0] : body),
            Qos.of(header.willQos()),
            header.isWillRetain(),
            messageProperties(properties),
            0,
            UNKNOWN_PUBLISHER),
        unsigned(properties, Property.WILL_DELAY_INTERVAL, 0),
        unsigned(properties, Property.MESSAGE_EXPIRY_INTERVAL, 0));
  }

  /** A PUBLISH as a message; the payload is copied, once, out of the network's buffer. */
  public static Message message(MqttPublishMessage packet, long publisher, long nowMillis) {
    MqttPublishVariableHeader header = packet.variableHeader();
    MqttProperties properties = header.properties();
    ByteBuf content = packet.payload();
    byte[] payload = new byte[content.readableBytes()];
    content.readBytes(payload);
    long expiresAtMillis = 0;
    MessageProperties messageProperties = MessageProperties.NONE;
    if (!properties.isEmpty()) {
      if (property(properties, Property.SUBSCRIPTION_IDENTIFIER) != null) {
        throw new ProtocolViolation(
            ReasonCode.PROTOCOL_ERROR, "a client's PUBLISH has no subscription identifier");
      }
      MqttProperties.MqttProperty<?> expiry =
          property(properties, Property.MESSAGE_EXPIRY_INTERVAL);
      if (expiry != null) {
        expiresAtMillis =
            nowMillis + 1000 * unsigned(properties, Property.MESSAGE_EXPIRY_INTERVAL, 0);
      }
      messageProperties = messageProperties(properties);
    }
    return new Message(
        header.topicName(),
        ByteBuffer.wrap(payload),
        Qos.of(packet.fixedHeader().qosLevel().value()),
        packet.fixedHeader().isRetain(),
        messageProperties,
        expiresAtMillis,
        publisher);
  }

  /** Topic alias of a PUBLISH; 0: none. */
  public static int topicAlias(MqttPublishMessage packet) {
    MqttProperties properties = packet.variableHeader().properties();
    if (property(properties, Property.TOPIC_ALIAS) == null) {
      return 0;
    }
    int alias = (int) unsigned(properties, Property.TOPIC_ALIAS, 0);
    if (alias == 0) {
      throw new ProtocolViolation(ReasonCode.TOPIC_ALIAS_INVALID, "topic alias 0");
    }
    return alias;
  }

  public static List<RequestedSubscription> subscriptions(MqttSubscribeMessage packet) {
    List<RequestedSubscription> requested = new ArrayList<>();
    for (MqttTopicSubscription one : packet.payload().topicSubscriptions()) {
      MqttSubscriptionOption option = one.option();
      requested.add(
          new RequestedSubscription(
              one.topicFilter(),
              new SubscriptionOptions(
                  Qos.of(option.qos().value()),
                  option.isNoLocal(),
                  option.isRetainAsPublished(),
                  retainHandling(option))));
    }
    return requested;
  }

  private static RetainHandling retainHandling(MqttSubscriptionOption option) {
    return switch (option.retainHandling()) {
      case SEND_AT_SUBSCRIBE -> RetainHandling.SEND;
      case SEND_AT_SUBSCRIBE_IF_NOT_YET_EXISTS -> RetainHandling.SEND_IF_NEW;
      case DONT_SEND_AT_SUBSCRIBE -> RetainHandling.DO_NOT_SEND;
    };
  }

  /** Subscription identifier of a SUBSCRIBE; 0: none. */
  public static int subscriptionIdentifier(MqttSubscribeMessage packet) {
    MqttProperties properties = packet.idAndPropertiesVariableHeader().properties();
    if (property(properties, Property.SUBSCRIPTION_IDENTIFIER) == null) {
      return 0;
    }
    int identifier = (int) unsigned(properties, Property.SUBSCRIPTION_IDENTIFIER, 0);
    if (identifier == 0) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "subscription identifier 0");
    }
    return identifier;
  }

  /** Session expiry of a DISCONNECT; null: unchanged. */
  public static @Nullable Long sessionExpiry(MqttProperties properties) {
    return property(properties, Property.SESSION_EXPIRY_INTERVAL) == null
        ? null
        : (Long) unsigned(properties, Property.SESSION_EXPIRY_INTERVAL, 0);
  }

  private static MessageProperties messageProperties(MqttProperties properties) {
    byte[] correlationData = bytes(properties, Property.CORRELATION_DATA);
    List<UserProperty> userProperties = new ArrayList<>(0);
    for (MqttProperties.MqttProperty<?> property :
        properties.getProperties(Property.USER_PROPERTY.id())) {
      if (property.value() instanceof MqttProperties.StringPair pair) {
        userProperties.add(new UserProperty(pair.key, pair.value));
      }
    }
    String responseTopic = text(properties, Property.RESPONSE_TOPIC);
    if (responseTopic != null && !TopicName.isValid(responseTopic)) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "wildcard in the response topic [MQTT-3.3.2-14]");
    }
    return new MessageProperties(
        payloadFormat(properties),
        text(properties, Property.CONTENT_TYPE),
        responseTopic,
        correlationData == null ? null : ByteBuffer.wrap(correlationData),
        userProperties);
  }

  private static @Nullable PayloadFormat payloadFormat(MqttProperties properties) {
    if (property(properties, Property.PAYLOAD_FORMAT_INDICATOR) == null) {
      return null;
    }
    return unsigned(properties, Property.PAYLOAD_FORMAT_INDICATOR, 0) == 1
        ? PayloadFormat.UTF_8_TEXT
        : PayloadFormat.UNSPECIFIED_BYTES;
  }

  private static MqttProperties.@Nullable MqttProperty<?> property(
      MqttProperties properties, Property property) {
    return properties.getProperty(property.id());
  }

  private static long unsigned(MqttProperties properties, Property wanted, long absent) {
    MqttProperties.MqttProperty<?> property = property(properties, wanted);
    return property != null && property.value() instanceof Integer value
        ? Integer.toUnsignedLong(value)
        : absent;
  }

  private static long positive(MqttProperties properties, Property wanted, long absent) {
    long value = unsigned(properties, wanted, absent);
    if (value == 0) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, wanted + " of CONNECT must not be 0");
    }
    return value;
  }

  private static @Nullable String text(MqttProperties properties, Property wanted) {
    MqttProperties.MqttProperty<?> property = property(properties, wanted);
    return property != null && property.value() instanceof String value ? value : null;
  }

  private static byte @Nullable [] bytes(MqttProperties properties, Property wanted) {
    MqttProperties.MqttProperty<?> property = property(properties, wanted);
    return property != null && property.value() instanceof byte[] value ? value : null;
  }
}
