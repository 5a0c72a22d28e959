package io.vmqtt.systemtests.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.PacketBytes;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What MQTT forbids costs whoever does it the connection, and nobody else anything. */
class MalformedPacketIT {
  private static final int MALFORMED_PACKET = 0x81;
  private static final int PROTOCOL_ERROR = 0x82;
  private static final int UNSUPPORTED_PROTOCOL_VERSION = 0x84;
  private static final int CLIENT_IDENTIFIER_NOT_VALID = 0x85;
  private static final int KEEP_ALIVE_TIMEOUT = 0x8D;
  private static final int TOPIC_FILTER_INVALID = 0x8F;
  private static final int TOPIC_NAME_INVALID = 0x90;
  private static final int TOPIC_ALIAS_INVALID = 0x94;
  private static final int PACKET_TOO_LARGE = 0x95;
  private static final int REFUSED_PROTOCOL_VERSION_IN_311 = 1;
  private static final int REFUSED_IDENTIFIER_IN_311 = 2;

  private static final int CONNECT = 0x10;
  private static final int PUBLISH = 0x30;
  private static final int PUBLISH_QOS_1 = 0x32;
  private static final int PUBLISH_QOS_3 = 0x36;
  private static final int SUBSCRIBE = 0x82;
  private static final int UNSUBSCRIBE = 0xA2;
  private static final int CLEAN_START = 0x02;
  private static final int TOPIC_ALIAS = 0x23;
  private static final int TOO_LARGE = 64 << 20;

  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();
  @RegisterExtension final Clients clients = new Clients();

  private final String bystanderTopic = Names.topic();
  private RecordingClient bystander;

  @BeforeEach
  void connectBystander() {
    bystander = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    bystander.subscribe(bystanderTopic, 1);
  }

  @AfterEach
  void bystanderHasNoticedNothing() {
    bystander.publish(bystanderTopic, "still here", 1);
    bystander.inbox().awaitPayload("still here");
    assertEquals(1, bystander.connections());
  }

  private static PacketBytes connectUpToFlags(String protocol, int version, int flags) {
    return new PacketBytes().string(protocol).bytes(version, flags).twoBytes(60);
  }

  static Stream<Arguments> badConnects() {
    return Stream.of(
        Arguments.of(
            "protocol version 6",
            connectUpToFlags("MQTT", 6, CLEAN_START).noProperties().string("c").packet(CONNECT),
            UNSUPPORTED_PROTOCOL_VERSION),
        Arguments.of(
            "reserved connect flag set",
            connectUpToFlags("MQTT", 5, CLEAN_START | 1).noProperties().string("c").packet(CONNECT),
            MALFORMED_PACKET),
        Arguments.of(
            "will at QoS 3",
            connectUpToFlags("MQTT", 5, CLEAN_START | 0x04 | 0x18)
                .noProperties()
                .string("c")
                .noProperties()
                .string("will/topic")
                .string("will")
                .packet(CONNECT),
            MALFORMED_PACKET),
        Arguments.of(
            "will QoS without a will",
            connectUpToFlags("MQTT", 5, CLEAN_START | 0x08)
                .noProperties()
                .string("c")
                .packet(CONNECT),
            MALFORMED_PACKET),
        Arguments.of(
            "receive maximum 0",
            connectUpToFlags("MQTT", 5, CLEAN_START)
                .properties(new PacketBytes().bytes(0x21).twoBytes(0))
                .string("c")
                .packet(CONNECT),
            PROTOCOL_ERROR),
        Arguments.of(
            "receive maximum twice",
            connectUpToFlags("MQTT", 5, CLEAN_START)
                .properties(new PacketBytes().bytes(0x21).twoBytes(9).bytes(0x21).twoBytes(9))
                .string("c")
                .packet(CONNECT),
            PROTOCOL_ERROR),
        Arguments.of(
            "property that does not exist",
            connectUpToFlags("MQTT", 5, CLEAN_START)
                .properties(new PacketBytes().bytes(0x7F, 0))
                .string("c")
                .packet(CONNECT),
            MALFORMED_PACKET),
        Arguments.of(
            "client identifier longer than the packet",
            connectUpToFlags("MQTT", 5, CLEAN_START)
                .noProperties()
                .twoBytes(200)
                .bytes('c')
                .packet(CONNECT),
            MALFORMED_PACKET));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badConnects")
  @Conforms(
      v5 = {
        "MQTT-3.1.2-2",
        "MQTT-3.1.2-3",
        "MQTT-3.1.2-11",
        "MQTT-3.1.2-12",
        "MQTT-3.1.4-1",
        "MQTT-3.2.2-7",
        "MQTT-4.13.2-1"
      })
  void connect_malformed_isRefusedWithTheReason(String what, byte[] packet, int reason) {
    try (RawConnection connection = RawConnection.open(broker.mqtt())) {
      RawPacket answer = connection.send(packet).read();
      assertEquals(PacketType.CONNACK, answer.type(), what);
      assertEquals(reason, answer.reasonCode(), what);
      connection.awaitClosedSilently();
    }
  }

  @Test
  @Conforms(v5 = "MQTT-3.1.3-4")
  void connect_notUtf8ClientIdentifier_isRefused() {
    try (RawConnection connection = RawConnection.open(broker.mqtt())) {
      connection.send(
          connectUpToFlags("MQTT", 5, CLEAN_START)
              .noProperties()
              .twoBytes(2)
              .bytes(0xC3, 0x28)
              .packet(CONNECT));
      RawPacket answer = connection.read();
      assertEquals(PacketType.CONNACK, answer.type());
      assertTrue(
          answer.reasonCode() == MALFORMED_PACKET
              || answer.reasonCode() == CLIENT_IDENTIFIER_NOT_VALID,
          answer::toString);
      connection.awaitClosedSilently();
    }
  }

  @Test
  void connect_largerThanAllowed_isRefusedBeforeItIsRead() {
    try (RawConnection connection = RawConnection.open(broker.mqtt())) {
      connection.send(
          connectUpToFlags("MQTT", 5, CLEAN_START)
              .noProperties()
              .string("c")
              .packet(CONNECT, TOO_LARGE));
      Optional<RawPacket> answer = connection.readOrEnd();
      // The version is behind the length: a broker may close without a word.
      answer.ifPresent(packet -> assertEquals(PACKET_TOO_LARGE, packet.reasonCode()));
    }
  }

  @Test
  @Conforms(v311 = {"MQTT-3.1.2-2", "MQTT-3.2.2-5"})
  void connect_oldProtocolVersionOf311_isRefusedInItsOwnWords() {
    try (RawConnection connection = RawConnection.open(broker.mqtt())) {
      connection.send(connectUpToFlags("MQTT", 2, CLEAN_START).string("c").packet(CONNECT));
      RawPacket answer = connection.read();
      assertEquals(PacketType.CONNACK, answer.type());
      assertEquals(REFUSED_PROTOCOL_VERSION_IN_311, answer.reasonCode());
      connection.awaitClosedSilently();
    }
  }

  @Test
  @Conforms(v311 = {"MQTT-3.1.3-7", "MQTT-3.1.3-8", "MQTT-3.1.3-9", "MQTT-3.2.2-5"})
  void connect_311WithoutClientIdentifierForAKeptSession_isRefused() {
    try (RawConnection connection = RawConnection.open(broker.mqtt())) {
      connection.send(connectUpToFlags("MQTT", 4, 0).string("").packet(CONNECT));
      RawPacket answer = connection.read();
      assertEquals(PacketType.CONNACK, answer.type());
      assertEquals(REFUSED_IDENTIFIER_IN_311, answer.reasonCode());
      connection.awaitClosedSilently();
    }
  }

  static Stream<Arguments> notAConnect() {
    return Stream.of(
        Arguments.of("PUBLISH first", Packets.publish("t", "x")),
        Arguments.of("PINGREQ first", Packets.pingReq()),
        Arguments.of("HTTP", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8)),
        Arguments.of(
            "unknown protocol name",
            connectUpToFlags("MQTX", 5, CLEAN_START).noProperties().string("c").packet(CONNECT)),
        Arguments.of("zeros", new byte[64]));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("notAConnect")
  @Conforms(
      v311 = "MQTT-3.1.2-1",
      v5 = {"MQTT-3.1.0-1", "MQTT-3.1.2-1"})
  void open_withSomethingElseThanConnect_isClosed(String what, byte[] bytes) {
    try (RawConnection connection = RawConnection.open(broker.mqtt())) {
      Optional<RawPacket> answer = connection.send(bytes).readOrEnd();
      answer.ifPresent(
          packet -> assertTrue(packet.reasonCode() != 0, () -> what + " was answered " + packet));
      if (answer.isPresent()) {
        connection.awaitClosedSilently();
      }
    }
  }

  static Stream<Arguments> badPackets() {
    return Stream.of(
        Arguments.of("second CONNECT", Packets.connect("again"), PROTOCOL_ERROR),
        Arguments.of("packet type 0", new PacketBytes().packet(0x00), MALFORMED_PACKET),
        Arguments.of("AUTH unasked", new PacketBytes().packet(0xF0), PROTOCOL_ERROR),
        Arguments.of(
            "CONNACK from a client",
            new PacketBytes().bytes(0, 0).noProperties().packet(0x20),
            PROTOCOL_ERROR),
        Arguments.of(
            "PUBLISH at QoS 3",
            new PacketBytes().string("t").twoBytes(1).noProperties().packet(PUBLISH_QOS_3),
            MALFORMED_PACKET),
        Arguments.of(
            "PUBLISH with a wildcard in its topic",
            Packets.publish("a/+/b", "x"),
            TOPIC_NAME_INVALID),
        Arguments.of(
            "PUBLISH with neither topic nor alias", Packets.publish("", "x"), PROTOCOL_ERROR),
        Arguments.of(
            "PUBLISH with topic alias 0",
            new PacketBytes()
                .string("t")
                .properties(new PacketBytes().bytes(TOPIC_ALIAS).twoBytes(0))
                .packet(PUBLISH),
            TOPIC_ALIAS_INVALID),
        Arguments.of(
            "PUBLISH with a topic alias that is too high",
            new PacketBytes()
                .string("t")
                .properties(new PacketBytes().bytes(TOPIC_ALIAS).twoBytes(65_535))
                .packet(PUBLISH),
            TOPIC_ALIAS_INVALID),
        Arguments.of(
            "PUBLISH whose topic is longer than the packet",
            new PacketBytes().twoBytes(500).bytes('t').packet(PUBLISH),
            MALFORMED_PACKET),
        Arguments.of(
            "PUBLISH that ends before its packet id",
            new PacketBytes().string("t").packet(PUBLISH_QOS_1),
            MALFORMED_PACKET),
        Arguments.of(
            "SUBSCRIBE with wrong flags",
            new PacketBytes().twoBytes(1).noProperties().string("t").bytes(0).packet(0x80),
            MALFORMED_PACKET),
        Arguments.of(
            "SUBSCRIBE without a filter",
            new PacketBytes().twoBytes(1).noProperties().packet(SUBSCRIBE),
            PROTOCOL_ERROR),
        Arguments.of(
            "SUBSCRIBE with reserved option bits",
            new PacketBytes().twoBytes(1).noProperties().string("t").bytes(0xC0).packet(SUBSCRIBE),
            MALFORMED_PACKET),
        Arguments.of(
            "SUBSCRIBE at QoS 3",
            new PacketBytes().twoBytes(1).noProperties().string("t").bytes(3).packet(SUBSCRIBE),
            PROTOCOL_ERROR),
        Arguments.of(
            "UNSUBSCRIBE without a filter",
            new PacketBytes().twoBytes(1).noProperties().packet(UNSUBSCRIBE),
            PROTOCOL_ERROR),
        Arguments.of(
            "PUBREL with wrong flags",
            new PacketBytes().twoBytes(1).packet(0x60),
            MALFORMED_PACKET),
        Arguments.of("length of five bytes", FIVE_BYTE_LENGTH, MALFORMED_PACKET),
        Arguments.of(
            "PUBLISH larger than allowed",
            new PacketBytes().string("t").packet(PUBLISH, TOO_LARGE),
            PACKET_TOO_LARGE));
  }

  private static final byte[] FIVE_BYTE_LENGTH = {
    PUBLISH, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 1
  };

  @ParameterizedTest(name = "{0}")
  @MethodSource("badPackets")
  @Conforms(
      v5 = {
        "MQTT-3.1.0-2",
        "MQTT-3.2.2-15",
        "MQTT-3.2.2-17",
        "MQTT-3.3.1-4",
        "MQTT-3.3.2-2",
        "MQTT-3.3.2-8",
        "MQTT-3.3.2-9",
        "MQTT-3.6.1-1",
        "MQTT-3.8.1-1",
        "MQTT-3.8.3-2",
        "MQTT-3.8.3-5",
        "MQTT-3.10.3-2",
        "MQTT-3.14.4-2",
        "MQTT-4.13.1-1",
        "MQTT-4.13.2-1"
      })
  void send_malformedPacket_isAnsweredWithTheReason(String what, byte[] packet, int reason) {
    try (RawConnection connection =
        RawConnection.openAnd(broker.mqtt(), Packets.connect(Names.client("bad")))) {
      RawPacket answer = connection.send(packet).read();
      assertEquals(PacketType.DISCONNECT, answer.type(), what);
      assertEquals(
          "0x" + Integer.toHexString(reason),
          "0x" + Integer.toHexString(answer.reasonCode()),
          what);
      connection.awaitClosedSilently();
    }
  }

  static Stream<Arguments> badPacketsIn311() {
    return Stream.of(
        Arguments.of("second CONNECT", Packets.connect311("again")),
        Arguments.of(
            "PUBLISH at QoS 3", new PacketBytes().string("t").twoBytes(1).packet(PUBLISH_QOS_3)),
        Arguments.of(
            "PUBLISH with a wildcard in its topic",
            new PacketBytes().string("a/#").packet(PUBLISH)),
        Arguments.of("SUBSCRIBE without a filter", new PacketBytes().twoBytes(1).packet(SUBSCRIBE)),
        Arguments.of("AUTH", new PacketBytes().packet(0xF0)),
        Arguments.of("PUBLISH larger than allowed", new PacketBytes().packet(PUBLISH, TOO_LARGE)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badPacketsIn311")
  @Conforms(v311 = {"MQTT-3.1.0-2", "MQTT-3.3.1-4", "MQTT-3.3.2-2", "MQTT-3.8.3-3", "MQTT-4.8.0-1"})
  void send_malformedPacketOf311_isClosedWithoutAWord(String what, byte[] packet) {
    try (RawConnection connection =
        RawConnection.openAnd(broker.mqtt(), Packets.connect311(Names.client("bad")))) {
      connection.send(packet).awaitClosedSilently();
    }
  }

  @Test
  @Conforms(v5 = "MQTT-2.2.1-3")
  void publish_atQos1WithPacketId0_isRefused() {
    try (RawConnection connection =
        RawConnection.openAnd(broker.mqtt(), Packets.connect(Names.client("bad")))) {
      RawPacket answer = connection.send(Packets.publish("t", "x", 1, 0)).read();
      assertEquals(PacketType.DISCONNECT, answer.type());
      // The specification names no reason; both of these describe it.
      assertTrue(
          answer.reasonCode() == MALFORMED_PACKET || answer.reasonCode() == PROTOCOL_ERROR,
          answer::toString);
    }
  }

  @Test
  @Conforms(v5 = "MQTT-4.7.1-1")
  void subscribe_invalidFilter_endsTheConnectionWithItsReason() {
    try (RawConnection connection =
        RawConnection.openAnd(broker.mqtt(), Packets.connect(Names.client("bad")))) {
      RawPacket answer = connection.send(Packets.subscribe(1, "a/#/b", 1)).read();
      assertEquals(PacketType.DISCONNECT, answer.type());
      assertEquals(TOPIC_FILTER_INVALID, answer.reasonCode());
    }
  }

  @Test
  void publish_truncatedByTheEndOfTheStream_isClosed() {
    try (RawConnection connection =
        RawConnection.openAnd(broker.mqtt(), Packets.connect(Names.client("bad")))) {
      connection.send(new PacketBytes().string(bystanderTopic).noProperties().packet(PUBLISH, 500));
      connection.endStream();
      connection.awaitClosedSilently();
    }
    assertEquals(0, bystander.inbox().all().size());
  }

  @Test
  void publish_brokenOffInTheMiddle_isForgotten() {
    RawConnection connection =
        RawConnection.openAnd(broker.mqtt(), Packets.connect(Names.client("bad")));
    connection.send(new PacketBytes().string(bystanderTopic).noProperties().packet(PUBLISH, 500));
    connection.cut();
    bystander.publish(bystanderTopic, "after", 1);
    bystander.inbox().awaitExactly(List.of("after"));
  }

  @Test
  @Conforms(v5 = "MQTT-3.1.2-22")
  void keepAlive_clientIsSilent_isDisconnected() {
    try (RawConnection connection =
        RawConnection.openAnd(
            broker.mqtt(), Packets.connectWithKeepAlive(Names.client("silent"), 1))) {
      RawPacket answer = connection.read();
      assertEquals(PacketType.DISCONNECT, answer.type());
      assertEquals(KEEP_ALIVE_TIMEOUT, answer.reasonCode());
      connection.awaitClosedSilently();
    }
  }
}
