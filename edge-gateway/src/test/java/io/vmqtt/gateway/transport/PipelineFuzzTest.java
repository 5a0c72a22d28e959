package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.codec.DecodedBy;
import io.vmqtt.gateway.connection.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Bytes that nobody should send: the pipeline answers, closes, or waits for more, and nothing else.
 * An exception that nobody expected would reach the log as an error.
 */
class PipelineFuzzTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();
  private final ListAppender<ILoggingEvent> errors = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger("io.vmqtt.gateway");

  @BeforeEach
  void listen() {
    errors.start();
    log.addAppender(errors);
  }

  @AfterEach
  void close() {
    log.detachAppender(errors);
    gateway.close();
  }

  @Test
  void bytes_random_neverAcceptedNeverAnError() {
    for (long seed = 1; seed <= 3000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(1, 200)];
      random.nextBytes(bytes);
      if (random.nextBoolean()) {
        bytes[0] = 0x10; // looks like CONNECT
      }
      try (PipelineClient client = new PipelineClient(gateway)) {
        feed(client, bytes, random, seed);
        assertFalse(client.channel.isOpen() && client.channel.outboundMessages().size() > 0);
      }
    }
    assertTrue(router.requests().isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void bytes_randomAfterConnect_answeredOrClosedNeverAnError(ProtocolVersion version) {
    for (long seed = 1; seed <= 1000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(1, 100)];
      random.nextBytes(bytes);
      bytes[0] = (byte) (random.nextInt(1, 16) << 4 | (random.nextBoolean() ? 2 : 0));
      if (bytes.length > 1) {
        bytes[1] = (byte) random.nextInt(bytes.length);
      }
      try (PipelineClient client = PipelineClient.connected(gateway, version)) {
        feed(client, bytes, random, seed);
      }
    }
  }

  /** Every byte of connect flags, with the fields that it announces. */
  @ParameterizedTest
  @EnumSource
  void connect_everyFlag_acceptedOrRefusedNeverAnError(ProtocolVersion version) {
    for (int flags = 0; flags < 256; flags++) {
      ByteBuf rest = Unpooled.buffer();
      rest.writeBytes(HexFormat.of().parseHex("00044d515454"));
      rest.writeByte(version == ProtocolVersion.V5 ? 5 : 4).writeByte(flags).writeShort(10);
      writeProperties(rest, version);
      writeText(rest, "client");
      if ((flags & 0x04) != 0) {
        writeProperties(rest, version);
        writeText(rest, "will");
        writeText(rest, "gone");
      }
      if ((flags & 0x80) != 0) {
        writeText(rest, "user");
      }
      if ((flags & 0x40) != 0) {
        writeText(rest, "secret");
      }
      byte[] packet = new byte[2 + rest.readableBytes()];
      packet[0] = 0x10;
      packet[1] = (byte) rest.readableBytes();
      rest.readBytes(packet, 2, rest.readableBytes());
      try (PipelineClient client = new PipelineClient(gateway)) {
        feed(client, packet, new Random(flags), flags);
      }
    }
  }

  private static void writeProperties(ByteBuf out, ProtocolVersion version) {
    out.writeZero(version == ProtocolVersion.V5 ? 1 : 0);
  }

  private static void writeText(ByteBuf out, String text) {
    out.writeShort(text.length()).writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource
  void packets_validWithSomeBytesTurned_answeredOrClosedNeverAnError(ProtocolVersion version) {
    List<byte[]> valid = validPackets(version);
    for (long seed = 1; seed <= 1500; seed++) {
      Random random = new Random(seed);
      int which = random.nextBoolean() ? 0 : random.nextInt(valid.size());
      byte[] bytes = valid.get(which).clone();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      boolean isConnect = (bytes[0] & 0xF0) == 0x10;
      try (PipelineClient client =
          isConnect ? new PipelineClient(gateway) : PipelineClient.connected(gateway, version)) {
        feed(client, bytes, random, seed);
      }
    }
  }

  /** Without any turned byte they are all taken: the test above starts from something. */
  @ParameterizedTest
  @EnumSource
  void packets_valid_areTaken(ProtocolVersion version) {
    for (byte[] packet : validPackets(version)) {
      boolean isConnect = (packet[0] & 0xF0) == 0x10;
      boolean isDisconnect = (packet[0] & 0xF0) == 0xE0;
      try (PipelineClient client =
          isConnect ? new PipelineClient(gateway) : PipelineClient.connected(gateway, version)) {
        client.sendBytes(Unpooled.wrappedBuffer(packet));
        assertEquals(isDisconnect, client.isClosed(), () -> HexFormat.of().formatHex(packet));
      }
    }
  }

  private void feed(PipelineClient client, byte[] bytes, Random random, long seed) {
    try {
      int at = 0;
      while (at < bytes.length && client.channel.isOpen()) {
        int to = random.nextBoolean() ? bytes.length : random.nextInt(at, bytes.length) + 1;
        client.sendBytes(Unpooled.copiedBuffer(bytes, at, to - at));
        at = to;
      }
      client.channel.checkException();
    } catch (RuntimeException e) {
      fail("seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
    }
    for (ILoggingEvent event : errors.list) {
      if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
        String why =
            event.getThrowableProxy() == null
                ? event.getFormattedMessage()
                : event.getThrowableProxy().getClassName()
                    + ": "
                    + event.getThrowableProxy().getMessage();
        fail("seed " + seed + ": " + HexFormat.of().formatHex(bytes) + " logs " + why);
      }
    }
  }

  private static List<byte[]> validPackets(ProtocolVersion version) {
    MqttProperties properties = new MqttProperties();
    properties.add(new MqttProperties.UserProperty("name", "value"));
    properties.add(
        new MqttProperties.IntegerProperty(MqttProperties.PUBLICATION_EXPIRY_INTERVAL, 60));
    properties.add(new MqttProperties.StringProperty(MqttProperties.RESPONSE_TOPIC, "re"));
    properties.add(
        new MqttProperties.BinaryProperty(MqttProperties.CORRELATION_DATA, new byte[] {1, 2}));
    MqttProperties ofPublish =
        version == ProtocolVersion.V5 ? properties : MqttProperties.NO_PROPERTIES;
    try (DecodedBy encoder = new DecodedBy(version)) {
      return List.of(
              PipelineClient.connect(version)
                  .willFlag(true)
                  .willTopic("will")
                  .willMessage("gone".getBytes(StandardCharsets.UTF_8))
                  .willQoS(MqttQoS.AT_LEAST_ONCE)
                  .username("user")
                  .password("secret".getBytes(StandardCharsets.UTF_8))
                  .build(),
              MqttMessageBuilders.publish()
                  .topicName("a/b")
                  .qos(MqttQoS.EXACTLY_ONCE)
                  .messageId(7)
                  .properties(ofPublish)
                  .payload(Unpooled.copiedBuffer("payload", StandardCharsets.UTF_8))
                  .build(),
              MqttMessageBuilders.publish()
                  .topicName("c")
                  .qos(MqttQoS.AT_MOST_ONCE)
                  .payload(Unpooled.EMPTY_BUFFER)
                  .build(),
              MqttMessageBuilders.subscribe()
                  .messageId(3)
                  .addSubscription(MqttQoS.EXACTLY_ONCE, "a/+/#")
                  .addSubscription(MqttQoS.AT_MOST_ONCE, "$share/group/b")
                  .build(),
              MqttMessageBuilders.unsubscribe().messageId(4).addTopicFilter("a/+/#").build(),
              MqttMessageBuilders.pubAck().packetId(9).build(),
              MqttMessage.PINGREQ,
              MqttMessage.DISCONNECT)
          .stream()
          .map(packet -> copy(encoder.bytes(packet)))
          .toList();
    }
  }

  private static byte[] copy(ByteBuf bytes) {
    byte[] copy = new byte[bytes.readableBytes()];
    bytes.getBytes(bytes.readerIndex(), copy);
    return copy;
  }
}
