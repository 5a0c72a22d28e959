package io.vmqtt.gateway.transport;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.util.ReferenceCountUtil;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.codec.DecodedBy;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.session.v1.Attach;
import io.vmqtt.proto.session.v1.Detach;
import io.vmqtt.proto.session.v1.Disconnect;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.testkit.conformance.Conforms;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pipeline of a connection, from bytes to bytes. */
class MqttHandlerTest {
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();

  @AfterEach
  void close() {
    gateway.close();
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(v311 = "MQTT-3.1.4-4", v5 = "MQTT-3.1.4-5")
  void connect_sessionGiven_connAck(ProtocolVersion version) {
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(PipelineClient.connect(version).build());

      assertEquals(List.of("CONNACK 00"), client.await());
      assertEquals(1, attaches().size());
      assertEquals("client", attaches().getFirst().getClientId());
      assertEquals(GatewayHarness.PROCESS, attaches().getFirst().getGateway());
    }
  }

  @Test
  @Conforms(v311 = "MQTT-3.2.2-2")
  void connect_cleanSessionOff_sessionThatNeverExpires() {
    router.existing.add("client");
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(PipelineClient.connect(ProtocolVersion.V3).cleanSession(false).build());

      assertEquals(List.of("CONNACK 00 present"), client.await());
      Attach attach = attaches().getFirst();
      assertFalse(attach.getCleanStart());
      assertEquals(-1, attach.getSessionExpirySeconds(), "0xFFFFFFFF");
    }
  }

  @Test
  @Conforms(v5 = {"MQTT-3.1.2-7", "MQTT-3.1.3-1"})
  void connect_willAndProperties_areAskedOfTheShard() {
    MqttProperties willProperties = new MqttProperties();
    willProperties.add(new MqttProperties.IntegerProperty(MqttProperties.WILL_DELAY_INTERVAL, 30));
    willProperties.add(
        new MqttProperties.IntegerProperty(MqttProperties.PUBLICATION_EXPIRY_INTERVAL, 60));
    willProperties.add(new MqttProperties.UserProperty("k", "v"));
    MqttProperties properties = new MqttProperties();
    properties.add(
        new MqttProperties.IntegerProperty(MqttProperties.SESSION_EXPIRY_INTERVAL, 7200));
    properties.add(new MqttProperties.IntegerProperty(MqttProperties.RECEIVE_MAXIMUM, 3));
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(
          PipelineClient.connect(ProtocolVersion.V5)
              .properties(properties)
              .willFlag(true)
              .willQoS(MqttQoS.AT_LEAST_ONCE)
              .willRetain(true)
              .willTopic("gone")
              .willMessage("bye".getBytes(StandardCharsets.UTF_8))
              .willProperties(willProperties)
              .build());

      assertEquals(List.of("CONNACK 00"), client.await());
      Attach attach = attaches().getFirst();
      assertEquals(7200, attach.getSessionExpirySeconds());
      assertEquals(3, attach.getReceiveMaximum());
      assertEquals(30, attach.getWill().getDelaySeconds());
      assertEquals(60, attach.getWill().getExpirySeconds());
      Message will = attach.getWill().getMessage();
      assertEquals("gone", will.getTopic());
      assertEquals("bye", will.getPayload().toStringUtf8());
      assertEquals(1, will.getQos());
      assertTrue(will.getRetain());
      assertEquals("v", will.getProperties().getUserProperties(0).getValue());
    }
  }

  @Test
  void connect_shardIsUnavailable_refused() {
    router.holdRequests();
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(PipelineClient.connect(ProtocolVersion.V5).build());
      gateway.runUntil(() -> router.requests().size() == 1);

      router.reply(
          ShardReply.newBuilder()
              .setCorrelation(router.requests().getFirst().getCorrelation())
              .setFailure(Failure.newBuilder().setReason(Failure.Reason.REASON_UNAVAILABLE)));

      assertEquals(List.of("CONNACK 88"), client.await());
      assertTrue(client.isClosed());
    }
  }

  /** Of two connections with one client id the older one may have its answer last. */
  @Test
  void connect_shardSaysThatANewerOneHasTheSession_takenOver() {
    router.holdRequests();
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(PipelineClient.connect(ProtocolVersion.V5).build());
      gateway.runUntil(() -> router.requests().size() == 1);

      router.reply(
          ShardReply.newBuilder()
              .setCorrelation(router.requests().getFirst().getCorrelation())
              .setFailure(Failure.newBuilder().setReason(Failure.Reason.REASON_NOT_OWNER)));

      assertEquals(List.of("CONNACK 00", "DISCONNECT 8e"), client.await());
      assertTrue(client.isClosed());
    }
  }

  /** They come by different routers. */
  @Test
  void connect_orderToCloseOvertakesTheAnswer_takenOver() {
    router.holdRequests();
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(PipelineClient.connect(ProtocolVersion.V5).build());
      gateway.runUntil(() -> router.requests().size() == 1);

      router.send(
          RouterFrame.newBuilder()
              .setDisconnect(
                  Disconnect.newBuilder()
                      .setConnection(attaches().getFirst().getConnection())
                      .setReasonCode(0x8E)));

      assertEquals(List.of("CONNACK 00", "DISCONNECT 8e"), client.await());
      router.reply(router.favourable(router.requests().getFirst()));
      assertEquals(1, awaitDetach().getSession(), "what it does not own it gives back");
      assertEquals(List.of(), client.read());
    }
  }

  /** [MQTT-3.1.0-2]. */
  @Test
  @Conforms(v5 = {"MQTT-3.1.0-2", "MQTT-4.13.2-1"})
  void connect_second_disconnected() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.send(PipelineClient.connect(ProtocolVersion.V5).build());

      assertEquals(List.of("DISCONNECT 82"), client.read());
      assertTrue(client.isClosed());
      assertEquals(Detach.Cause.CAUSE_ABNORMAL, awaitDetach().getCause());
    }
  }

  /** [MQTT-3.1.0-2]: whatever else may be wrong with it, DISCONNECT has no word for that. */
  @Test
  void connect_secondOfAnUnknownVersion_protocolErrorAllTheSame() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.sendHex("10 0d 00 04 4d 51 54 54 09 02 00 0a 00 01 61");

      assertEquals(List.of("DISCONNECT 82"), client.read());
      assertEquals(Detach.Cause.CAUSE_ABNORMAL, awaitDetach().getCause());
    }
  }

  /** [MQTT-3.1.0-1]. */
  @Test
  @Conforms(v311 = "MQTT-3.1.0-1", v5 = "MQTT-3.1.0-1")
  void packet_beforeConnect_closedWithoutAWord() {
    for (String packet :
        List.of("c0 00", "e0 00", "30 03 00 01 74", "82 06 00 01 00 01 74 00", "40 02 00 01")) {
      try (PipelineClient client = new PipelineClient(gateway)) {
        client.sendHex(packet);

        assertEquals(List.of(), client.read(), packet);
        assertTrue(client.isClosed(), packet);
      }
    }
  }

  /** [MQTT-3.1.2-2]. */
  @Test
  @Conforms(v5 = "MQTT-3.1.2-2")
  void connect_unknownProtocolLevel_refusedAsUnacceptable() {
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.sendHex(
          """
          10 0d             // CONNECT
          00 04 4d 51 54 54 // MQTT
          09                // version 9
          02 00 0a          // clean session, keep alive 10
          00 01 61          // client identifier: a
          """);

      assertEquals("20 03 00 84 00", DecodedBy.hex(client.channel.<ByteBuf>readOutbound()));
      assertTrue(client.isClosed());
    }
  }

  /** The decoder gives no will topic at all where it is that long. */
  @Test
  void connect_willTopicTooLongForTheDecoder_refused() {
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(
          PipelineClient.connect(ProtocolVersion.V5)
              .willFlag(true)
              .willQoS(MqttQoS.AT_MOST_ONCE)
              .willTopic("w".repeat(40_000))
              .willMessage(new byte[0])
              .build());

      assertEquals(List.of("CONNACK 90"), client.read());
      assertTrue(client.isClosed());
    }
  }

  @Test
  @Conforms(v5 = {"MQTT-3.1.4-2", "MQTT-4.12.0-1", "MQTT-4.12.0-4"})
  void connect_enhancedAuthentication_badAuthenticationMethod() {
    MqttProperties properties = new MqttProperties();
    properties.add(
        new MqttProperties.StringProperty(MqttProperties.AUTHENTICATION_METHOD, "SCRAM"));
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(PipelineClient.connect(ProtocolVersion.V5).properties(properties).build());

      assertEquals(List.of("CONNACK 8c"), client.read());
      assertTrue(client.isClosed());
    }
  }

  /** [MQTT-3.1.2-24] is the client's side; this is section 3.2.2.3.6. */
  @Test
  @Conforms(v5 = "MQTT-3.2.2-15")
  void packet_largerThanTheMaximum_refusedAsSoonAsItsLengthIsKnown() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.sendHex(
          """
          30 ff ff ff 7f // PUBLISH of 256 MiB
          00 01 74 00    // topic t, and no more of it yet
          """);

      assertEquals(List.of("DISCONNECT 95"), client.read());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void packet_largerThanTheMaximumBeforeConnect_closed() {
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.sendHex("10 ff ff ff 7f 00 04 4d 51 54 54 05 02 00 0a ff ff ff 7f 26");

      assertEquals(List.of(), client.read());
      assertTrue(client.isClosed());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "20 03 00 00 00", // CONNACK
        "90 04 00 01 00 00", // SUBACK
        "b0 04 00 01 00 00", // UNSUBACK
        "d0 00", // PINGRESP
        "f0 02 18 00", // AUTH without a method
      })
  @Conforms(v5 = {"MQTT-4.12.0-7", "MQTT-4.13.1-1"})
  void packet_thatAClientDoesNotSend_protocolError(String packet) {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.sendHex(packet);

      assertEquals(List.of("DISCONNECT 82"), client.read());
      assertTrue(client.isClosed());
    }
  }

  @Test
  @Conforms(
      v5 = {"MQTT-3.3.2-4", "MQTT-3.3.2-15", "MQTT-3.3.2-16", "MQTT-3.3.2-18", "MQTT-3.3.2-20"})
  void publish_everyProperty_arrivesAtTheRouter() {
    MqttProperties properties = new MqttProperties();
    properties.add(new MqttProperties.IntegerProperty(MqttProperties.PAYLOAD_FORMAT_INDICATOR, 1));
    properties.add(new MqttProperties.StringProperty(MqttProperties.CONTENT_TYPE, "text"));
    properties.add(new MqttProperties.StringProperty(MqttProperties.RESPONSE_TOPIC, "re"));
    properties.add(
        new MqttProperties.BinaryProperty(MqttProperties.CORRELATION_DATA, new byte[] {1}));
    properties.add(new MqttProperties.UserProperty("b", "2"));
    properties.add(new MqttProperties.UserProperty("a", "1"));
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.send(
          MqttMessageBuilders.publish()
              .topicName("t")
              .qos(MqttQoS.AT_LEAST_ONCE)
              .retained(true)
              .messageId(5)
              .properties(properties)
              .payload(Unpooled.copiedBuffer("x", StandardCharsets.UTF_8))
              .build());

      assertEquals(List.of("PUBACK 5"), client.await());
      assertTrue(router.publishes().getFirst().hasKey(), "late copies are known as such");
      Message message = router.publishes().getFirst().getMessage();
      assertTrue(message.getRetain());
      assertEquals("x", message.getPayload().toStringUtf8());
      assertTrue(message.getProperties().getPayloadIsUtf8());
      assertEquals("text", message.getProperties().getContentType());
      assertEquals("re", message.getProperties().getResponseTopic());
      assertEquals(1, message.getProperties().getCorrelationData().byteAt(0));
      assertEquals("b", message.getProperties().getUserProperties(0).getName());
      assertEquals("a", message.getProperties().getUserProperties(1).getName());
    }
  }

  /** [MQTT-3.3.2-4]; a will's, too: section 3.1.3.2.3. */
  @Test
  @Conforms(v5 = "MQTT-3.3.2-4")
  void payloadFormat_zeroAndAbsent_areNotTheSame() {
    try (PipelineClient client = new PipelineClient(gateway)) {
      MqttProperties properties = new MqttProperties();
      properties.add(
          new MqttProperties.IntegerProperty(MqttProperties.PAYLOAD_FORMAT_INDICATOR, 0));
      client.send(
          PipelineClient.connect(ProtocolVersion.V5)
              .willFlag(true)
              .willQoS(MqttQoS.AT_MOST_ONCE)
              .willTopic("w")
              .willMessage(new byte[0])
              .willProperties(properties)
              .build());
      assertEquals(List.of("CONNACK 00"), client.await());
      client.sendHex("30 07 00 01 74 02 01 00 78 30 05 00 01 74 00 78");

      gateway.runUntil(() -> router.publishes().size() == 2);
      var will = attaches().getFirst().getWill().getMessage().getProperties();
      var zero = router.publishes().getFirst().getMessage().getProperties();
      assertTrue(will.hasPayloadIsUtf8() && zero.hasPayloadIsUtf8());
      assertFalse(will.getPayloadIsUtf8() || zero.getPayloadIsUtf8());
      assertFalse(router.publishes().getLast().getMessage().getProperties().hasPayloadIsUtf8());
    }
  }

  /** Section 3.3.2.3.8: only a server sends it. */
  @Test
  @Conforms(v5 = "MQTT-3.3.4-6")
  void publish_withSubscriptionIdentifier_protocolError() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.sendHex("30 06 00 01 74 02 0b 05");

      assertEquals(List.of("DISCONNECT 82"), client.read());
      assertTrue(router.publishes().isEmpty());
    }
  }

  /** [MQTT-3.3.2-8]. */
  @Test
  @Conforms(v5 = "MQTT-3.3.2-8")
  void publish_topicAliasZero_topicAliasInvalid() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.sendHex("30 07 00 01 74 03 23 00 00");

      assertEquals(List.of("DISCONNECT 94"), client.read());
    }
  }

  /** [MQTT-3.3.2-14]. */
  @Test
  @Conforms(v5 = "MQTT-3.3.2-14")
  void publish_wildcardInTheResponseTopic_protocolError() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.sendHex("30 08 00 01 74 04 08 00 01 23");

      assertEquals(List.of("DISCONNECT 82"), client.read());
    }
  }

  @Test
  void subscribe_thenAMessageComes_isPublished() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V3)) {
      client.send(subscribe(1, "t/+"));
      assertEquals(List.of("SUBACK 1 [0]"), client.await());

      router.send(
          RouterFrame.newBuilder()
              .setPublish(
                  Publish.newBuilder()
                      .setSequence(1)
                      .setMessage(Message.newBuilder().setTopic("t/1").setQos(1))));

      assertEquals(List.of("PUBLISH t/1 "), client.await());
      gateway.runUntil(
          () -> router.received.stream().anyMatch(frame -> frame.getReceivedThrough() == 1));
    }
  }

  // --- time ---

  /** [MQTT-3.1.2-22]: one and a half times the keep alive. */
  @ParameterizedTest
  @EnumSource
  @Conforms(v311 = "MQTT-3.1.2-24", v5 = "MQTT-3.1.2-22")
  void checkClock_clientIsSilent_keepAliveTimeout(ProtocolVersion version) {
    try (PipelineClient client = PipelineClient.connected(gateway, version)) {
      long now = client.siblings.nanoTime();

      check(client, now + TimeUnit.SECONDS.toNanos(14));
      assertEquals(List.of(), client.read());
      check(client, now + TimeUnit.SECONDS.toNanos(16));

      assertEquals(
          version == ProtocolVersion.V5 ? List.of("DISCONNECT 8d") : List.of(), client.read());
      assertTrue(client.isClosed());
    }
  }

  /** A large packet may take its time on a slow line. */
  @Test
  void checkClock_partOfAPacketHasCome_isASignOfLife() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      long connected = client.siblings.nanoTime();
      await()
          .until(() -> client.siblings.nanoTime() - connected > TimeUnit.MILLISECONDS.toNanos(50));
      client.sendHex("30 ff 0f 00 01 74 00 78");

      check(client, connected + TimeUnit.MILLISECONDS.toNanos(15_020));

      assertEquals(List.of(), client.read());
      assertFalse(client.isClosed());
    }
  }

  @Test
  void checkClock_noKeepAlive_mayBeSilentForEver() {
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(PipelineClient.connect(ProtocolVersion.V5).keepAlive(0).build());
      assertEquals(List.of("CONNACK 00"), client.await());

      check(client, client.siblings.nanoTime() + TimeUnit.DAYS.toNanos(365));

      assertFalse(client.isClosed());
    }
  }

  @Test
  void checkClock_noConnect_closedInTheEnd() {
    try (PipelineClient client = new PipelineClient(gateway)) {
      long now = client.siblings.nanoTime();
      check(client, now + TIMEOUT_NANOS / 2);
      assertFalse(client.isClosed());

      check(client, now + 2 * TIMEOUT_NANOS);

      assertEquals(List.of(), client.read());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void checkClock_connectIsNotAnswered_serverUnavailable() {
    router.holdRequests();
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(PipelineClient.connect(ProtocolVersion.V5).build());

      check(client, client.siblings.nanoTime() + 2 * TIMEOUT_NANOS);

      assertEquals(List.of("CONNACK 88"), client.read());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void checkClock_clientDoesNotEvenReadItsEnd_isCutOff() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.channel.pipeline().addFirst(new Unread());
      client.sendHex("00 00");
      assertFalse(client.isClosed(), "DISCONNECT was written, but not taken");
      long now = client.siblings.nanoTime();

      check(client, now);
      check(client, now + TIMEOUT_NANOS / 2);
      assertFalse(client.isClosed());
      check(client, now + 2 * TIMEOUT_NANOS);

      assertTrue(client.isClosed());
    }
  }

  /** A network that takes nothing: writes stay without an answer. */
  private static final class Unread extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object bytes, ChannelPromise promise) {
      ReferenceCountUtil.release(bytes);
    }
  }

  @Test
  void shutDown_connected_version5IsToldSo() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.siblings.shutDown();

      assertEquals(List.of("DISCONNECT 8b"), client.read());
      assertTrue(client.isClosed());
    }
  }

  private static void check(PipelineClient client, long nowNanos) {
    client.handler.checkClock(nowNanos, TIMEOUT_NANOS);
  }

  private static MqttMessage subscribe(int packetId, String filter) {
    return MqttMessageBuilders.subscribe()
        .messageId(packetId)
        .addSubscription(MqttQoS.AT_MOST_ONCE, filter)
        .build();
  }

  private List<Attach> attaches() {
    return router.requests().stream()
        .filter(ShardRequest::hasAttach)
        .map(ShardRequest::getAttach)
        .toList();
  }

  private Detach awaitDetach() {
    gateway.runUntil(() -> router.requests().stream().anyMatch(ShardRequest::hasDetach));
    return router.requests().stream()
        .filter(ShardRequest::hasDetach)
        .toList()
        .getLast()
        .getDetach();
  }
}
