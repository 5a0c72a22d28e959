package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every type of packet from a client, in every state of its connection, in both versions: what
 * comes of it.
 */
class EveryPacketTest {
  private static final String NOTHING = "nothing";
  private static final String CLOSED = "closed";
  private static final String AUTH_AS_ANNA =
      """
      f0 10                // AUTH
      18                   // continue authentication
      0e                   // properties: 14 bytes
      15 00 04 46 41 4b 45 // authentication method: FAKE
      16 00 04 61 6e 6e 61 // authentication data: anna
      """;

  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();

  @AfterEach
  void close() {
    gateway.close();
  }

  /** A packet, and what comes of it once its client is connected; in 3.1.1 an error has no word. */
  enum Packet {
    RESERVED("00 00", "DISCONNECT 81"),
    CONNECT(
        "10 0d 00 04 4d 51 54 54 04 02 00 0a 00 01 61",
        "10 0e 00 04 4d 51 54 54 05 02 00 0a 00 00 01 61",
        "DISCONNECT 82"),
    CONNACK("20 02 00 00", "20 03 00 00 00", "DISCONNECT 82"),
    PUBLISH_QOS_0("30 03 00 01 74", "30 04 00 01 74 00", NOTHING),
    PUBLISH_QOS_1("32 05 00 01 74 00 05", "32 06 00 01 74 00 05 00", "PUBACK 5"),
    PUBLISH_QOS_2("34 05 00 01 74 00 05", "34 06 00 01 74 00 05 00", "PUBREC 5"),
    PUBACK("40 02 00 09", NOTHING),
    PUBREC("50 02 00 09", "PUBREL 9"),
    PUBREL("62 02 00 09", "PUBCOMP 9"),
    PUBCOMP("70 02 00 09", NOTHING),
    SUBSCRIBE("82 06 00 02 00 01 74 00", "82 07 00 02 00 00 01 74 00", "SUBACK 2 [0]"),
    SUBACK("90 03 00 02 00", "90 04 00 02 00 00", "DISCONNECT 82"),
    UNSUBSCRIBE("a2 05 00 03 00 01 74", "a2 06 00 03 00 00 01 74", "UNSUBACK 3"),
    UNSUBACK("b0 02 00 03", "b0 04 00 03 00 00", "DISCONNECT 82"),
    PINGREQ("c0 00", "PINGRESP"),
    PINGRESP("d0 00", "DISCONNECT 82"),
    DISCONNECT("e0 00", CLOSED),
    AUTH("f0 00", "DISCONNECT 82");

    private final String version3;
    private final String version5;
    private final String answer;

    Packet(String both, String answer) {
      this(both, both, answer);
    }

    Packet(String version3, String version5, String answer) {
      this.version3 = version3;
      this.version5 = version5;
      this.answer = answer;
    }

    String bytes(ProtocolVersion version) {
      return version == ProtocolVersion.V5 ? version5 : version3;
    }

    boolean isError() {
      return answer.startsWith("DISCONNECT");
    }

    /** What a connected client gets. */
    List<String> answers(ProtocolVersion version) {
      boolean silent =
          answer.equals(NOTHING)
              || answer.equals(CLOSED)
              || (isError() && version == ProtocolVersion.V3);
      return silent ? List.of() : List.of(answer);
    }

    boolean ends() {
      return isError() || answer.equals(CLOSED);
    }

    int publishes() {
      return name().startsWith("PUBLISH") ? 1 : 0;
    }
  }

  /** [MQTT-3.1.0-1]: the first packet is CONNECT. */
  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = {"MQTT-3.1.0-1", "MQTT-4.8.0-1"},
      v5 = {"MQTT-3.1.0-1", "MQTT-3.14.0-1"})
  void awaitingConnect_anyPacket_onlyConnectIsTaken(Packet packet) {
    for (ProtocolVersion version : ProtocolVersion.values()) {
      try (PipelineClient client = new PipelineClient(gateway)) {
        if (packet == Packet.CONNECT) {
          client.send(PipelineClient.connect(version).build());
          assertEquals(List.of("CONNACK 00"), client.await());
        } else {
          client.sendHex(packet.bytes(version));
          assertEquals(List.of(), client.read());
          assertTrue(client.isClosed());
        }
        assertEquals(0, router.publishes().size());
      }
    }
  }

  /** Section 3.1.4: it waits for the answer to CONNECT, and is then what it is afterwards. */
  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = {"MQTT-3.1.4-4", "MQTT-3.2.0-1"},
      v5 = {"MQTT-3.1.4-5", "MQTT-3.2.0-1", "MQTT-3.14.0-1"})
  void attaching_anyPacket_isHandledBehindConnAck(Packet packet) {
    for (ProtocolVersion version : ProtocolVersion.values()) {
      router.holdRequests();
      int asked = router.requests().size();
      try (PipelineClient client = new PipelineClient(gateway)) {
        client.send(PipelineClient.connect(version).build());
        gateway.runUntil(() -> router.requests().size() == asked + 1);
        client.sendHex(packet.bytes(version));
        assertEquals(List.of(), client.read());

        router.answerRequests();
        router.reply(router.favourable(router.requests().getLast()));

        List<String> expected = new ArrayList<>(List.of("CONNACK 00"));
        expected.addAll(packet.answers(version));
        assertComesTo(expected, packet, client);
      }
    }
  }

  /** [MQTT-3.1.2-30]: a client that proves who it is sends nothing but AUTH, and DISCONNECT. */
  @ParameterizedTest
  @EnumSource
  @Conforms(v5 = "MQTT-3.2.0-1")
  void challenged_anyPacket_onlyAuthGoesOn(Packet packet) {
    try (PipelineClient client = challenged("ask")) {
      assertEquals(List.of("AUTH 18"), client.read());
      if (packet == Packet.AUTH) {
        client.sendHex(AUTH_AS_ANNA);
        assertEquals(List.of("CONNACK 00"), client.await());
        return;
      }

      client.sendHex(packet.bytes(ProtocolVersion.V5));

      assertEquals(endOfProving(packet), client.read());
      assertTrue(client.isClosed());
      assertEquals(List.of(), router.requests());
    }
  }

  /** The same while access control is asked: only what may come waits. */
  @ParameterizedTest
  @EnumSource
  void provingAndAsked_anyPacket_onlyAuthAndDisconnectWait(Packet packet) {
    try (PipelineClient client = challenged("later")) {
      client.sendHex(packet == Packet.AUTH ? AUTH_AS_ANNA : packet.bytes(ProtocolVersion.V5));

      boolean waits = packet == Packet.AUTH || packet == Packet.DISCONNECT;
      assertEquals(waits ? List.of() : endOfProving(packet), client.read());
      assertEquals(!waits, client.isClosed());
    }
  }

  private static List<String> endOfProving(Packet packet) {
    return switch (packet) {
      case DISCONNECT -> List.of();
      case RESERVED -> List.of("CONNACK 81");
      default -> List.of("CONNACK 82");
    };
  }

  private PipelineClient challenged(String data) {
    PipelineClient client = new PipelineClient(gateway, new FakeAccess());
    client.send(
        PipelineClient.connect(ProtocolVersion.V5).properties(PipelineClient.proof(data)).build());
    return client;
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = {
        "MQTT-2.3.1-6",
        "MQTT-2.3.1-7",
        "MQTT-3.1.0-2",
        "MQTT-3.3.4-1",
        "MQTT-3.8.4-1",
        "MQTT-3.8.4-2",
        "MQTT-3.10.4-4",
        "MQTT-3.10.4-5",
        "MQTT-3.12.4-1",
        "MQTT-4.8.0-1"
      },
      v5 = {
        "MQTT-2.2.1-5",
        "MQTT-2.2.1-6",
        "MQTT-3.1.0-2",
        "MQTT-3.2.0-2",
        "MQTT-3.3.4-1",
        "MQTT-3.8.4-1",
        "MQTT-3.8.4-2",
        "MQTT-3.10.4-4",
        "MQTT-3.10.4-5",
        "MQTT-3.12.4-1",
        "MQTT-3.14.4-2",
        "MQTT-4.12.0-7",
        "MQTT-4.13.1-1",
        "MQTT-4.13.2-1"
      })
  void connected_anyPacket_isWhatTheTableSays(Packet packet) {
    for (ProtocolVersion version : ProtocolVersion.values()) {
      try (PipelineClient client = PipelineClient.connected(gateway, version)) {
        client.sendHex(packet.bytes(version));

        assertComesTo(packet.answers(version), packet, client);
      }
    }
  }

  /** [MQTT-3.14.4-1], section 4.13: nothing is handled any more, and nothing sent. */
  @ParameterizedTest
  @EnumSource
  @Conforms(v5 = "MQTT-3.14.4-1")
  void closed_anyPacket_comesToNothing(Packet packet) {
    for (ProtocolVersion version : ProtocolVersion.values()) {
      try (PipelineClient client = PipelineClient.connected(gateway, version)) {
        client.channel.pipeline().addFirst(new Unread());
        client.sendHex(Packet.RESERVED.bytes(version));

        client.sendHex(packet.bytes(version));

        assertEquals(List.of(), client.read());
        assertEquals(0, router.publishes().size());
      }
    }
  }

  /** What this side sends: nothing before CONNACK, and nothing behind the end. */
  @ParameterizedTest
  @CsvSource({"V3", "V5"})
  void publishToTheClient_anyState_onlyWhenConnected(ProtocolVersion version) {
    try (PipelineClient client = PipelineClient.connected(gateway, version)) {
      client.sendHex(Packet.SUBSCRIBE.bytes(version));
      assertEquals(List.of("SUBACK 2 [0]"), client.await());
      router.publishTo("t", 1);
      assertEquals(List.of("PUBLISH t "), client.await());

      client.channel.pipeline().addFirst(new Unread());
      client.sendHex(Packet.DISCONNECT.bytes(version));
      router.publishTo("t", 2);

      gateway.runUntil(
          () -> router.received.stream().anyMatch(frame -> frame.getReceivedThrough() == 2));
      assertEquals(List.of(), client.read());
    }
  }

  private void assertComesTo(List<String> expected, Packet packet, PipelineClient client) {
    List<String> answers = new ArrayList<>();
    gateway.runUntil(
        () -> {
          answers.addAll(client.read());
          return answers.size() >= expected.size()
              && client.isClosed() == packet.ends()
              && router.publishes().size() >= packet.publishes();
        });
    assertEquals(expected, answers);
    assertEquals(packet.publishes(), router.publishes().size());
    router.received.removeIf(frame -> frame.hasPublish());
  }

  /** A network that takes nothing: the channel stays open when the connection has ended. */
  private static final class Unread extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object bytes, ChannelPromise promise) {
      ReferenceCountUtil.release(bytes);
    }
  }
}
