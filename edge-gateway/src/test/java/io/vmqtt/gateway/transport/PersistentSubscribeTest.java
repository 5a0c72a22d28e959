package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.connection.TopicLimits;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.session.v1.Subscribed;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SUBSCRIBE of a session that lives at a shard: what the shard does not take is answered. */
class PersistentSubscribeTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();
  private final PipelineClient client = new PipelineClient(gateway);

  @AfterEach
  void close() {
    client.close();
    gateway.close();
  }

  @Test
  void subscribe_sessionIsFull_quotaExceededForTheRest() {
    ShardRequest request = subscribe();

    assertEquals(
        TopicLimits.DEFAULT.maxSubscriptions(), request.getSubscribe().getMaxSubscriptions());
    router.reply(
        reply(request)
            .setSubscribed(
                Subscribed.newBuilder().addExisted(true).addExisted(false).addNoRoom(1)));

    assertEquals(List.of("SUBACK 2 [0, 151]"), client.await());
    assertFalse(client.isClosed());
  }

  @Test
  void subscribe_shardCallsItInvalid_isRefusedAndTheConnectionGoesOn() {
    ShardRequest request = subscribe();

    router.reply(
        reply(request).setFailure(Failure.newBuilder().setReason(Failure.Reason.REASON_INVALID)));

    assertEquals(List.of("SUBACK 2 [143, 143]"), client.await());
    assertFalse(client.isClosed());
  }

  private ShardRequest subscribe() {
    router.existing.add("client");
    client.send(PipelineClient.connect(ProtocolVersion.V5).cleanSession(false).build());
    assertEquals(List.of("CONNACK 00 present"), client.await());
    router.holdRequests();
    client.sendHex("82 0b 00 02 00 00 01 61 00 00 01 62 00");
    gateway.runUntil(() -> router.requests().getLast().hasSubscribe());
    return router.requests().getLast();
  }

  private static ShardReply.Builder reply(ShardRequest request) {
    return ShardReply.newBuilder().setCorrelation(request.getCorrelation());
  }
}
