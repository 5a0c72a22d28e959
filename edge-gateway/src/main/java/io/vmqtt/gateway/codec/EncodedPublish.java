package io.vmqtt.gateway.codec;

import static io.vmqtt.gateway.codec.PropertyWriter.writeProperty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ScopedName;
import io.vmqtt.model.UserProperty;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A message as PUBLISH packets. All clients of one version and kind of QoS get the same bytes, but
 * for the flags and the packet id, so these bytes are made once and copied; of a large payload
 * there is one copy for the sockets of all of them. Used by one thread.
 */
public final class EncodedPublish implements Outgoing {
  /** From this size on a payload is cheaper to reference than to copy. */
  static final int LARGE_PAYLOAD_BYTES = 16 << 10;

  private static final int PUBLISH = 0x30;
  private static final int ABSENT = -1;

  private final Message message;
  private final LongSupplier clock;
  private final byte[] topic;
  private final @Nullable Template[] templates = new Template[4];

  private @Nullable SocketCopy copy;

  /** Packet bytes up to the payload, with a small payload included, and where the blanks are. */
  @SuppressWarnings("ArrayRecordComponent") // never changed, never compared
  private record Template(byte[] bytes, int packetIdAt, int expiryAt) {}

  /**
   * A message to encode.
   *
   * @param clock milliseconds of the epoch, asked at each write: a message that waits gets older
   */
  public EncodedPublish(Message message, LongSupplier clock) {
    this.message = message;
    this.clock = clock;
    this.topic = ScopedName.local(message.topic()).getBytes(StandardCharsets.UTF_8);
  }

  /** Makes messages ready for clients, by the clock of this machine. */
  public static Function<Message, Outgoing> encoder() {
    return message -> new EncodedPublish(message, System::currentTimeMillis);
  }

  @Override
  public Message message() {
    return message;
  }

  @Override
  public String topic() {
    return ScopedName.local(message.topic());
  }

  @Override
  public int encodedBytes(Delivery delivery) {
    Template template = template(ProtocolVersion.V5, delivery);
    return template.bytes.length + (hasLargePayload() ? message.payload().remaining() : 0);
  }

  @Override
  public int keptBytes() {
    return topic.length + message.payload().remaining() + message.properties().bytes();
  }

  @Override
  public boolean isExpired() {
    return message.isExpired(clock.getAsLong());
  }

  /** True if {@link #write} leaves the payload to the caller. */
  public boolean hasLargePayload() {
    return message.payload().remaining() >= LARGE_PAYLOAD_BYTES;
  }

  /** The payload for sockets: that of the last call while one of them still needs it. */
  public SocketCopy payload(ByteBufAllocator allocator, LoopMemory memory) {
    SocketCopy current = copy;
    if (current == null || current.isGone()) {
      current = new SocketCopy(allocator, message.payload().duplicate(), memory);
      copy = current;
    }
    return current;
  }

  /** About how many bytes {@link #write} writes. */
  public int writtenBytes() {
    return 64 + topic.length + (hasLargePayload() ? 0 : message.payload().remaining());
  }

  /** Writes the packet, without a large payload. */
  public void write(
      ByteBuf out, ProtocolVersion version, int packetId, boolean dup, Delivery delivery) {
    int first =
        PUBLISH | (dup ? 0x08 : 0) | delivery.qos().value() << 1 | (delivery.retain() ? 0x01 : 0);
    int start = out.writerIndex();
    Template template = template(version, delivery);
    out.writeBytes(template.bytes);
    out.setByte(start, first);
    if (template.packetIdAt != ABSENT) {
      out.setShort(start + template.packetIdAt, packetId);
    }
    if (template.expiryAt != ABSENT) {
      out.setInt(start + template.expiryAt, secondsLeft());
    }
  }

  private int secondsLeft() {
    long left = Math.max(0, (message.expiresAtMillis() - clock.getAsLong() + 999) / 1000);
    return (int) Math.min(left, 0xFFFF_FFFFL);
  }

  private Template template(ProtocolVersion version, Delivery delivery) {
    boolean withPacketId = delivery.qos() != Qos.AT_MOST_ONCE;
    List<Integer> identifiers = delivery.identifiers();
    if (version == ProtocolVersion.V5 && !identifiers.isEmpty()) {
      return encode(version, withPacketId, identifiers);
    }
    int kind = (version == ProtocolVersion.V5 ? 2 : 0) + (withPacketId ? 1 : 0);
    Template template = templates[kind];
    if (template == null) {
      template = encode(version, withPacketId, identifiers);
      templates[kind] = template;
    }
    return template;
  }

  private Template encode(
      ProtocolVersion version, boolean withPacketId, List<Integer> identifiers) {
    ByteBuf properties =
        version == ProtocolVersion.V5 ? propertyBytes(identifiers) : Unpooled.EMPTY_BUFFER;
    int propertyLength = properties.readableBytes();
    int payloadLength = message.payload().remaining();
    int propertyField =
        version == ProtocolVersion.V5
            ? Packets.variableLengthBytes(propertyLength) + propertyLength
            : 0;
    int remaining = 2 + topic.length + (withPacketId ? 2 : 0) + propertyField + payloadLength;
    int inlined = hasLargePayload() ? 0 : payloadLength;
    int total = 1 + Packets.variableLengthBytes(remaining) + remaining - payloadLength + inlined;
    byte[] bytes = new byte[total];
    ByteBuf out = Unpooled.wrappedBuffer(bytes).clear();
    out.writeByte(PUBLISH);
    Packets.writeVariableLength(out, remaining);
    out.writeShort(topic.length).writeBytes(topic);
    int packetIdAt = ABSENT;
    if (withPacketId) {
      packetIdAt = out.writerIndex();
      out.writeShort(0);
    }
    int expiryAt = ABSENT;
    if (version == ProtocolVersion.V5) {
      Packets.writeVariableLength(out, propertyLength);
      if (message.expiresAtMillis() != 0) {
        int before = message.properties().payloadFormat() == null ? 0 : 2;
        expiryAt = out.writerIndex() + before + 1;
      }
      out.writeBytes(properties);
    }
    if (inlined > 0) {
      out.writeBytes(message.payload().duplicate());
    }
    return new Template(bytes, packetIdAt, expiryAt);
  }

  private ByteBuf propertyBytes(List<Integer> identifiers) {
    MessageProperties properties = message.properties();
    if (properties.isEmpty() && identifiers.isEmpty() && message.expiresAtMillis() == 0) {
      return Unpooled.EMPTY_BUFFER;
    }
    ByteBuf out = Unpooled.buffer(64);
    if (properties.payloadFormat() != null) {
      writeProperty(out, Property.PAYLOAD_FORMAT_INDICATOR, properties.payloadFormat().value());
    }
    if (message.expiresAtMillis() != 0) {
      writeProperty(out, Property.MESSAGE_EXPIRY_INTERVAL, 0); // filled in by each write
    }
    if (properties.contentType() != null) {
      writeProperty(out, Property.CONTENT_TYPE, properties.contentType());
    }
    if (properties.responseTopic() != null) {
      writeProperty(out, Property.RESPONSE_TOPIC, properties.responseTopic());
    }
    ByteBuffer correlationData = properties.correlationData();
    if (correlationData != null) {
      writeProperty(out, Property.CORRELATION_DATA, correlationData);
    }
    for (int identifier : identifiers) {
      writeProperty(out, Property.SUBSCRIPTION_IDENTIFIER, identifier);
    }
    for (UserProperty property : properties.userProperties()) {
      writeProperty(out, Property.USER_PROPERTY, property.name(), property.value());
    }
    return out;
  }
}
