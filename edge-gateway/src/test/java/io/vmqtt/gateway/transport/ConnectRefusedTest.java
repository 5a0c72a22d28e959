package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ShardReply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients hear of a shard that does not give them their session. */
class ConnectRefusedTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();

  @AfterEach
  void close() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource({"V5,97", "V3,03"})
  void connect_shardHasNoRoomForTheNamespace_quotaExceeded(ProtocolVersion version, String code) {
    router.holdRequests();
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.send(PipelineClient.connect(version).build());
      gateway.runUntil(() -> router.requests().size() == 1);

      router.reply(
          ShardReply.newBuilder()
              .setCorrelation(router.requests().getFirst().getCorrelation())
              .setFailure(Failure.newBuilder().setReason(Failure.Reason.REASON_QUOTA_EXCEEDED)));

      assertEquals(List.of("CONNACK " + code), client.await());
      assertTrue(client.isClosed());
    }
  }
}
