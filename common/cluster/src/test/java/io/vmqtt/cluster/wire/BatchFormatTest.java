package io.vmqtt.cluster.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.cluster.link.BatchFormat;
import io.vmqtt.cluster.link.Envelope;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.RoutesApplied;
import io.vmqtt.proto.store.v1.ShardState;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What a batch is made of is what is read from it, for every direction of every link. */
class BatchFormatTest {

  @TestFactory
  Stream<DynamicTest> batch_readBack_everyPartIsTheSame() {
    return Stream.of(
        roundTrip(
            LinkFormat.GATEWAY_TO_ROUTER, GatewayFrame.newBuilder().setReceivedThrough(5).build()),
        roundTrip(
            LinkFormat.ROUTER_TO_GATEWAY, RouterFrame.newBuilder().setRoutesApplied(5).build()),
        roundTrip(
            LinkFormat.ROUTER_TO_STORE,
            RouterToStoreFrame.newBuilder()
                .setRoutesApplied(RoutesApplied.newBuilder().setShard(1).setVersion(5))
                .build()),
        roundTrip(
            LinkFormat.STORE_TO_ROUTER,
            StoreToRouterFrame.newBuilder()
                .setState(ShardState.newBuilder().setShard(1).setLeader(true).setTerm(7))
                .build()));
  }

  private static <F, B> DynamicTest roundTrip(BatchFormat<F, B> format, F frame) {
    return DynamicTest.dynamicTest(
        format.getClass().getSimpleName(),
        () -> {
          Envelope hello = new Envelope(new Peer("node", -1L, "1.2.3"), 0, 0, 0, 0);
          B first = format.batch(hello, List.of());
          assertEquals(hello, format.envelope(first));
          assertEquals(List.of(), format.frames(first));

          Envelope envelope = new Envelope(null, 8, 3, 5_000, 4_000);
          B later = format.batch(envelope, List.of(frame, frame));
          assertEquals(envelope, format.envelope(later));
          assertEquals(List.of(frame, frame), format.frames(later));
        });
  }
}
