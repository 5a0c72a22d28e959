package io.vmqtt.router.link;

import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.message.v1.ShareChoice;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.ShardPublish;
import io.vmqtt.router.publish.Awaited;
import io.vmqtt.router.publish.MemoryForPublishes;
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
 * Sends each publish to everybody who has a route for its topic, one copy per destination; one that
 * is to be retained goes to the shard that retains it first. Confined to the router's thread.
 */
final class Dispatcher {
  private final RouteTable<Destination> routes;
  private final List<ShardPeer> shards;
  private final ToIntFunction<String> shardOfTopic;
  private final RouterMetrics metrics;
  private final MemoryForPublishes memory;
  private final RetainedTurns turns;
  private final Match<Destination> match = new Match<>();

  /** Shards whose routes may have changed without this router: they match for themselves. */
  private final Set<ShardPeer> outOfSync = new LinkedHashSet<>();

  /**
   * @param maxHeldBytes of publishes that wait behind a retained one to the same topic
   * @param memory where every publish counts that waits
   */
  Dispatcher(
      RouteTable<Destination> routes,
      List<ShardPeer> shards,
      ToIntFunction<String> shardOfTopic,
      long maxHeldBytes,
      MemoryForPublishes memory,
      RouterMetrics metrics) {
    this.routes = routes;
    this.shards = shards;
    this.shardOfTopic = shardOfTopic;
    this.metrics = metrics;
    this.memory = memory;
    this.turns = new RetainedTurns(maxHeldBytes, memory, this::deliver);
  }

  /** Whether the routes of a shard are as its leader has them. */
  void setInSync(ShardPeer shard, boolean inSync) {
    if (inSync) {
      outOfSync.remove(shard);
    } else {
      outOfSync.add(shard);
    }
  }

  /** The shards that get every publish, whatever is known of their routes. */
  List<Integer> unsureShards() {
    return outOfSync.stream().map(shard -> shard.shard).sorted().toList();
  }

  void dispatch(PublishSource source, Publish publish) {
    metrics.published.increment();
    if (publish.getMessage().getRetain()) {
      retain(source, publish);
    } else if (turns.isTaken(publish.getMessage().getTopic())) {
      hold(source, publish);
    } else {
      boolean wantsAnswer = publish.getSequence() != 0;
      match(publish, wantsAnswer);
      if (wantsAnswer && isRefused(publish, null)) {
        refuse(source, publish);
      } else {
        toAll(publish, pending(source, publish, null));
      }
    }
  }

  /**
   * What a vanished member of a share group has left goes to another one, and to nobody else.
   *
   * @param beside the origin that has asked its members already; null: none has
   */
  void dispatchLeft(PublishSource source, @Nullable Origin<Destination> beside, Publish publish) {
    matchLeft(beside, publish.getShares(0));
    if (isRefused(publish, null)) {
      refuse(source, publish);
    } else {
      toAll(publish, pending(source, publish, null));
    }
  }

  /**
   * A gateway is gone for good. What its members of share groups have not acknowledged goes to
   * others, at QoS 1; at QoS 2 they may have begun to get it, and then it must go to nobody else.
   * What the gateway had not confirmed, its publisher is answered for when others have it.
   */
  void handOn(GatewayPeer gone) {
    gone.undelivered.forEachAwaited(
        (frame, awaited) -> {
          Publish publish = frame.getPublish();
          if (isForMembers(publish)) {
            gone.inHand.remove(publish.getSequence());
            handOn(publish, awaited);
          }
        });
    for (RouterFrame frame : gone.inHand.frames()) {
      Publish publish = frame.getPublish();
      int bytes = FrameSize.of(publish.getMessage());
      PendingPublish pending =
          new PendingPublish(PublishSource.NOBODY, 0, true, memory, bytes, null);
      handOn(publish, pending);
      pending.allSent();
    }
  }

  private void handOn(Publish publish, Awaited awaited) {
    // Without the key: a destination that had it for others must not take it for the same again.
    Publish left = publish.toBuilder().setLeft(true).clearKey().build();
    for (ShareChoice share : publish.getSharesList()) {
      matchLeft(null, share);
      for (Destination destination : match.destinations()) {
        toOne(destination, left, awaited);
      }
    }
  }

  /** A gateway is back with a new link: what it had not confirmed is sent again. */
  void resend(GatewayPeer gateway) {
    gateway.inHand.clear();
    gateway.undelivered.forEach(
        (frame, bytes) -> {
          hold(gateway, frame, bytes);
          gateway.outbox.add(frame, bytes);
        });
  }

  /** Keeps what is for members of share groups, for others if the gateway is killed. */
  private void hold(GatewayPeer gateway, RouterFrame frame, int bytes) {
    if (isForMembers(frame.getPublish())) {
      int forgotten = gateway.inHand.add(frame.getPublish().getSequence(), frame, bytes);
      metrics.forgotten.increment(forgotten);
    }
  }

  private static boolean isForMembers(Publish publish) {
    return publish.getSharesCount() > 0
        && Qos.of(publish.getMessage().getQos()) == Qos.AT_LEAST_ONCE;
  }

  private void matchLeft(@Nullable Origin<Destination> beside, ShareChoice share) {
    routes.matchBeside(beside, new RouteKey(share.getFilter(), share.getGroup()), match);
  }

  /** A retained publish of QoS 0 is not given to some and kept from others: it goes, or not. */
  private void retain(PublishSource source, Publish publish) {
    ShardPeer retainer = shards.get(shardOfTopic.applyAsInt(publish.getMessage().getTopic()));
    match(publish, true);
    if (publish.getSequence() != 0 && isRefused(publish, retainer)) {
      refuse(source, publish);
    } else if (publish.getSequence() == 0 && (isAnyFull(retainer) || retainer.congested())) {
      metrics.shed.increment();
    } else {
      int bytes = FrameSize.of(publish.getMessage());
      toShard(retainer, publish, turns.retain(source, publish, retainer, bytes), true);
    }
  }

  private void hold(PublishSource source, Publish publish) {
    boolean wantsAnswer = publish.getSequence() != 0;
    match(publish, wantsAnswer);
    if (wantsAnswer && (turns.isFull() || isRefused(publish, null))) {
      refuse(source, publish);
    } else if (turns.isFull()) {
      metrics.shed.increment();
    } else {
      turns.hold(source, publish, FrameSize.of(publish.getMessage()));
    }
  }

  /**
   * Its turn has come. Who is to get it is asked only now: whoever subscribed since it was retained
   * may have read the value of before. And a bound that was kept when it came must not split it.
   */
  private void deliver(RetainedTurns.Turn turn) {
    Publish publish = turn.publish;
    ShardPeer retainer = turn.retainer;
    if (turn.refusal != 0) {
      if (publish.getSequence() != 0) {
        turn.source.refused(publish.getSequence(), turn.refusal);
      }
      return;
    }
    if (turn.settledBefore) {
      turn.source.succeeded(publish.getSequence(), true);
      return;
    }
    match(publish, retainer != null || publish.getSequence() != 0);
    Runnable settled = retainer == null ? null : () -> retainer.settled(turn.sequenceAtRetainer);
    toAll(publish, pending(turn.source, publish, settled));
  }

  private void match(Publish publish, boolean everybody) {
    routes.match(publish.getMessage().getTopic(), match);
    if (everybody) {
      outOfSync.forEach(match::alsoTo);
    }
  }

  /** What waits for the destinations of a publish; null: nobody does. */
  private @Nullable PendingPublish pending(
      PublishSource source, Publish publish, @Nullable Runnable whenOver) {
    long sequence = publish.getSequence();
    return sequence == 0 && whenOver == null
        ? null
        : new PendingPublish(
            source,
            sequence,
            !match.destinations().isEmpty(),
            memory,
            FrameSize.of(publish.getMessage()),
            whenOver);
  }

  private void refuse(PublishSource source, Publish publish) {
    metrics.refused.increment();
    source.refused(publish.getSequence(), ReasonCode.QUOTA_EXCEEDED.value());
  }

  /**
   * @param pending null: nobody waits for it
   */
  private void toAll(Publish publish, @Nullable PendingPublish pending) {
    for (Destination destination : match.destinations()) {
      toOne(destination, publish, pending);
    }
    if (pending != null) {
      pending.allSent();
    }
  }

  private void toOne(Destination destination, Publish publish, @Nullable Awaited pending) {
    switch (destination) {
      case GatewayPeer gateway -> toGateway(gateway, publish, pending);
      case ShardPeer shard -> toShard(shard, publish, pending, false);
    }
  }

  /** A refusal comes before anybody has the message; one that some may have is not refused. */
  private boolean isRefused(Publish publish, @Nullable ShardPeer retainer) {
    return isAnyFull(retainer) || (!publish.getAgain() && (match.isFull() || lacksRoom(retainer)));
  }

  private boolean lacksRoom(@Nullable ShardPeer retainer) {
    if (retainer != null && !retainer.hasRoom()) {
      return true;
    }
    for (Destination destination : match.destinations()) {
      if (!destination.hasRoom()) {
        return true;
      }
    }
    return false;
  }

  private boolean isAnyFull(@Nullable ShardPeer retainer) {
    if (memory.isFull() || (retainer != null && retainer.isFull())) {
      return true;
    }
    for (Destination destination : match.destinations()) {
      if (destination.isFull()) {
        return true;
      }
    }
    return false;
  }

  private void toGateway(GatewayPeer gateway, Publish publish, @Nullable Awaited pending) {
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
              .clearShares()
              .addAllShares(wire(choices))
              .build();
      RouterFrame frame = RouterFrame.newBuilder().setPublish(copy).build();
      gateway.undelivered.add(pending, frame, bytes);
      hold(gateway, frame, bytes);
      gateway.outbox.add(frame, bytes);
    }
    metrics.copies.increment();
  }

  /** What is stored may go on after days: nothing is measured of that. */
  private static Message withoutTime(Message message) {
    return message.getMeasuredAtMicros() == 0
        ? message
        : message.toBuilder().clearMeasuredAtMicros().build();
  }

  /**
   * @param retain as the one that keeps it; else for its sessions
   */
  private void toShard(
      ShardPeer shard, Publish publish, @Nullable Awaited pending, boolean retain) {
    int bytes = FrameSize.of(publish.getMessage());
    if (pending == null && shard.congested()) {
      metrics.shed.increment();
      return;
    }
    ShardPublish.Builder copy =
        ShardPublish.newBuilder()
            .setShard(shard.shard)
            .setMessage(withoutTime(publish.getMessage()))
            .setDeliver(!retain && !publish.getLeft())
            .setRetain(retain)
            .addAllShares(retain ? List.of() : wire(match.choicesOf(shard)));
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
