package io.vmqtt.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.util.ReferenceCountUtil;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.gateway.connection.AuthenticationData;
import io.vmqtt.gateway.connection.ConnectRequest;
import io.vmqtt.gateway.connection.ProtocolLevel;
import io.vmqtt.gateway.connection.ProtocolViolation;
import io.vmqtt.gateway.connection.Will;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.Message;
import io.vmqtt.testkit.fuzz.Arrivals;
import io.vmqtt.testkit.fuzz.Fuzz;
import io.vmqtt.testkit.fuzz.HeapUse;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Packets that nobody should send. However they arrive, they mean the same: packets, and perhaps a
 * reason why no more is read, behind which there is nothing. What was read can be written, and then
 * means the same.
 */
class PacketFuzzTest {
  private static final int INPUTS = 2_000;
  private static final int MAX_PACKET_BYTES = 8 << 20;
  private static final int HEAP_FOR_EACH_BYTE = 400;
  private static final byte[] PING = {(byte) 0xC0, 0};
  private static final String REFUSED = "refused: ";

  private MeasuredBuffers buffers = new MeasuredBuffers();

  /** What is made of each arrival before it is read: a fault, where one is planted. */
  private UnaryOperator<byte[]> heard = UnaryOperator.identity();

  @ParameterizedTest
  @EnumSource
  void connect_ofAnyBytes_isReadOrRefused(ProtocolLevel level) {
    connects(level).run(INPUTS, input -> check(joined(input, PING)));
  }

  /** As a decoder that takes a length for whole whose second byte has not come. */
  @ParameterizedTest
  @EnumSource
  void connect_byWhomAByteThatComesAloneIsLost_isFound(ProtocolLevel level) {
    heard = PacketFuzzTest::withoutLoneZero;
    assertTrue(connects(level).finds(INPUTS, input -> check(joined(input, PING))));
  }

  private static byte[] withoutLoneZero(byte[] arrived) {
    return arrived.length == 1 && arrived[0] == 0 ? new byte[0] : arrived;
  }

  private static Fuzz connects(ProtocolLevel level) {
    return Fuzz.of("connect-" + level, SamplePackets.connects(level))
        .mended(PacketFuzzTest::withRightLength);
  }

  @ParameterizedTest
  @EnumSource
  void packets_ofAnyBytes_areReadOrRefused(ProtocolLevel level) {
    byte[] connect = SamplePackets.connects(level).getFirst();
    packets(level).run(INPUTS, input -> check(joined(connect, input, PING)));
  }

  @ParameterizedTest
  @EnumSource
  void packets_byWhomAByteThatComesAloneIsLost_isFound(ProtocolLevel level) {
    byte[] connect = SamplePackets.connects(level).getFirst();
    heard = PacketFuzzTest::withoutLoneZero;
    assertTrue(packets(level).finds(INPUTS, input -> check(joined(connect, input, PING))));
  }

  private static Fuzz packets(ProtocolLevel level) {
    return Fuzz.of("packets-" + level, SamplePackets.others(level))
        .mended(PacketFuzzTest::withRightLength);
  }

  /** Else nearly all are refused for their length, and nothing else is looked at. */
  private static byte[] withRightLength(byte[] input) {
    int body = 1;
    while (body < input.length && body < 5 && input[body++] < 0) {
      // a length has up to four bytes, and the last is below 0x80
    }
    return input.length == 0 ? input : SamplePackets.withLength(input[0], input, body);
  }

  private void check(byte[] stream) {
    buffers = new MeasuredBuffers();
    List<MqttMessage> packets =
        HeapUse.bounded(stream, HEAP_FOR_EACH_BYTE, () -> read(Arrivals.whole(stream)));
    List<String> meaning = meanings(packets);
    int refused = indexOfRefusal(meaning);
    for (List<byte[]> parts : Arrivals.inParts(stream)) {
      List<MqttMessage> inParts = read(parts);
      assertEquals(meaning, meanings(inParts));
      inParts.forEach(ReferenceCountUtil::release);
    }
    List<MqttMessage> good = refused < 0 ? packets : packets.subList(0, refused);
    List<MqttMessage> again = read(Arrivals.whole(written(good)));
    assertEquals(meaning.subList(0, good.size()), meanings(again));
    again.forEach(ReferenceCountUtil::release);
    packets.forEach(ReferenceCountUtil::release);
    buffers.assertAllReleased();
  }

  /** What comes out of the gate is whole packets: the codec never keeps any. */
  private List<MqttMessage> read(List<byte[]> parts) {
    LoopMemory memory = new ClientMemory(1 << 20, 1).ofLoop(0);
    EmbeddedChannel channel = buffers.channel(PacketGate.decoders(MAX_PACKET_BYTES, memory));
    buffers.bring(channel, parts.stream().map(heard).toList());
    List<MqttMessage> packets = new ArrayList<>();
    for (MqttMessage one = channel.readInbound(); one != null; one = channel.readInbound()) {
      packets.add(one);
    }
    channel.checkException();
    var _ = channel.finish();
    assertEquals(0, memory.bytes(), "what is gone is counted");
    return packets;
  }

  private static byte[] written(List<MqttMessage> packets) {
    EmbeddedChannel channel = new EmbeddedChannel(MqttEncoder.INSTANCE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (MqttMessage packet : packets) {
      channel.writeOutbound(ReferenceCountUtil.retain(packet));
      for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
        bytes.writeBytes(ByteBufUtil.getBytes(out));
        out.release();
      }
    }
    channel.finishAndReleaseAll();
    return bytes.toByteArray();
  }

  private static int indexOfRefusal(List<String> meaning) {
    for (int i = 0; i < meaning.size(); i++) {
      if (meaning.get(i).startsWith(REFUSED)) {
        return i;
      }
    }
    return -1;
  }

  /** Up to the first that is refused; whatever else comes behind it may not be good. */
  private static List<String> meanings(List<MqttMessage> packets) {
    List<String> meanings = new ArrayList<>();
    for (int i = 0; i < packets.size(); i++) {
      meanings.add(meaning(packets.get(i)));
      if (packets.get(i).decoderResult().isFailure()) {
        packets
            .subList(i, packets.size())
            .forEach(rest -> assertTrue(rest.decoderResult().isFailure(), "read on"));
      }
      if (meanings.getLast().startsWith(REFUSED)) {
        return meanings; // its connection is closed
      }
    }
    return meanings;
  }

  private static String meaning(MqttMessage packet) {
    if (packet.decoderResult().cause() instanceof ProtocolViolation violation) {
      return REFUSED + violation.reason();
    }
    if (packet.decoderResult().isFailure()) {
      assertInstanceOf(DecoderException.class, packet.decoderResult().cause());
      return REFUSED + packet.decoderResult().cause().getClass();
    }
    try {
      return packet.fixedHeader().messageType() + " " + content(packet);
    } catch (ProtocolViolation violation) {
      return REFUSED + violation.reason();
    }
  }

  /** What a connection is told. */
  private static String content(MqttMessage packet) {
    return switch (packet) {
      case MqttConnectMessage connect ->
          connect.variableHeader().version() + words(PacketReader.connect(connect));
      case MqttPublishMessage publish -> {
        // Reading moves the index of the payload: what is written later is the same bytes.
        publish.payload().markReaderIndex();
        Message message = PacketReader.message(publish, 7, 0);
        publish.payload().resetReaderIndex();
        yield publish.variableHeader().packetId()
            + " "
            + PacketReader.topicAlias(publish)
            + publish.fixedHeader().isDup()
            + words(message);
      }
      case MqttSubscribeMessage subscribe ->
          subscribe.variableHeader().messageId()
              + " "
              + PacketReader.subscriptionIdentifier(subscribe)
              + PacketReader.subscriptions(subscribe);
      case MqttUnsubscribeMessage unsubscribe ->
          unsubscribe.variableHeader().messageId() + " " + unsubscribe.payload().topics();
      default -> rest(packet.variableHeader());
    };
  }

  private static String rest(@Nullable Object header) {
    return switch (header) {
      case MqttPubReplyMessageVariableHeader reply -> reply.messageId() + " " + reply.reasonCode();
      case MqttMessageIdVariableHeader id -> String.valueOf(id.messageId());
      case MqttReasonCodeAndPropertiesVariableHeader reason ->
          reason.reasonCode()
              + " "
              + PacketReader.sessionExpiry(reason.properties())
              + words(PacketReader.authentication(reason.properties()));
      case null, default -> "";
    };
  }

  private static String words(ConnectRequest request) {
    Will will = request.will();
    Password password = request.password();
    return Stream.of(
            request.version(),
            request.clientId(),
            request.cleanStart(),
            request.sessionExpirySeconds(),
            request.keepAliveSeconds(),
            request.receiveMaximum(),
            request.maximumPacketBytes(),
            will == null ? "" : words(will.message()) + will.delaySeconds() + will.expirySeconds(),
            Objects.toString(request.userName()),
            password == null ? "" : HexFormat.of().formatHex(password.bytes()),
            words(request.authentication()))
        .toList()
        .toString();
  }

  private static String words(@Nullable AuthenticationData said) {
    return said == null ? "" : said.method() + HexFormat.of().formatHex(said.data());
  }

  private static String words(Message message) {
    return message
        + ByteBufUtil.hexDump(bytes(message))
        + message.properties().payloadFormat()
        + message.properties().contentType()
        + message.properties().responseTopic()
        + message.properties().correlationData()
        + message.properties().userProperties();
  }

  private static byte[] bytes(Message message) {
    byte[] bytes = new byte[message.payload().remaining()];
    message.payload().duplicate().get(bytes);
    return bytes;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }
}
