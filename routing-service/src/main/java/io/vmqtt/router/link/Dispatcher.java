package io.vmqtt.router.link;

import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.message.v1.ShareChoice;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.ShardPublish;
import io.vmqtt.router.publish.PendingPublish;
import io.vmqtt.router.publish.PublishSource;
import io.vmqtt.router.routes.Match;
import io.vmqtt.router.routes.Origin;
import io.vmqtt.router.routes.RouteKey;
import io.vmqtt.router.routes.RouteTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends each publish to everybody who has a route for its topic, one copy per destination, and to
 * the shard that retains it. Confined to the router's thread.
 */
final class Dispatcher {
  private final RouteTable routes;
  private final List<ShardPeer> shards;
  private final ToIntFunction<String> shardOfTopic;
  private final RouterMetrics metrics;
  private final Match match = new Match();

  /** Shards whose routes may have changed without this router: they match for themselves. */
  private final Set<ShardPeer> outOfSync = new LinkedHashSet<>();

  Dispatcher(
      RouteTable routes,
      List<ShardPeer> shards,
      ToIntFunction<String> shardOfTopic,
      RouterMetrics metrics) {
    this.routes = routes;
    this.shards = shards;
    this.shardOfTopic = shardOfTopic;
    this.metrics = metrics;
  }

  /** Whether the routes of a shard are as its leader has them. */
  void setInSync(ShardPeer shard, boolean inSync) {
    if (inSync) {
      outOfSync.remove(shard);
    } else {
      outOfSync.add(shard);
    }
  }

  void dispatch(PublishSource source, Publish publish) {
    metrics.published.increment();
    Message message = publish.getMessage();
    routes.match(message.getTopic(), match);
    ShardPeer retainer =
        message.getRetain() ? shards.get(shardOfTopic.applyAsInt(message.getTopic())) : null;
    PendingPublish pending = null;
    if (publish.getSequence() != 0) {
      outOfSync.forEach(match::alsoTo);
      if (isRefused(publish, retainer)) {
        metrics.refused.increment();
        source.refused(publish.getSequence(), ReasonCode.QUOTA_EXCEEDED.value());
        return;
      }
      pending = new PendingPublish(source, publish.getSequence(), !match.origins().isEmpty());
    }
    boolean retained = false;
    for (Origin origin : match.origins()) {
      if (origin instanceof GatewayPeer gateway) {
        toGateway(gateway, publish, pending);
      } else if (origin instanceof ShardPeer shard) {
        retained |= shard == retainer;
        toShard(shard, publish, pending, true, shard == retainer);
      }
    }
    if (retainer != null && !retained) {
      toShard(retainer, publish, pending, false, true);
    }
    if (pending != null) {
      pending.allSent();
    }
  }

  /** A refusal comes before anybody has the message; one that some may have is not refused. */
  private boolean isRefused(Publish publish, @Nullable ShardPeer retainer) {
    return isAnyFull(retainer) || (!publish.getAgain() && (match.isFull() || lacksRoom(retainer)));
  }

  private boolean lacksRoom(@Nullable ShardPeer retainer) {
    if (retainer != null && !retainer.hasRoom) {
      return true;
    }
    for (Origin origin : match.origins()) {
      if (origin instanceof ShardPeer shard && !shard.hasRoom) {
        return true;
      }
    }
    return false;
  }

  private boolean isAnyFull(@Nullable ShardPeer retainer) {
    if (retainer != null && retainer.undelivered.isFull()) {
      return true;
    }
    for (Origin origin : match.origins()) {
      boolean full =
          origin instanceof GatewayPeer gateway
              ? gateway.undelivered.isFull()
              : origin instanceof ShardPeer shard && shard.undelivered.isFull();
      if (full) {
        return true;
      }
    }
    return false;
  }

  private void toGateway(GatewayPeer gateway, Publish publish, @Nullable PendingPublish pending) {
    int bytes = FrameSize.of(publish.getMessage());
    List<RouteKey> choices = match.choicesOf(gateway);
    if (pending == null) {
      if (gateway.outbox.congested()) {
        metrics.shed.increment();
        return;
      }
      Publish copy =
          choices.isEmpty() ? publish : publish.toBuilder().addAllShares(wire(choices)).build();
      gateway.outbox.add(RouterFrame.newBuilder().setPublish(copy).build(), bytes);
    } else {
      Publish copy =
          publish.toBuilder()
              .setSequence(gateway.undelivered.nextSequence())
              .addAllShares(wire(choices))
              .build();
      RouterFrame frame = RouterFrame.newBuilder().setPublish(copy).build();
      gateway.undelivered.add(pending, frame, bytes);
      gateway.outbox.add(frame, bytes);
    }
    metrics.copies.increment();
  }

  private void toShard(
      ShardPeer shard,
      Publish publish,
      @Nullable PendingPublish pending,
      boolean deliver,
      boolean retain) {
    int bytes = FrameSize.of(publish.getMessage());
    if (pending == null && shard.congested()) {
      metrics.shed.increment();
      return;
    }
    ShardPublish.Builder copy =
        ShardPublish.newBuilder()
            .setShard(shard.shard)
            .setMessage(publish.getMessage())
            .setDeliver(deliver)
            .setRetain(retain)
            .addAllShares(wire(match.choicesOf(shard)));
    if (publish.hasKey()) {
      copy.setKey(publish.getKey());
    }
    if (pending == null) {
      shard.send(RouterToStoreFrame.newBuilder().setPublish(copy).build(), bytes);
    } else {
      copy.setSequence(shard.undelivered.nextSequence());
      RouterToStoreFrame frame = RouterToStoreFrame.newBuilder().setPublish(copy).build();
      shard.undelivered.add(pending, frame, bytes);
      shard.send(frame, bytes);
    }
    metrics.copies.increment();
  }

  private static List<ShareChoice> wire(List<RouteKey> choices) {
    if (choices.isEmpty()) {
      return List.of();
    }
    return choices.stream()
        .map(
            choice ->
                ShareChoice.newBuilder()
                    .setGroup(choice.shareGroup())
                    .setFilter(choice.filter())
                    .build())
        .toList();
  }
}
