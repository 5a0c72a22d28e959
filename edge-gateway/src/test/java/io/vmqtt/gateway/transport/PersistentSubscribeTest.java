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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A session that lives at a shard: SUBSCRIBE and UNSUBSCRIBE that it does not take are answered.
 */
class PersistentSubscribeTest {
  private static final String TWO_FILTERS = "00 01 61 00 01 62";

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

    refuse(request);

    assertEquals(List.of("SUBACK 2 [143, 143]"), client.await());
    assertFalse(client.isClosed());
  }

  @ParameterizedTest
  @EnumSource
  void unsubscribe_shardCallsItInvalid_isRefusedAndTheConnectionGoesOn(ProtocolVersion version) {
    connect(version);
    client.sendHex(
        (version == ProtocolVersion.V5 ? "a2 09 00 03 00" : "a2 08 00 03") + TWO_FILTERS);
    gateway.runUntil(() -> router.requests().getLast().hasUnsubscribe());

    refuse(router.requests().getLast());

    assertEquals(version == ProtocolVersion.V5 ? "b0050003008f8f" : "b0020003", client.awaitHex());
    assertFalse(client.isClosed());
  }

  private void connect(ProtocolVersion version) {
    router.existing.add("client");
    client.send(PipelineClient.connect(version).cleanSession(false).build());
    assertEquals(List.of("CONNACK 00 present"), client.await());
    router.holdRequests();
  }

  private ShardRequest subscribe() {
    connect(ProtocolVersion.V5);
    client.sendHex("82 0b 00 02 00 00 01 61 00 00 01 62 00");
    gateway.runUntil(() -> router.requests().getLast().hasSubscribe());
    return router.requests().getLast();
  }

  private void refuse(ShardRequest request) {
    router.reply(
        reply(request).setFailure(Failure.newBuilder().setReason(Failure.Reason.REASON_INVALID)));
  }

  private static ShardReply.Builder reply(ShardRequest request) {
    return ShardReply.newBuilder().setCorrelation(request.getCorrelation());
  }
}
