package io.vmqtt.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.vmqtt.gateway.codec.Property.Place;
import io.vmqtt.gateway.connection.ProtocolVersion;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table, row by row against section 2.2.2.2, and place by place against chapter 3. */
class PropertyTest {

  @ParameterizedTest
  @EnumSource
  void of_everyRow_isFoundByItsIdentifier(Property property) {
    assertSame(property, Property.of(property.id()));
  }

  @Test
  void of_noProperty_null() {
    List.of(0x00, 0x04, 0x0A, 0x14, 0x20, 0x2B, 0x7F, 268_435_455)
        .forEach(id -> assertNull(Property.of(id)));
  }

  /** Sections 3.1.2.11, 3.1.3.2, 3.2.2.3 and so on: the table turned round. */
  @ParameterizedTest
  @CsvSource({
    "CONNECT, 11 15 16 17 19 21 22 26 27",
    "WILL, 01 02 03 08 09 18 26",
    "CONNACK, 11 12 13 15 16 1a 1c 1f 21 22 24 25 26 27 28 29 2a",
    "PUBLISH, 01 02 03 08 09 0b 23 26",
    "PUBACK, 1f 26",
    "PUBREC, 1f 26",
    "PUBREL, 1f 26",
    "PUBCOMP, 1f 26",
    "SUBSCRIBE, 0b 26",
    "SUBACK, 1f 26",
    "UNSUBSCRIBE, 26",
    "UNSUBACK, 1f 26",
    "DISCONNECT, 11 1c 1f 26",
    "AUTH, 15 16 1f 26",
  })
  void belongsTo_place_whatItsSectionLists(Place place, String ids) {
    assertEquals(
        ids,
        Arrays.stream(Property.values())
            .filter(property -> property.belongsTo(place))
            .map(property -> HexFormat.of().toHexDigits((byte) property.id()))
            .collect(Collectors.joining(" ")));
  }

  @Test
  void repeatsIn_userPropertyEverywhere_subscriptionIdentifierInPublish() {
    for (Property property : Property.values()) {
      for (Place place : Place.values()) {
        boolean repeats =
            property == Property.USER_PROPERTY
                || (property == Property.SUBSCRIPTION_IDENTIFIER && place == Place.PUBLISH);
        assertEquals(repeats, property.repeatsIn(place), property + " in " + place);
      }
    }
  }

  /** Another implementation reads each as what it is; in CONNACK, since it asks for no place. */
  @ParameterizedTest
  @EnumSource
  void write_everyProperty_isReadByNetty(Property property) {
    ByteBuf bytes = Unpooled.buffer();
    Object expected =
        switch (property.type()) {
          case FLAG, TWO_BYTES, FOUR_BYTES, VARIABLE -> {
            PropertyWriter.writeProperty(bytes, property, 1);
            yield 1;
          }
          case TEXT -> {
            PropertyWriter.writeProperty(bytes, property, "text");
            yield "text";
          }
          case BINARY -> {
            PropertyWriter.writeProperty(bytes, property, ByteBuffer.wrap(new byte[] {7, 8}));
            yield List.of((byte) 7, (byte) 8);
          }
          case PAIR -> {
            PropertyWriter.writeProperty(bytes, property, "name", "value");
            yield List.of(new MqttProperties.StringPair("name", "value"));
          }
        };
    int length = bytes.readableBytes();
    ByteBuf connAck = Unpooled.buffer().writeByte(0x20).writeByte(3 + length).writeZero(2);
    connAck.writeByte(length).writeBytes(bytes);
    try (DecodedBy client = new DecodedBy(ProtocolVersion.V5)) {
      MqttConnAckMessage read = (MqttConnAckMessage) client.packet(connAck);

      Object value = read.variableHeader().properties().getProperty(property.id()).value();
      assertEquals(expected, value instanceof byte[] b ? List.of(b[0], b[1]) : value);
    }
  }

  @Test
  void write_asAnotherType_refused() {
    ByteBuf out = Unpooled.buffer();

    assertThrows(
        IllegalArgumentException.class,
        () -> PropertyWriter.writeProperty(out, Property.REASON_STRING, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> PropertyWriter.writeProperty(out, Property.RECEIVE_MAXIMUM, "1"));
  }
}
