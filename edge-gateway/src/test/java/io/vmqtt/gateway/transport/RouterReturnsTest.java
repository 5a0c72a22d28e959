package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Qos;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of transient sessions when the way to their router and their shard was cut. */
class RouterReturnsTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void linkUp_routerHasForgottenTheGateway_subscribersEnd() {
    try (PipelineClient client = subscribed()) {
      router.link().close("the cable is out");

      assertEquals(List.of("DISCONNECT 80"), client.await());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void linkUp_noSubscriptions_nothingWasMissedAndTheShardConfirms() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      router.link().close("the cable is out");

      gateway.runUntil(() -> !resumes().isEmpty());

      assertEquals(List.of(), client.read());
      assertFalse(client.isClosed());
    }
  }

  @Test
  void linkUp_sessionIsSomebodyElsesByNow_connectionEnds() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      router.holdRequests();
      router.link().close("the cable is out");
      gateway.runUntil(() -> !resumes().isEmpty());

      router.reply(
          ShardReply.newBuilder()
              .setCorrelation(resumes().getFirst().getCorrelation())
              .setFailure(Failure.newBuilder().setReason(Failure.Reason.REASON_NOT_OWNER)));

      assertEquals(List.of("DISCONNECT 8e"), client.await());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void connect_routersChangeBeforeTheAnswer_deliveriesAreAskedForAnew() {
    router.holdRequests();
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(PipelineClient.connect(ProtocolVersion.V5).build());
      gateway.runUntil(() -> router.requests().stream().anyMatch(ShardRequest::hasAttach));
      FakeRouter other = gateway.router();
      gateway.runUntil(
          () -> {
            IntStream.range(0, 20).forEach(i -> gateway.lane().publish(message("topic " + i)));
            return !other.publishes().isEmpty();
          });

      router.requests().forEach(request -> router.reply(router.favourable(request)));

      gateway.runUntil(() -> Stream.of(router, other).anyMatch(RouterReturnsTest::hasResume));
      assertFalse(client.isClosed());
    }
  }

  private static Message message(String topic) {
    return new Message(
        topic, ByteBuffer.allocate(0), Qos.AT_MOST_ONCE, false, MessageProperties.NONE, 0, 0);
  }

  private static boolean hasResume(FakeRouter router) {
    return router.requests().stream().anyMatch(ShardRequest::hasResume);
  }

  private PipelineClient subscribed() {
    PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5);
    client.send(
        MqttMessageBuilders.subscribe()
            .messageId(1)
            .addSubscription(MqttQoS.AT_LEAST_ONCE, "t")
            .build());
    assertEquals(1, client.await().size());
    return client;
  }

  private List<ShardRequest> resumes() {
    return router.requests().stream().filter(ShardRequest::hasResume).toList();
  }
}
