package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.codec.DecodedBy;
import io.vmqtt.gateway.codec.MeasuredBuffers;
import io.vmqtt.gateway.codec.SamplePackets;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.testkit.fuzz.Arrivals;
import io.vmqtt.testkit.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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
  private static final int STRANGERS = 1_500;
  private static final int INPUTS = 700;
  private static final byte CONNECT = 0x10;
  private static final byte SELDOM = (byte) 0x80;

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
  void noise_neverAcceptedNeverAnError() {
    noise().run(STRANGERS, input -> checkStranger(input, UnaryOperator.identity()));
    assertTrue(router.requests().isEmpty());
  }

  @Test
  void noise_thatIsAnswered_isFound() {
    assertTrue(noise().finds(STRANGERS, input -> checkStranger(input, PipelineFuzzTest::ping)));
  }

  /** As if whatever comes were a client that is let in. */
  private static byte[] ping(byte[] arrived) {
    return HexFormat.of().parseHex("100d00044d5154540402000a000161" + "c000");
  }

  private static Fuzz noise() {
    List<byte[]> samples = new ArrayList<>();
    for (int seed = 1; seed <= 40; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(1, 200)];
      random.nextBytes(bytes);
      if (seed % 2 == 0) {
        bytes[0] = CONNECT;
      }
      samples.add(bytes);
    }
    return Fuzz.of("pipeline-noise", samples);
  }

  private void checkStranger(byte[] input, UnaryOperator<byte[]> heard) {
    check(
        () -> new PipelineClient(gateway),
        heard.apply(input),
        client ->
            assertFalse(
                client.channel.isOpen() && !client.channel.outboundMessages().isEmpty(),
                "a stranger is answered"));
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
      rest.release();
      checkConnect(packet, PipelineFuzzTest::noFault);
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
  void connect_ofAnyBytes_answeredOrClosedNeverAnError(ProtocolVersion version) {
    connects(version).run(INPUTS, input -> checkConnect(input, PipelineFuzzTest::noFault));
  }

  @ParameterizedTest
  @EnumSource
  void connect_byWhomAnErrorIsMadeOfAFlag_isFound(ProtocolVersion version) {
    assertTrue(
        connects(version).finds(INPUTS, input -> checkConnect(input, PipelineFuzzTest::breakOn)));
  }

  private static Fuzz connects(ProtocolVersion version) {
    return Fuzz.of("pipeline-connect-" + version, validPackets(version).subList(0, 1))
        .mended(PipelineFuzzTest::withRightLength);
  }

  private void checkConnect(byte[] input, Consumer<PipelineClient> fault) {
    check(
        () -> {
          PipelineClient client = new PipelineClient(gateway);
          fault.accept(client);
          return client;
        },
        input,
        client -> {});
  }

  @ParameterizedTest
  @EnumSource
  void packets_ofAnyBytes_answeredOrClosedNeverAnError(ProtocolVersion version) {
    packets(version).run(INPUTS, input -> checkPackets(version, input, PipelineFuzzTest::noFault));
  }

  @ParameterizedTest
  @EnumSource
  void packets_byWhomAnErrorIsMade_isFound(ProtocolVersion version) {
    assertTrue(
        packets(version)
            .finds(INPUTS, input -> checkPackets(version, input, PipelineFuzzTest::breakOn)));
  }

  @ParameterizedTest
  @EnumSource
  void packets_byWhomABufferIsKept_isFound(ProtocolVersion version) {
    assertTrue(
        packets(version)
            .finds(INPUTS, input -> checkPackets(version, input, PipelineFuzzTest::keep)));
  }

  private static Fuzz packets(ProtocolVersion version) {
    List<byte[]> valid = validPackets(version);
    return Fuzz.of("pipeline-packets-" + version, valid.subList(1, valid.size()))
        .mended(PipelineFuzzTest::withRightLength);
  }

  private void checkPackets(ProtocolVersion version, byte[] input, Consumer<PipelineClient> fault) {
    check(
        () -> {
          PipelineClient client = PipelineClient.connected(gateway, version);
          fault.accept(client);
          return client;
        },
        input,
        client -> {});
  }

  /** Else most are refused for their length, and nothing else is looked at. */
  private static byte[] withRightLength(byte[] input) {
    int body = 1;
    while (body < input.length && body < 5 && input[body++] < 0) {
      // a length has up to four bytes, and the last is below 0x80
    }
    return input.length == 0 ? input : SamplePackets.withLength(input[0], input, body);
  }

  private static void noFault(PipelineClient client) {
    assertTrue(client.channel.isOpen());
  }

  /** A fault: what breaks when a byte comes that is seldom sent. */
  private static void breakOn(PipelineClient client) {
    onSeldom(
        client,
        bytes -> {
          bytes.release();
          throw new IllegalStateException("planted");
        });
  }

  /** A fault: whoever keeps what comes when that byte is in it. */
  private static void keep(PipelineClient client) {
    onSeldom(client, ByteBuf::retain);
  }

  private static void onSeldom(PipelineClient client, Consumer<ByteBuf> fault) {
    client
        .channel
        .pipeline()
        .addFirst(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                ByteBuf bytes = (ByteBuf) message;
                if (bytes.indexOf(bytes.readerIndex(), bytes.writerIndex(), SELDOM) >= 0) {
                  fault.accept(bytes);
                }
                context.fireChannelRead(message);
              }
            });
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

  /** Whole, and byte by byte: there is no error, and no buffer stays. */
  private void check(
      Supplier<PipelineClient> clients, byte[] input, Consumer<PipelineClient> afterwards) {
    List<List<byte[]>> arrivals = new ArrayList<>();
    arrivals.add(Arrivals.whole(input));
    Arrivals.inParts(input).stream().limit(1).forEach(arrivals::add);
    for (List<byte[]> parts : arrivals) {
      errors.list.clear();
      MeasuredBuffers buffers = new MeasuredBuffers();
      try (PipelineClient client = clients.get()) {
        buffers.on(client.channel);
        buffers.bring(client.channel, parts);
        gateway.loop.runAll();
        client.channel.checkException();
        afterwards.accept(client);
      }
      buffers.assertAllReleased();
      assertEquals(List.of(), errors());
    }
  }

  private List<String> errors() {
    return errors.list.stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
        .map(
            event ->
                event.getThrowableProxy() == null
                    ? event.getFormattedMessage()
                    : event.getThrowableProxy().getClassName()
                        + ": "
                        + event.getThrowableProxy().getMessage())
        .toList();
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
          .map(packet -> taken(encoder.bytes(packet)))
          .toList();
    }
  }

  private static byte[] taken(ByteBuf bytes) {
    byte[] copy = ByteBufUtil.getBytes(bytes);
    bytes.release();
    return copy;
  }
}
