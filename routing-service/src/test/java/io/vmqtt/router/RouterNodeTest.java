package io.vmqtt.router;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.message.v1.PublishResults;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouteChange;
import io.vmqtt.proto.routing.v1.RouteUpdate;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.router.InProcessPeers.TestGateway;
import io.vmqtt.router.InProcessPeers.TestStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole router, with its links and its thread. */
class RouterNodeTest {
  private static final Duration SOON = Duration.ofMillis(100);
  private static final int SHARDS = 3;

  private final InProcessPeers peers = new InProcessPeers(SOON);

  @AfterEach
  void close() {
    peers.close();
  }

  @Test
  void isReady_shardMapIsKnownAfterTheStores_trueThen() {
    TestStore store = peers.store(SHARDS);
    TestGateway gateway = peers.gateway(1);
    await().until(gateway::isUp);
    assertFalse(peers.router.isReady());

    peers.shardMapOfOneStore(SHARDS, store.id);

    await().until(peers.router::isReady);
    gateway.send(
        GatewayFrame.newBuilder()
            .setRequest(ShardRequest.newBuilder().setCorrelation(5).setShard(SHARDS - 1)));
    await().until(() -> store.received.stream().anyMatch(frame -> frame.hasRequest()));
  }

  @Test
  void isReady_gatewayThatDiscoveryKnows_waitsForItsRoutes() {
    try (Registration _ = peers.discoverGateway(7)) {
      TestStore store = peers.store(SHARDS);
      peers.shardMapOfOneStore(SHARDS, store.id);
      await().until(() -> !store.ups.isEmpty());
      TestGateway gateway = peers.gateway(7);
      await().until(gateway::isUp);
      assertFalse(peers.router.isReady());

      gateway.send(routes());

      await().until(peers.router::isReady);
      await().until(() -> gateway.received.stream().anyMatch(f -> f.getState().getReady()));
    }
  }

  @Test
  void publish_fromOneGatewayToAnother_resultAfterItWasReceived() {
    routerIsReady();
    TestGateway publisher = peers.gateway(1);
    TestGateway subscriber = subscribed("t/+");
    await().until(publisher::isUp);

    publisher.send(publish(9, "t/1"));
    await().until(() -> subscriber.received.stream().anyMatch(RouterFrame::hasPublish));
    assertEquals(0, results(publisher));
    subscriber.send(GatewayFrame.newBuilder().setReceivedThrough(1));

    await().until(() -> results(publisher) == 1);
  }

  /** More than a link may have unsent otherwise. */
  @Test
  void publish_gatewayTakesNothingForAWhile_itsLinkLastsAndEverythingArrives() {
    int publishes = 80;
    routerIsReady();
    TestGateway publisher = peers.gateway(1);
    TestGateway subscriber = subscribed("t");
    await().until(publisher::isUp);
    subscriber.takes = false;
    ByteString megabyte = ByteString.copyFrom(new byte[1 << 20]);

    for (int i = 1; i <= publishes; i++) {
      publisher.send(
          GatewayFrame.newBuilder()
              .setPublish(
                  Publish.newBuilder()
                      .setSequence(i)
                      .setMessage(
                          Message.newBuilder().setTopic("t").setQos(1).setPayload(megabyte))));
    }
    publisher.send(publish(publishes + 1, "nobody's"));
    await()
        .until(
            () ->
                publisher.received.stream()
                    .anyMatch(frame -> frame.getResults().getUnmatchedCount() > 0));
    assertEquals(1, subscriber.ups.size());
    assertTrue(subscriber.isUp());
    subscriber.relink();

    await()
        .until(
            () ->
                subscriber.received.stream()
                    .filter(RouterFrame::hasPublish)
                    .anyMatch(frame -> frame.getPublish().getSequence() == publishes));
    assertEquals(2, subscriber.ups.size());
  }

  @Test
  void failureDetection_gatewayStaysAway_publishesGoOnWithoutIt() {
    routerIsReady();
    TestGateway publisher = peers.gateway(1);
    TestGateway subscriber = subscribed("t");
    await().until(publisher::isUp);

    subscriber.close();
    publisher.send(publish(9, "t"));

    await().until(() -> results(publisher) == 1);
  }

  @Test
  void receive_batchThatCannotBeHandled_linkIsClosedAndComesBack() {
    TestStore store = peers.store(SHARDS);
    peers.shardMapOfOneStore(SHARDS, store.id);
    await().until(peers.router::isReady);
    TestGateway gateway = peers.gateway(1);
    await().until(gateway::isUp);

    gateway.send(routes("not/#/a/filter"));

    await().until(() -> gateway.downs.get() == 1);
    await().until(() -> gateway.ups.size() == 2);
    gateway.send(routes("t"));
    await().until(() -> gateway.received.stream().anyMatch(RouterFrame::hasRoutesApplied));
  }

  private void routerIsReady() {
    TestStore store = peers.store(SHARDS);
    peers.shardMapOfOneStore(SHARDS, store.id);
    await().until(peers.router::isReady);
  }

  /** Another gateway, whose routes the router has. */
  private TestGateway subscribed(String filter) {
    TestGateway subscriber = peers.gateway(2);
    await().until(subscriber::isUp);
    subscriber.send(routes(filter));
    await().until(() -> subscriber.received.stream().anyMatch(RouterFrame::hasRoutesApplied));
    return subscriber;
  }

  private static int results(TestGateway gateway) {
    return gateway.received.stream()
        .filter(RouterFrame::hasResults)
        .map(RouterFrame::getResults)
        .mapToInt(PublishResults::getSucceededCount)
        .sum();
  }

  private static GatewayFrame.Builder publish(long sequence, String topic) {
    return GatewayFrame.newBuilder()
        .setPublish(
            Publish.newBuilder()
                .setSequence(sequence)
                .setMessage(Message.newBuilder().setTopic(topic).setQos(1)));
  }

  private static GatewayFrame.Builder routes(String... filters) {
    RouteUpdate.Builder update = RouteUpdate.newBuilder().setVersion(1).setReset(true);
    for (String filter : List.of(filters)) {
      update.addChanges(RouteChange.newBuilder().setFilter(filter).setMembers(1));
    }
    return GatewayFrame.newBuilder().setRoutes(update);
  }
}
