package io.vmqtt.gateway.link;

import io.vmqtt.cluster.placement.HashRing;
import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one lane to shards. Each is sent again, through another router if need be, until
 * it is answered. Confined to the lane's thread.
 */
final class Requests {
  private final int lane;
  private final Numbers numbers;
  private final NumberMap<Pending> pending = new NumberMap<>();

  /** A request that waits for its answer. */
  private static final class Pending {
    final ShardRequest request;
    final String routingKey;
    final Consumer<ShardReply> callback;
    @Nullable RouterPeer router;

    Pending(ShardRequest request, String routingKey, Consumer<ShardReply> callback) {
      this.request = request;
      this.routingKey = routingKey;
      this.callback = callback;
    }
  }

  Requests(int lane) {
    this.lane = lane;
    this.numbers = new Numbers(lane);
  }

  /**
   * Asks a shard.
   *
   * @param router null: there is none; the request leaves when there is one
   * @param routingKey finds the next router if this one is lost
   */
  void send(
      @Nullable RouterPeer router,
      String routingKey,
      ShardRequest.Builder request,
      Consumer<ShardReply> callback) {
    Pending asked =
        new Pending(request.setCorrelation(numbers.next()).build(), routingKey, callback);
    pending.put(asked.request.getCorrelation(), asked);
    send(asked, router);
  }

  void replied(ShardReply reply) {
    Pending asked = pending.remove(reply.getCorrelation());
    if (asked != null) {
      asked.callback.accept(reply);
    }
  }

  /** Sends what was with other routers, or with none, to those on the ring, in order. */
  void reroute(HashRing<RouterPeer> ring) {
    List<Pending> stranded = new ArrayList<>();
    for (Pending asked : pending.values()) {
      RouterPeer router = asked.router;
      if (router == null || !ring.nodes().contains(router)) {
        stranded.add(asked);
      }
    }
    stranded.sort(Comparator.comparingLong(asked -> asked.request.getCorrelation()));
    MovedWork moved = new MovedWork();
    for (Pending asked : stranded) {
      if (asked.router != null) {
        moved.from(asked.router).addRequests(asked.request.getCorrelation());
      }
    }
    moved.tell(lane);
    for (Pending asked : stranded) {
      send(asked, ring.isEmpty() ? null : ring.ownerOf(asked.routingKey));
    }
  }

  private void send(Pending asked, @Nullable RouterPeer router) {
    asked.router = router;
    if (router != null) {
      router.add(
          lane,
          GatewayFrame.newBuilder().setRequest(asked.request).build(),
          FrameSize.SMALL_BYTES + asked.request.getSerializedSize());
    }
  }
}
