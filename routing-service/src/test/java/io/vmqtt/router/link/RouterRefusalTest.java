package io.vmqtt.router.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouteChange;
import io.vmqtt.proto.store.v1.ShardRoom;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.router.link.RouterHarness.TestGateway;
import io.vmqtt.router.link.RouterHarness.TestStore;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nobody gets what its publisher is told was refused. */
class RouterRefusalTest {
  private final RouterHarness router = new RouterHarness(2);
  private final TestStore store = router.store("store");
  private final TestGateway publisher = router.gateway(1);
  private final TestGateway subscriber = router.gateway(2);

  @BeforeEach
  void begin() {
    router.becomesReady(store);
    subscriber.subscribe("t/#");
    subscriber.takePublishes();
    store.takePublishes();
    publisher.takeResults();
  }

  private void isFull(int shard, String filter, boolean full) {
    RouteChange change = RouterHarness.change(filter, "", 1).toBuilder().setFull(full).build();
    store.routes(shard, RouterHarness.update(2, false, false, List.of(change)));
    store.takePublishes();
  }

  private void hasRoom(boolean enough) {
    for (int shard = 0; shard < 2; shard++) {
      store.send(
          StoreToRouterFrame.newBuilder()
              .setRoom(ShardRoom.newBuilder().setShard(shard).setEnough(enough))
              .build());
    }
  }

  @Test
  void publish_aRouteIsFull_refusedBeforeAnybodyHasIt() {
    isFull(1, "t/+", true);
    store.subscribe(0, "t/1");

    publisher.publish(5, "t/1");

    assertEquals(List.of("5 refused 97"), publisher.takeResults());
    assertEquals(List.of(), subscriber.takePublishes());
    assertEquals(List.of(), store.takePublishes());

    isFull(1, "t/+", false);
    publisher.publish(6, "t/1");
    assertEquals(1, subscriber.takePublishes().size());
    assertEquals(2, store.takePublishes().size());
  }

  @Test
  void publish_othersAreFull_taken() {
    isFull(1, "x", true);
    publisher.publish(5, "t/1");
    assertEquals(1, subscriber.takePublishes().size());
  }

  /** What a router that failed may have given to some must reach the others, too. */
  @Test
  void publish_sentBeforeAndARouteIsFull_taken() {
    isFull(1, "t/+", true);
    hasRoom(false);

    publisher.send(
        GatewayFrame.newBuilder()
            .setPublish(
                Publish.newBuilder()
                    .setSequence(5)
                    .setAgain(true)
                    .setMessage(RouterHarness.message("t/1", 1)))
            .build());

    assertEquals(1, subscriber.takePublishes().size());
    assertEquals(1, store.takePublishes().size());
  }

  @Test
  void publish_shardHasNoRoom_whatWouldBeStoredIsRefused() {
    store.subscribe(1, "t/1");
    store.takePublishes();
    hasRoom(false);

    publisher.publish(5, "t/1");
    assertEquals(List.of("5 refused 97"), publisher.takeResults());
    assertEquals(List.of(), subscriber.takePublishes());

    Message retained = RouterHarness.message("t/2", 1).toBuilder().setRetain(true).build();
    publisher.publish(6, retained);
    assertEquals(List.of("6 refused 97"), publisher.takeResults());
    assertEquals(List.of(), subscriber.takePublishes());

    publisher.publish(7, "t/2");
    assertEquals(1, subscriber.takePublishes().size(), "no shard is concerned");

    hasRoom(true);
    publisher.publish(8, "t/1");
    assertEquals(1, subscriber.takePublishes().size());
    assertEquals(1, store.takePublishes().size());
  }

  /** It says so anew if it has none either. */
  @Test
  void publish_nextLeaderSaysNothing_taken() {
    store.subscribe(1, "t/1");
    hasRoom(false);
    TestStore next = router.store("next");
    next.leadsInSync(1, 2);
    next.subscribe(1, "t/1");
    next.takePublishes();

    publisher.publish(5, "t/1");
    assertEquals(1, next.takePublishes().size());
  }
}
