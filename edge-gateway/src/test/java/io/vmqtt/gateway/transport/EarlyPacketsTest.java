package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.proto.session.v1.Detach;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What comes behind CONNECT before its answer: section 3.1.4 lets clients send it at once. */
class EarlyPacketsTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  @Conforms(v5 = "MQTT-3.2.0-1")
  void packets_behindConnectInOneWrite_areHandledAfterConnAckInOrder() {
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(
          PipelineClient.connect(ProtocolVersion.V5).build(),
          subscribe(1, "t"),
          PipelineClient.publish("a", 1, 2, "x"),
          PipelineClient.publish("b", 0, 0, "y"),
          MqttMessage.PINGREQ);
      gateway.runUntil(() -> router.publishes().size() == 2);

      List<String> answers = client.await();
      gateway.runUntil(
          () -> {
            answers.addAll(client.read());
            return answers.size() == 4;
          });
      assertEquals("CONNACK 00", answers.getFirst());
      assertEquals(
          List.of("CONNACK 00", "PINGRESP", "PUBACK 2", "SUBACK 1 [0]"),
          answers.stream().sorted().toList());
      assertEquals(
          List.of("a", "b"),
          router.publishes().stream().map(one -> one.getMessage().getTopic()).toList());
    }
  }

  @Test
  void packets_behindConnect_waitForTheAnswer() {
    router.holdRequests();
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(
          PipelineClient.connect(ProtocolVersion.V5).build(),
          PipelineClient.publish("a", 0, 0, "x"));
      gateway.runUntil(() -> router.requests().size() == 1);
      assertTrue(router.publishes().isEmpty());
      assertFalse(client.channel.config().isAutoRead(), "nothing more is read meanwhile");

      router.reply(router.favourable(router.requests().getFirst()));

      assertEquals(List.of("CONNACK 00"), client.await());
      gateway.runUntil(() -> router.publishes().size() == 1);
      assertTrue(client.channel.config().isAutoRead());
    }
  }

  /** A battery device: everything in one segment, and asleep before the session is attached. */
  @ParameterizedTest
  @EnumSource
  void packets_behindConnectOfAClientThatIsGone_countAll(ProtocolVersion version) {
    PipelineClient client = attaching(version, publishes(MqttMessage.DISCONNECT));

    client.close();
    assertTrue(router.publishes().isEmpty());
    attach();

    gateway.runUntil(() -> router.publishes().size() == 3);
    assertEquals(List.of("a", "b", "c"), topics());
    assertEquals(Detach.Cause.CAUSE_NORMAL, detach().getCause(), "no will");
    assertEquals(0, gateway.gateway().metrics().earlyBytes().get());
  }

  @Test
  void packets_withoutDisconnect_areHandledAndTheWillIsPublished() {
    PipelineClient client = attaching(ProtocolVersion.V5, publishes());

    client.close();
    attach();

    gateway.runUntil(() -> router.publishes().size() == 3);
    assertEquals(Detach.Cause.CAUSE_ABNORMAL, detach().getCause());
  }

  /** Its packet identifier has to be noted by the shard first, which takes one more answer. */
  @Test
  void publishAtQos2OfAPersistentSession_clientGoneBeforeItIsNoted_isPublished() {
    PipelineClient client =
        attaching(
            ProtocolVersion.V5,
            List.of(persistent(), PipelineClient.publish("a", 2, 7, "x"), MqttMessage.DISCONNECT));
    client.close();
    attach();
    ShardRequest begin = request(ShardRequest::hasBeginInbound);
    gateway.runUntil(() -> router.requests().stream().anyMatch(ShardRequest::hasDetach));

    router.reply(router.favourable(begin));

    gateway.runUntil(() -> router.publishes().size() == 1);
    assertTrue(router.publishes().getFirst().hasKey());
  }

  /** Destinations take what is below the low water for a copy: a retry would vanish there. */
  @Test
  void publishAtQos2_clientGoneBeforeTheAnswer_staysOpenUntilThen() {
    router.holdPublishes();
    PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5);
    client.send(PipelineClient.publish("a", 2, 1, "x"));
    gateway.runUntil(() -> router.publishes().size() == 1);
    client.close();

    PipelineClient other = PipelineClient.connected(gateway, ProtocolVersion.V5);
    other.send(PipelineClient.publish("b", 2, 1, "x"));

    gateway.runUntil(() -> router.publishes().size() == 2);
    assertEquals(
        router.publishes().getFirst().getKey().getSequence(),
        router.publishes().getLast().getKey().getLowWater());
    other.close();
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(v311 = "MQTT-3.1.4-5", v5 = "MQTT-3.1.4-6")
  void packets_behindConnectThatIsRefused_areDropped(ProtocolVersion version) {
    PipelineClient client = attaching(version, publishes());

    router.reply(
        ShardReply.newBuilder()
            .setCorrelation(request(ShardRequest::hasAttach).getCorrelation())
            .setFailure(Failure.newBuilder().setReason(Failure.Reason.REASON_UNAVAILABLE)));

    String unavailable = version == ProtocolVersion.V5 ? "CONNACK 88" : "CONNACK 03";
    assertEquals(List.of(unavailable), client.await());
    assertTrue(router.publishes().isEmpty());
    assertEquals(0, gateway.gateway().metrics().earlyBytes().get());
    client.close();
  }

  /** Nobody waits for ever with what a client has left behind. */
  @Test
  void packets_ofAClientThatIsGone_shardDoesNotAnswer_areDroppedInTime() {
    PipelineClient client = attaching(ProtocolVersion.V5, publishes());
    client.close();
    assertTrue(gateway.gateway().metrics().earlyBytes().get() > 0);

    long timeout = TimeUnit.SECONDS.toNanos(10);
    client.siblings.checkClocks(0);
    client.handler.checkClock(client.siblings.nanoTime() + 2 * timeout, timeout);

    assertEquals(0, gateway.gateway().metrics().earlyBytes().get());
  }

  /** Reading stops, but what the client's end brings along comes on. */
  @Test
  void packets_moreThanMayWait_refused() {
    PipelineClient client = attaching(ProtocolVersion.V5, List.of());
    String payload = "x".repeat(90_000);
    for (int i = 0; i < 13; i++) {
      client.send(PipelineClient.publish("a", 0, 0, payload));
    }

    assertEquals(List.of("CONNACK 97"), client.read());
    assertTrue(client.isClosed());
    assertEquals(0, gateway.gateway().metrics().earlyBytes().get());
  }

  /** In memory each of their properties, and each filter, is far more than on the way. */
  @Test
  void packets_ofManySmallThings_countForWhatTheyTake() {
    PipelineClient client = attaching(ProtocolVersion.V5, List.of());
    MqttProperties properties = new MqttProperties();
    for (int i = 0; i < 1_000; i++) {
      properties.add(new MqttProperties.UserProperty("", ""));
    }
    long before = gateway.gateway().metrics().earlyBytes().get();

    client.send(
        MqttMessageBuilders.publish()
            .topicName("a")
            .qos(MqttQoS.AT_MOST_ONCE)
            .properties(properties)
            .payload(Unpooled.EMPTY_BUFFER)
            .build());
    long ofPublish = gateway.gateway().metrics().earlyBytes().get() - before;
    MqttMessageBuilders.SubscribeBuilder subscribe = MqttMessageBuilders.subscribe().messageId(1);
    for (int i = 0; i < 1_000; i++) {
      subscribe.addSubscription(MqttQoS.AT_MOST_ONCE, "a");
    }
    client.send(subscribe.build());
    long ofSubscribe = gateway.gateway().metrics().earlyBytes().get() - before - ofPublish;

    assertTrue(ofPublish > 100_000, ofPublish + " bytes");
    assertTrue(ofSubscribe > 100_000, ofSubscribe + " bytes");
    client.close();
  }

  private static List<MqttMessage> publishes(MqttMessage... more) {
    List<MqttMessage> all = new ArrayList<>();
    all.add(subscribe(1, "t"));
    all.add(PipelineClient.publish("a", 0, 0, "x"));
    all.add(PipelineClient.publish("b", 1, 2, "x"));
    all.add(PipelineClient.publish("c", 2, 3, "x"));
    all.addAll(List.of(more));
    return all;
  }

  private static MqttMessage persistent() {
    MqttProperties properties = new MqttProperties();
    properties.add(new MqttProperties.IntegerProperty(MqttProperties.SESSION_EXPIRY_INTERVAL, 100));
    return PipelineClient.connect(ProtocolVersion.V5).properties(properties).build();
  }

  /** A client whose CONNECT has no answer yet; the first packet is its CONNECT, or that is made. */
  private PipelineClient attaching(ProtocolVersion version, List<MqttMessage> packets) {
    router.holdRequests();
    PipelineClient client = new PipelineClient(gateway);
    List<MqttMessage> all = new ArrayList<>(packets);
    if (packets.isEmpty() || !(packets.getFirst() instanceof MqttConnectMessage)) {
      all.addFirst(PipelineClient.connect(version).build());
    }
    client.send(all.toArray(MqttMessage[]::new));
    gateway.runUntil(() -> router.requests().size() == 1);
    return client;
  }

  private void attach() {
    router.reply(router.favourable(request(ShardRequest::hasAttach)));
  }

  private ShardRequest request(Predicate<ShardRequest> kind) {
    gateway.runUntil(() -> router.requests().stream().anyMatch(kind));
    return router.requests().stream().filter(kind).findFirst().orElseThrow();
  }

  private Detach detach() {
    return request(ShardRequest::hasDetach).getDetach();
  }

  private List<String> topics() {
    return router.publishes().stream().map(one -> one.getMessage().getTopic()).toList();
  }

  private static MqttMessage subscribe(int packetId, String filter) {
    return MqttMessageBuilders.subscribe()
        .messageId(packetId)
        .addSubscription(MqttQoS.AT_MOST_ONCE, filter)
        .build();
  }
}
