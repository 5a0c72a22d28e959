package io.vmqtt.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.gateway.transport.PipelineClient;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What MQTT forbids and the codec would let pass. */
class PacketGateTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();

  @AfterEach
  void close() {
    gateway.close();
  }

  /** A part of a buffer keeps all of it in memory. */
  @Test
  void packet_halfOfItInAPartOfABuffer_countsForTheBuffer() {
    LoopMemory memory = new ClientMemory(1 << 20, 1).ofLoop(0);
    EmbeddedChannel channel = new EmbeddedChannel(PacketGate.decoders(1_000, memory));
    ByteBuf come = Unpooled.buffer(10_000).writeBytes(new byte[] {0x10, 0x20, 0x00});

    channel.writeInbound(come.readRetainedSlice(3));
    come.release();

    assertEquals(10_000, memory.bytes());
    channel.finishAndReleaseAll();
    assertEquals(0, memory.bytes());
    assertEquals(0, come.refCnt());
  }

  /** [MQTT-3.1.2-3], [MQTT-3.1.2-11] to [MQTT-3.1.2-13], [MQTT-1.5.4-1], sections 2.2.2, 3.1.2. */
  @ParameterizedTest
  @CsvSource({
    "81, 10 0e 00 04 4d 51 54 54 05 03 00 0a 00 00 01 61", // reserved flag
    "81, 10 0e 00 04 4d 51 54 54 05 0a 00 0a 00 00 01 61", // will QoS without will
    "81, 10 0e 00 04 4d 51 54 54 05 22 00 0a 00 00 01 61", // will retain without will
    "81, 10 15 00 04 4d 51 54 54 05 1e 00 0a 00 00 01 61 00 00 01 77 00 01 78", // will QoS 3
    "81, 10 0e 00 04 4d 51 54 54 05 02 00 0a 00 00 01 ff", // client identifier is no UTF-8
    "81, 10 0e 00 04 4d 51 54 54 05 02 00 0a 00 00 05 61", // goes beyond the packet
    "81, 10 0f 00 04 4d 51 54 54 05 02 00 0a 00 00 01 61 00", // bytes behind the end
    "81, 10 10 00 04 4d 51 54 54 05 02 00 0a 02 23 00 00 01 61", // topic alias
    "81, 10 10 00 04 4d 51 54 54 05 02 00 0a 02 7f 00 00 01 61", // property 127
    "82, 10 14 00 04 4d 51 54 54 05 02 00 0a 06 21 00 09 21 00 09 00 01 61", // twice
    "82, 10 10 00 04 4d 51 54 54 05 02 00 0a 02 17 02 00 01 61", // a flag of 2
    "82, 10 12 00 04 4d 51 54 54 05 02 00 0a 04 16 00 01 78 00 01 61", // data, no method
    "8c, 10 12 00 04 4d 51 54 54 05 02 00 0a 04 15 00 01 78 00 01 61", // unknown method
    "84, 10 0e 00 04 4d 51 54 54 06 02 00 0a 00 00 01 61", // version 6
  })
  @Conforms(
      v5 = {
        "MQTT-1.5.4-1",
        "MQTT-3.1.2-2",
        "MQTT-3.1.2-3",
        "MQTT-3.1.2-11",
        "MQTT-3.1.2-12",
        "MQTT-3.1.2-13",
        "MQTT-3.1.3-4",
        "MQTT-3.1.4-1",
        "MQTT-3.2.2-6",
        "MQTT-3.2.2-7",
        "MQTT-3.2.2-8",
        "MQTT-4.12.0-1",
        "MQTT-4.13.1-1",
        "MQTT-4.13.2-1"
      })
  void connect_malformed_refusedWithTheReason(String reason, String packet) {
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.sendHex(packet);

      assertEquals(
          "20 03 00 " + reason + " 00", DecodedBy.hex(client.channel.<ByteBuf>readOutbound()));
      assertTrue(client.isClosed());
      assertTrue(router.requests().isEmpty(), "nobody was asked for a session");
    }
  }

  /** 3.1.1 has no word for it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "10 10 00 04 4d 51 54 54 04 42 00 0a 00 01 61 00 01 70", // password, no user name
        "10 0d 00 04 4d 51 54 54 04 02 00 0a 00 01 00", // U+0000
      })
  @Conforms(v311 = {"MQTT-1.5.3-2", "MQTT-3.1.2-22", "MQTT-3.1.3-4", "MQTT-3.1.4-1"})
  void connect_malformedVersion311_closed(String packet) {
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.sendHex(packet);

      assertEquals(List.of(), client.read());
      assertTrue(client.isClosed());
    }
  }

  /** Section 4.13. */
  @ParameterizedTest
  @CsvSource({
    "81, 36 03 00 01 74", // PUBLISH, QoS 3 [MQTT-3.3.1-4]
    "81, 38 04 00 01 74 00", // PUBLISH, DUP at QoS 0 [MQTT-3.3.1-2]
    "90, 30 04 00 01 23 00", // PUBLISH, wildcard in the topic [MQTT-3.3.2-2]
    "81, 30 04 00 01 ff 00", // PUBLISH, topic is no UTF-8 [MQTT-1.5.4-1]
    "81, 30 06 00 03 ed a0 80 00", // PUBLISH, a surrogate in the topic [MQTT-1.5.4-1]
    "81, 30 04 00 09 74 00", // PUBLISH, topic goes beyond the packet
    "81, 32 03 00 01 74", // PUBLISH ends before its packet identifier
    "81, 30 04 00 01 74 09", // PUBLISH, properties go beyond the packet
    "81, 30 06 00 01 74 02 21 00", // PUBLISH, receive maximum, which does not belong there
    "81, 30 06 00 01 74 02 23 00", // PUBLISH, topic alias goes beyond the properties
    "82, 30 08 00 01 74 04 01 01 01 01", // PUBLISH, payload format indicator twice
    "81, 80 07 00 01 00 00 01 74 00", // SUBSCRIBE, reserved flags [MQTT-3.8.1-1]
    "82, 82 03 00 01 00", // SUBSCRIBE without a filter [MQTT-3.8.3-2]
    "81, 82 07 00 01 00 00 01 74 c0", // SUBSCRIBE, reserved options [MQTT-3.8.3-5]
    "82, 82 07 00 01 00 00 01 74 03", // SUBSCRIBE, QoS 3
    "82, 82 07 00 01 00 00 01 74 30", // SUBSCRIBE, retain handling 3
    "82, 82 0b 00 01 04 0b 01 0b 02 00 01 74 00", // SUBSCRIBE, identifier twice [3.8.2.1.2]
    "82, 30 08 00 01 74 04 0b 01 0b 02", // PUBLISH with a server's property [MQTT-3.3.4-6]
    "82, a2 03 00 01 00", // UNSUBSCRIBE without a filter [MQTT-3.10.3-2]
    "81, 60 02 00 01", // PUBREL, reserved flags [MQTT-3.6.1-1]
    "82, 40 03 00 01 ff", // PUBACK, no such reason code [MQTT-3.4.2-1]
    "82, 40 03 00 01 92", // PUBACK, a reason code of PUBREL
    "82, 50 03 00 01 8f", // PUBREC, a reason code of SUBACK [MQTT-3.5.2-1]
    "82, 62 03 00 01 80", // PUBREL, a reason code of PUBACK [MQTT-3.6.2-1]
    "82, 70 03 00 01 20", // PUBCOMP, no such reason code [MQTT-3.7.2-1]
    "82, e0 01 01", // DISCONNECT, no such reason code [MQTT-3.14.2-1]
    "82, e0 01 8b", // DISCONNECT, a reason code of servers
    "82, f0 00", // AUTH out of nothing
    "82, f0 06 18 04 16 00 01 78", // AUTH, data without a method
    "81, c0 01 00", // PINGREQ with a byte
    "81, 00 00", // reserved type
    "81, 30 ff ff ff ff 01", // a length of five bytes
    "95, 30 ff ff ff 7f", // larger than allowed, by its length alone
  })
  @Conforms(
      v5 = {
        "MQTT-1.5.4-1",
        "MQTT-3.2.2-15",
        "MQTT-3.3.1-2",
        "MQTT-3.3.1-4",
        "MQTT-3.3.2-1",
        "MQTT-3.3.2-2",
        "MQTT-3.4.2-1",
        "MQTT-3.5.2-1",
        "MQTT-3.6.1-1",
        "MQTT-3.6.2-1",
        "MQTT-3.7.2-1",
        "MQTT-3.8.1-1",
        "MQTT-3.8.3-2",
        "MQTT-3.8.3-5",
        "MQTT-3.10.3-2",
        "MQTT-3.14.2-1",
        "MQTT-4.13.1-1",
        "MQTT-4.13.2-1"
      })
  void packet_malformed_disconnectedWithTheReason(String reason, String packet) {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.sendHex(packet);

      assertEquals(List.of("DISCONNECT " + reason), client.read());
      assertTrue(client.isClosed());
      assertTrue(router.publishes().isEmpty());
    }
  }

  /** Section 3.4.2.1 and others; in an answer to a packet identifier that nobody knows. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "40 03 00 01 99", // PUBACK
        "50 03 00 01 87", // PUBREC
        "70 03 00 01 92", // PUBCOMP
        "62 03 00 01 92", // PUBREL
      })
  void reasonCode_ofThePacket_isTaken(String packet) {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.sendHex(packet);

      assertFalse(client.isClosed());
    }
  }

  @Test
  void packets_goodOneBeforeABadOne_isTaken() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.sendHex("c0 00 c0 01 00 c0 00");

      assertEquals(List.of("PINGRESP", "DISCONNECT 81"), client.read());
    }
  }

  /** It looks like what decoders leave where bytes are no UTF-8. */
  @Test
  void publish_textWithReplacementCharacter_isAValidTopic() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.send(PipelineClient.publish("a\uFFFDb", 0, 0, "x"));

      gateway.runUntil(() -> router.publishes().size() == 1);
      assertEquals("a\uFFFDb", router.publishes().getFirst().getMessage().getTopic());
    }
  }

  /** User properties may be there as often as one likes, [3.3.2.3.7]. */
  @Test
  void publish_userPropertiesTwice_isTaken() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.sendHex("30 12 00 01 74 0e 26 00 01 61 00 01 62 26 00 01 61 00 01 62");

      gateway.runUntil(() -> router.publishes().size() == 1);
    }
  }
}
