package io.vmqtt.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.PayloadFormat;
import io.vmqtt.model.Qos;
import io.vmqtt.model.UserProperty;
import io.vmqtt.testkit.conformance.Conforms;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes of PUBLISH packets, and what another implementation reads from them. */
class EncodedPublishTest {
  private static final MessageProperties EVERYTHING =
      new MessageProperties(
          PayloadFormat.UTF_8_TEXT,
          "text",
          "re",
          ByteBuffer.wrap(new byte[] {9, 8}),
          List.of(new UserProperty("n", "v"), new UserProperty("n", "w")));

  private long nowMillis = 1_000_000;

  @Test
  @Conforms(v311 = {"MQTT-2.3.1-5", "MQTT-3.3.1-2", "MQTT-4.3.1-1"})
  void write_version3AtMostOnce_bytes() {
    EncodedPublish publish = encoded(message("a/b", "hi", MessageProperties.NONE, 0));

    assertEquals(
        DecodedBy.hex(
            """
            30             // PUBLISH, QoS 0
            07             // remaining length
            00 03 61 2f 62 // topic name: a/b
            68 69          // payload: hi
            """),
        DecodedBy.hex(bytes(publish, ProtocolVersion.V3, 0, false, delivery(0, false))));
  }

  @Test
  void write_version3AtLeastOnce_bytes() {
    EncodedPublish publish = encoded(message("a/b", "hi", EVERYTHING, 0));

    assertEquals(
        DecodedBy.hex(
            """
            33             // PUBLISH, QoS 1, RETAIN
            09             // remaining length
            00 03 61 2f 62 // topic name: a/b
            12 34          // packet identifier
            68 69          // payload: hi
            """),
        DecodedBy.hex(bytes(publish, ProtocolVersion.V3, 0x1234, false, delivery(1, true, 7))),
        "properties are nothing for an older client");
  }

  @Test
  @Conforms(
      v5 = {
        "MQTT-3.3.2-4",
        "MQTT-3.3.2-15",
        "MQTT-3.3.2-16",
        "MQTT-3.3.2-17",
        "MQTT-3.3.2-18",
        "MQTT-3.3.2-20",
        "MQTT-3.3.4-4"
      })
  void write_version5WithEverything_bytes() {
    EncodedPublish publish = encoded(message("a/b", "hi", EVERYTHING, nowMillis + 5_000));

    assertEquals(
        DecodedBy.hex(
            """
            3c                   // PUBLISH, DUP, QoS 2
            37                   // remaining length: 55
            00 03 61 2f 62       // topic name: a/b
            00 07                // packet identifier
            2d                   // properties: 45 bytes
            01 01                // payload format indicator: UTF-8
            02 00 00 00 05       // message expiry interval: 5
            03 00 04 74 65 78 74 // content type: text
            08 00 02 72 65       // response topic: re
            09 00 02 09 08       // correlation data
            0b 03                // subscription identifier: 3
            0b ff ff ff 7f       // subscription identifier: 268,435,455
            26 00 01 6e 00 01 76 // user property: n, v
            26 00 01 6e 00 01 77 // user property: n, w
            68 69                // payload: hi
            """),
        DecodedBy.hex(
            bytes(publish, ProtocolVersion.V5, 7, true, delivery(2, false, 3, 268_435_455))));
  }

  @Test
  @Conforms(
      v5 = {
        "MQTT-2.2.1-2",
        "MQTT-2.2.2-1",
        "MQTT-3.1.2-26",
        "MQTT-3.1.2-27",
        "MQTT-3.3.1-2",
        "MQTT-3.3.2-11",
        "MQTT-4.3.1-1"
      })
  void write_version5WithoutProperties_bytes() {
    EncodedPublish publish = encoded(message("t", "", MessageProperties.NONE, 0));

    assertEquals(
        DecodedBy.hex(
            """
            30       // PUBLISH
            04       // remaining length
            00 01 74 // topic name: t
            00       // no properties
            """),
        DecodedBy.hex(bytes(publish, ProtocolVersion.V5, 0, false, delivery(0, false))));
  }

  @Test
  void write_sameMessageToManyClients_eachHasItsFlagsAndPacketId() {
    EncodedPublish publish = encoded(message("t", "x", MessageProperties.NONE, 0));

    List<String> all = new ArrayList<>();
    all.add(DecodedBy.hex(bytes(publish, ProtocolVersion.V3, 1, false, delivery(1, false))));
    all.add(DecodedBy.hex(bytes(publish, ProtocolVersion.V3, 2, true, delivery(2, true))));
    all.add(DecodedBy.hex(bytes(publish, ProtocolVersion.V5, 3, false, delivery(1, false))));
    all.add(DecodedBy.hex(bytes(publish, ProtocolVersion.V5, 4, false, delivery(1, false, 9))));
    all.add(DecodedBy.hex(bytes(publish, ProtocolVersion.V5, 5, false, delivery(1, false))));
    all.add(DecodedBy.hex(bytes(publish, ProtocolVersion.V5, 0, false, delivery(0, true))));

    assertEquals(
        List.of(
            "32 06 00 01 74 00 01 78",
            "3d 06 00 01 74 00 02 78",
            "32 07 00 01 74 00 03 00 78",
            "32 09 00 01 74 00 04 02 0b 09 78",
            "32 07 00 01 74 00 05 00 78",
            "31 05 00 01 74 00 78"),
        all);
  }

  @Test
  void write_behindOtherPackets_changesNothingBeforeIt() {
    EncodedPublish publish = encoded(message("t", "x", MessageProperties.NONE, 0));
    ByteBuf out = Unpooled.buffer();

    publish.write(out, ProtocolVersion.V3, 1, false, delivery(1, false));
    publish.write(out, ProtocolVersion.V3, 2, false, delivery(1, false));

    assertEquals("32 06 00 01 74 00 01 78 32 06 00 01 74 00 02 78", DecodedBy.hex(out));
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = "MQTT-2.3.1-5",
      v5 = {"MQTT-2.2.1-2", "MQTT-3.3.2-17"})
  void write_randomMessages_readBackByNetty(ProtocolVersion version) {
    try (DecodedBy client = new DecodedBy(version)) {
      for (long seed = 1; seed <= 300; seed++) {
        Random random = new Random(seed);
        Message message = randomMessage(random);
        EncodedPublish publish = encoded(message);
        int qos = random.nextInt(3);
        int packetId = qos == 0 ? 0 : random.nextInt(1, 65_536);
        boolean retain = random.nextBoolean();
        boolean dup = qos > 0 && random.nextBoolean();
        int[] ids = random.ints(random.nextInt(3), 1, 268_435_456).toArray();
        Delivery delivery = delivery(qos, retain, ids);

        ByteBuf bytes = bytes(publish, version, packetId, dup, delivery);
        int size = bytes.readableBytes();
        MqttPublishMessage read = (MqttPublishMessage) client.packet(bytes);

        String seen = "seed " + seed;
        assertEquals(message.topic(), read.variableHeader().topicName(), seen);
        assertEquals(qos == 0 ? -1 : packetId, read.variableHeader().packetId(), seen);
        assertEquals(qos, read.fixedHeader().qosLevel().value(), seen);
        assertEquals(retain, read.fixedHeader().isRetain(), seen);
        assertEquals(dup, read.fixedHeader().isDup(), seen);
        assertEquals(Unpooled.wrappedBuffer(message.payload().duplicate()), read.payload(), seen);
        if (version == ProtocolVersion.V5) {
          assertEquals(size, publish.encodedBytes(delivery), seen);
          assertProperties(
              message, delivery.identifiers(), read.variableHeader().properties(), seen);
        }
        read.release();
      }
    }
  }

  private void assertProperties(
      Message message, List<Integer> ids, MqttProperties read, String seed) {
    Message back =
        PacketReader.message(
            MqttMessageBuilders.publish()
                .topicName(message.topic())
                .payload(Unpooled.EMPTY_BUFFER)
                .qos(MqttQoS.AT_MOST_ONCE)
                .properties(withoutIdentifiers(read))
                .build(),
            0,
            nowMillis);
    assertEquals(message.properties(), back.properties(), seed);
    assertEquals(message.expiresAtMillis(), back.expiresAtMillis(), seed);
    List<Integer> identifiers = new ArrayList<>();
    for (MqttProperties.MqttProperty<?> property :
        read.getProperties(MqttProperties.SUBSCRIPTION_IDENTIFIER)) {
      identifiers.add((Integer) property.value());
    }
    assertEquals(ids, identifiers, seed);
  }

  private static MqttProperties withoutIdentifiers(MqttProperties all) {
    MqttProperties others = new MqttProperties();
    for (MqttProperties.MqttProperty<?> property : all.listAll()) {
      if (property.propertyId() != MqttProperties.SUBSCRIPTION_IDENTIFIER) {
        others.add(property);
      }
    }
    return others;
  }

  @Test
  void write_largePayload_isCopiedOnceForAllSockets() {
    byte[] payload = new byte[EncodedPublish.LARGE_PAYLOAD_BYTES];
    Message message =
        new Message(
            "t", ByteBuffer.wrap(payload), Qos.AT_MOST_ONCE, false, MessageProperties.NONE, 0, 0);
    EncodedPublish publish = encoded(message);
    ByteBuf out = Unpooled.buffer();

    publish.write(out, ProtocolVersion.V3, 0, false, delivery(0, false));

    assertTrue(publish.hasLargePayload());
    assertTrue(out.readableBytes() < 20);
    LoopMemory memory = new ClientMemory(1 << 20, 1).ofLoop(0);
    SocketCopy copy = publish.payload(UnpooledByteBufAllocator.DEFAULT, memory);
    ByteBuf one = copy.forSocket();
    assertSame(copy, publish.payload(UnpooledByteBufAllocator.DEFAULT, memory));
    ByteBuf other = copy.forSocket();
    one.readByte();
    assertEquals(payload.length, other.readableBytes(), "sockets are not equally fast");
    assertEquals(one.memoryAddress(), other.memoryAddress());
    assertEquals(payload.length, memory.bytes());

    one.release();
    copy.written();
    assertEquals(1, other.refCnt());
    other.release();
    copy.written();
    assertEquals(0, other.refCnt());
    assertEquals(0, memory.bytes());
    assertNotSame(copy, publish.payload(UnpooledByteBufAllocator.DEFAULT, memory));
    assertEquals(0, message.payload().position(), "the message is for others too");
  }

  /** Each is a few bytes on the way, and far more while it waits. */
  @Test
  void keptBytes_propertiesOfEveryKind_count() {
    List<UserProperty> many = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      many.add(new UserProperty("", ""));
    }
    MessageProperties properties =
        new MessageProperties(
            null, "c".repeat(100), "r".repeat(200), ByteBuffer.allocate(300), many);

    assertEquals(4, encoded(message("t", "xyz", MessageProperties.NONE, 0)).keptBytes());
    assertTrue(encoded(message("t", "xyz", properties, 0)).keptBytes() > 100_000);
    assertEquals(
        100_000 / 100,
        encoded(
                message(
                    "t",
                    "",
                    new MessageProperties(null, "c".repeat(999), null, null, List.of()),
                    0))
            .keptBytes());
  }

  /** [MQTT-3.3.2-6]: the expiry that was received, less the time that the message waited. */
  @Test
  @Conforms(v5 = "MQTT-3.3.2-6")
  void write_timePasses_expiryIsWhatIsLeft() {
    EncodedPublish publish = encoded(message("t", "x", MessageProperties.NONE, nowMillis + 10_000));
    assertEquals(10, expirySeconds(publish));

    nowMillis += 3_000;
    assertEquals(7, expirySeconds(publish));
    assertEquals(7, expirySeconds(publish, 5));
    nowMillis += 6_500;
    assertEquals(1, expirySeconds(publish));
  }

  /** [MQTT-3.3.2-5]. */
  @Test
  @Conforms(v5 = "MQTT-3.3.2-5")
  void isExpired_timePasses_trueInTheEnd() {
    EncodedPublish publish = encoded(message("t", "x", MessageProperties.NONE, nowMillis + 10_000));
    assertFalse(publish.isExpired());

    nowMillis += 9_999;
    assertFalse(publish.isExpired());
    nowMillis += 1;

    assertTrue(publish.isExpired());
    assertFalse(encoded(message("t", "x", MessageProperties.NONE, 0)).isExpired());
  }

  /** [MQTT-3.3.2-4]: 0 and absent are not the same. */
  @Test
  @Conforms(v5 = "MQTT-3.3.2-4")
  void write_payloadFormatOfBytes_isShownBeforeTheExpiry() {
    MessageProperties bytes =
        new MessageProperties(PayloadFormat.UNSPECIFIED_BYTES, null, null, null, List.of());
    EncodedPublish publish = encoded(message("t", "x", bytes, nowMillis + 10_000));

    assertEquals(
        DecodedBy.hex(
            """
            30 0c          // PUBLISH, remaining length: 12
            00 01 74       // topic: t
            07             // properties: 7 bytes
            01 00          // payload format indicator: bytes
            02 00 00 00 0a // message expiry interval: 10
            78             // payload: x
            """),
        DecodedBy.hex(bytes(publish, ProtocolVersion.V5, 0, false, delivery(0, false))));
  }

  private int expirySeconds(EncodedPublish publish, int... ids) {
    try (DecodedBy client = new DecodedBy(ProtocolVersion.V5)) {
      MqttPublishMessage read =
          (MqttPublishMessage)
              client.packet(bytes(publish, ProtocolVersion.V5, 0, false, delivery(0, false, ids)));
      MqttProperties.MqttProperty<?> property =
          read.variableHeader()
              .properties()
              .getProperty(MqttProperties.PUBLICATION_EXPIRY_INTERVAL);
      return property != null && property.value() instanceof Integer seconds ? seconds : -1;
    }
  }

  private EncodedPublish encoded(Message message) {
    return new EncodedPublish(message, () -> nowMillis);
  }

  private static Delivery delivery(int qos, boolean retain, int... ids) {
    return Delivery.of(Qos.of(qos), retain, IntStream.of(ids).boxed().toList());
  }

  private static ByteBuf bytes(
      EncodedPublish publish,
      ProtocolVersion version,
      int packetId,
      boolean dup,
      Delivery delivery) {
    ByteBuf out = Unpooled.buffer();
    publish.write(out, version, packetId, dup, delivery);
    LoopMemory memory = new ClientMemory(1 << 20, 1).ofLoop(0);
    return publish.hasLargePayload()
        ? Unpooled.wrappedBuffer(
            out, publish.payload(Unpooled.EMPTY_BUFFER.alloc(), memory).forSocket())
        : out;
  }

  private static Message message(
      String topic, String payload, MessageProperties properties, long expiresAtMillis) {
    return new Message(
        topic,
        ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8)),
        Qos.AT_MOST_ONCE,
        false,
        properties,
        expiresAtMillis,
        0);
  }

  private Message randomMessage(Random random) {
    int[] sizes = {0, 1, 100, 127, 200, 16_000, EncodedPublish.LARGE_PAYLOAD_BYTES, 20_000};
    byte[] payload = new byte[sizes[random.nextInt(sizes.length)]];
    random.nextBytes(payload);
    List<UserProperty> userProperties = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      userProperties.add(new UserProperty(text(random, 0), text(random, 0)));
    }
    MessageProperties properties =
        random.nextBoolean()
            ? MessageProperties.NONE
            : new MessageProperties(
                payloadFormat(random),
                random.nextBoolean() ? text(random, 0) : null,
                random.nextBoolean() ? text(random, 1) : null,
                random.nextBoolean() ? ByteBuffer.wrap(new byte[random.nextInt(200)]) : null,
                userProperties);
    return new Message(
        text(random, 1),
        ByteBuffer.wrap(payload),
        Qos.AT_MOST_ONCE,
        false,
        properties,
        random.nextBoolean() ? 0 : nowMillis + 1000L * random.nextInt(1, 100_000),
        0);
  }

  private static String text(Random random, int minChars) {
    int[] codePoints = {'a', '/', 'é', '€', 0x1F600};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(minChars, 40); i > 0; i--) {
      text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
    }
    return text.toString();
  }

  private static @Nullable PayloadFormat payloadFormat(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> PayloadFormat.UNSPECIFIED_BYTES;
      case 1 -> PayloadFormat.UTF_8_TEXT;
      default -> null;
    };
  }
}
