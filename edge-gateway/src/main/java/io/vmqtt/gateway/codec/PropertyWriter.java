package io.vmqtt.gateway.codec;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes properties, each as the type that {@link Property} gives it. */
final class PropertyWriter {
  private PropertyWriter() {}

  /** A number, unsigned. */
  static void writeProperty(ByteBuf out, Property property, long value) {
    out.writeByte(property.id());
    switch (property.type()) {
      case FLAG -> out.writeByte((int) value);
      case TWO_BYTES -> out.writeShort((int) value);
      case FOUR_BYTES -> out.writeInt((int) value);
      case VARIABLE -> Packets.writeVariableLength(out, (int) value);
      case TEXT, BINARY, PAIR -> throw new IllegalArgumentException(property + " is no number");
    }
  }

  static void writeProperty(ByteBuf out, Property property, String text) {
    require(property, Property.Type.TEXT);
    out.writeByte(property.id());
    writeText(out, text);
  }

  static void writeProperty(ByteBuf out, Property property, ByteBuffer binary) {
    require(property, Property.Type.BINARY);
    out.writeByte(property.id());
    out.writeShort(binary.remaining()).writeBytes(binary.duplicate());
  }

  static void writeProperty(ByteBuf out, Property property, String name, String value) {
    require(property, Property.Type.PAIR);
    out.writeByte(property.id());
    writeText(out, name);
    writeText(out, value);
  }

  private static void writeText(ByteBuf out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeShort(bytes.length).writeBytes(bytes);
  }

  private static void require(Property property, Property.Type type) {
    if (property.type() != type) {
      throw new IllegalArgumentException(property + " is " + property.type() + ", not " + type);
    }
  }
}
