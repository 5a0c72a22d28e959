package io.vmqtt.cluster.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.vmqtt.model.DeliveryPolicy;
import io.vmqtt.model.Durability;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.PayloadFormat;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.Qos;
import io.vmqtt.model.UserProperty;
import io.vmqtt.proto.message.v1.IdempotencyKey;
import io.vmqtt.proto.message.v1.Message;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages and their keys on the wire. Payloads are passed on, not copied. */
public final class Messages {
  private Messages() {}

  /** The wire form. */
  public static Message toWire(io.vmqtt.model.Message message) {
    Message.Builder wire =
        Message.newBuilder()
            .setTopic(message.topic())
            .setPayload(bytes(message.payload()))
            .setQos(message.qos().value())
            .setRetain(message.retain())
            .setExpiresAtMillis(message.expiresAtMillis())
            .setPublisher(message.publisher());
    if (!message.policy().equals(DeliveryPolicy.of(message.qos()))) {
      wire.setDurability(
          switch (message.policy().durability()) {
            case NONE -> io.vmqtt.proto.message.v1.Durability.DURABILITY_NONE;
            case COMMITTED -> io.vmqtt.proto.message.v1.Durability.DURABILITY_COMMITTED;
          });
    }
    if (!message.properties().isEmpty()) {
      wire.setProperties(propertiesToWire(message.properties()));
    }
    return wire.build();
  }

  /** The message that the wire form stands for. */
  public static io.vmqtt.model.Message fromWire(Message wire) {
    return new io.vmqtt.model.Message(
        wire.getTopic(),
        wire.getPayload().asReadOnlyByteBuffer(),
        Qos.of(wire.getQos()),
        wire.getRetain(),
        wire.hasProperties() ? propertiesFromWire(wire.getProperties()) : MessageProperties.NONE,
        wire.getExpiresAtMillis(),
        wire.getPublisher(),
        policy(wire));
  }

  /** The wire form of a key. */
  public static IdempotencyKey toWire(PublishKey key) {
    return IdempotencyKey.newBuilder()
        .setProducer(key.producer())
        .setSequence(key.sequence())
        .setLowWater(key.lowWater())
        .setEpoch(key.epoch())
        .build();
  }

  /** The key that the wire form stands for. */
  public static PublishKey fromWire(IdempotencyKey wire) {
    return new PublishKey(
        wire.getProducer(), wire.getSequence(), wire.getLowWater(), wire.getEpoch());
  }

  /**
   * What a message needs of the cluster.
   *
   * @throws IllegalArgumentException if this version does not know that need
   */
  public static DeliveryPolicy policy(Message wire) {
    return switch (wire.getDurability()) {
      case DURABILITY_OF_QOS -> DeliveryPolicy.of(Qos.of(wire.getQos()));
      case DURABILITY_NONE -> new DeliveryPolicy(Durability.NONE);
      case DURABILITY_COMMITTED -> new DeliveryPolicy(Durability.COMMITTED);
      case UNRECOGNIZED ->
          throw new IllegalArgumentException("unknown durability " + wire.getDurabilityValue());
    };
  }

  private static ByteString bytes(ByteBuffer buffer) {
    return UnsafeByteOperations.unsafeWrap(buffer.duplicate());
  }

  /** The wire form of properties. */
  private static io.vmqtt.proto.message.v1.MessageProperties propertiesToWire(
      MessageProperties properties) {
    io.vmqtt.proto.message.v1.MessageProperties.Builder wire =
        io.vmqtt.proto.message.v1.MessageProperties.newBuilder();
    if (properties.payloadFormat() != null) {
      wire.setPayloadIsUtf8(properties.payloadFormat() == PayloadFormat.UTF_8_TEXT);
    }
    if (properties.contentType() != null) {
      wire.setContentType(properties.contentType());
    }
    if (properties.responseTopic() != null) {
      wire.setResponseTopic(properties.responseTopic());
    }
    ByteBuffer correlationData = properties.correlationData();
    if (correlationData != null) {
      wire.setCorrelationData(bytes(correlationData));
    }
    for (UserProperty property : properties.userProperties()) {
      wire.addUserProperties(
          io.vmqtt.proto.message.v1.UserProperty.newBuilder()
              .setName(property.name())
              .setValue(property.value()));
    }
    return wire.build();
  }

  private static MessageProperties propertiesFromWire(
      io.vmqtt.proto.message.v1.MessageProperties wire) {
    @Nullable ByteBuffer correlationData =
        wire.hasCorrelationData() ? wire.getCorrelationData().asReadOnlyByteBuffer() : null;
    List<UserProperty> userProperties =
        wire.getUserPropertiesList().stream()
            .map(property -> new UserProperty(property.getName(), property.getValue()))
            .toList();
    return new MessageProperties(
        wire.hasPayloadIsUtf8() ? payloadFormat(wire.getPayloadIsUtf8()) : null,
        wire.hasContentType() ? wire.getContentType() : null,
        wire.hasResponseTopic() ? wire.getResponseTopic() : null,
        correlationData,
        userProperties);
  }

  private static PayloadFormat payloadFormat(boolean isUtf8) {
    return isUtf8 ? PayloadFormat.UTF_8_TEXT : PayloadFormat.UNSPECIFIED_BYTES;
  }
}
