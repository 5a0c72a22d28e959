package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.placement.HashRing;
import io.vmqtt.clusterkit.RecordingLink;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.session.v1.Done;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private static final int LANE = 3;

  private final Requests requests = new Requests(LANE);
  private final RecordingLink<GatewayFrame> linkA = new RecordingLink<>("a");
  private final RecordingLink<GatewayFrame> linkB = new RecordingLink<>("b");
  private final RouterPeer a = new RouterPeer(linkA, LANE + 1);
  private final RouterPeer b = new RouterPeer(linkB, LANE + 1);
  private final List<Integer> answered = new ArrayList<>();

  @Test
  void send_routerGiven_leavesWithTheNextFlush() {
    send(a, 1);
    assertEquals(List.of(), linkA.take());

    a.flush(LANE);

    List<ShardRequest> sent = takeRequests(linkA);
    assertEquals(1, sent.getFirst().getShard());
    assertEquals(LANE, Numbers.laneOf(sent.getFirst().getCorrelation()));
  }

  @Test
  void replied_oneOfSeveral_itsCallbackRunsOnce() {
    send(a, 1);
    send(a, 2);
    a.flush(LANE);
    List<ShardRequest> sent = takeRequests(linkA);

    reply(sent.get(1));
    reply(sent.get(1));

    assertEquals(List.of(2), answered);
  }

  @Test
  void replied_nobodyAsked_nothingHappens() {
    requests.replied(ShardReply.newBuilder().setCorrelation(99).build());

    assertEquals(List.of(), answered);
  }

  @Test
  void reroute_routerIsLost_unansweredOnesGoToTheNextInOrder() {
    for (int shard = 1; shard <= 20; shard++) {
      send(a, shard);
    }
    a.flush(LANE);
    List<ShardRequest> sent = takeRequests(linkA);
    reply(sent.get(4));
    a.down();

    requests.reroute(ring(b));
    b.flush(LANE);

    List<ShardRequest> again = takeRequests(linkB);
    List<ShardRequest> expected = new ArrayList<>(sent);
    expected.remove(4);
    assertEquals(expected, again, "the same requests, the same numbers");
    reply(again.getFirst());
    assertEquals(List.of(5, 1), answered);
  }

  @Test
  void reroute_routerIsStillThere_itsRequestsStay() {
    send(a, 1);
    a.flush(LANE);
    linkA.take();

    requests.reroute(ring(a, b));
    a.flush(LANE);
    b.flush(LANE);

    assertTrue(linkA.take().isEmpty());
    assertTrue(linkB.take().isEmpty());
  }

  @Test
  void reroute_routerIsNotOnTheRing_itIsToldWhatItNeedNotAsk() {
    send(a, 1);
    a.flush(LANE);
    long correlation = takeRequests(linkA).getFirst().getCorrelation();

    requests.reroute(ring(b));
    a.flush(LANE);

    assertEquals(List.of(correlation), linkA.take().getFirst().getMoved().getRequestsList());
  }

  @Test
  void reroute_noRouterAtFirst_goesToTheOneOfItsKey() {
    HashRing<RouterPeer> both = ring(a, b);
    String keyOfA = keyOf(both, a);
    String keyOfB = keyOf(both, b);
    requests.send(null, keyOfA, ShardRequest.newBuilder().setShard(1), reply -> {});
    requests.send(null, keyOfB, ShardRequest.newBuilder().setShard(2), reply -> {});
    requests.reroute(ring());

    requests.reroute(both);
    a.flush(LANE);
    b.flush(LANE);

    assertEquals(1, takeRequests(linkA).getFirst().getShard());
    assertEquals(2, takeRequests(linkB).getFirst().getShard());
  }

  private static HashRing<RouterPeer> ring(RouterPeer... routers) {
    return HashRing.of(List.of(routers), router -> router.nodeId);
  }

  @SuppressWarnings("ReferenceEquality") // a router is itself
  private static String keyOf(HashRing<RouterPeer> ring, RouterPeer owner) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> "key " + i)
        .filter(key -> ring.ownerOf(key) == owner)
        .findFirst()
        .orElseThrow();
  }

  private void send(@Nullable RouterPeer router, int shard) {
    requests.send(
        router, "key", ShardRequest.newBuilder().setShard(shard), reply -> answered.add(shard));
  }

  private void reply(ShardRequest request) {
    requests.replied(
        ShardReply.newBuilder()
            .setCorrelation(request.getCorrelation())
            .setDone(Done.getDefaultInstance())
            .build());
  }

  /** Since the last call. */
  private static List<ShardRequest> takeRequests(RecordingLink<GatewayFrame> link) {
    return link.take(GatewayFrame::hasRequest, GatewayFrame::getRequest);
  }
}
