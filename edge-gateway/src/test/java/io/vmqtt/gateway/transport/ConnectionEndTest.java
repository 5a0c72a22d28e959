package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.proto.session.v1.Detach;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the shard of a client hears when its connection ends, and when. */
class ConnectionEndTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();

  @AfterEach
  void close() {
    gateway.close();
  }

  /** [MQTT-3.14.4-3]. */
  @Test
  @Conforms(v311 = "MQTT-3.14.4-3", v5 = "MQTT-3.14.4-3")
  void disconnect_normal_closedAndNoWill() {
    for (ProtocolVersion version : ProtocolVersion.values()) {
      try (PipelineClient client = PipelineClient.connected(gateway, version)) {
        client.sendHex("e0 00");

        assertTrue(client.isClosed());
        assertEquals(Detach.Cause.CAUSE_NORMAL, awaitDetach().getCause());
        router.received.clear();
      }
    }
  }

  /** Else a client that is back at once, by another gateway, finds its session still in use. */
  @Test
  void disconnect_normal_leavesForTheShardBeforeTheConnectionIsClosed() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      List<ShardRequest> toldBefore = new ArrayList<>();
      client.channel.closeFuture().addListener(_ -> toldBefore.addAll(router.requests()));

      client.sendHex("e0 00");

      assertTrue(client.isClosed());
      assertTrue(toldBefore.getLast().hasDetach(), () -> "only " + toldBefore);
    }
  }

  @Test
  void disconnect_withWill_saysSoToTheShard() {
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.sendHex("e0 02 04 00");

      assertTrue(client.isClosed());
      assertEquals(Detach.Cause.CAUSE_ABNORMAL, awaitDetach().getCause());
    }
  }

  @Test
  @Conforms(v5 = "MQTT-3.1.2-8")
  void channelInactive_connectionBreaks_withWill() {
    PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5);

    client.close();

    assertEquals(Detach.Cause.CAUSE_ABNORMAL, awaitDetach().getCause());
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
