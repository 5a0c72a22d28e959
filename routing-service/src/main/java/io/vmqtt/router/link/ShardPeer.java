package io.vmqtt.router.link;

import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.store.v1.Following;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.Settled;
import io.vmqtt.proto.store.v1.ShardState;
import io.vmqtt.proto.store.v1.Unsettled;
import io.vmqtt.router.publish.Undelivered;
import io.vmqtt.router.routes.Origin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A shard as the router knows it: a destination, for its persistent sessions and as the one that
 * retains, and whom gateways ask. What it has not answered is sent again to its next leader, in the
 * order of old. Confined to the router's thread.
 */
final class ShardPeer implements Destination {
  final int shard;
  final Undelivered<RouterToStoreFrame> undelivered;

  /** False while its leader has no room for messages that are stored. */
  boolean hasRoom = true;

  /** True once its routes have been complete. */
  boolean wasInSync;

  private final Origin<Destination> origin = new Origin<>(this, this::isReachable);
  private final Map<Long, UnansweredRequest> requests = new LinkedHashMap<>();

  /** Retained publishes that the shard has, and not yet all of their subscribers: their topics. */
  private final Map<Long, String> unsettled = new LinkedHashMap<>();

  private final Settled.Builder settled;
  private final Consumer<ShardPeer> hasSettled;
  private @Nullable StorePeer leader;
  private long term = -1;
  private int looksWithoutLeader;

  /**
   * A request that waits for its answer.
   *
   * @param gateway who asked
   * @param correlation the gateway's own
   * @param frame as sent to the shard
   * @param bytes its size
   */
  record UnansweredRequest(
      GatewayPeer gateway, long correlation, RouterToStoreFrame frame, int bytes) {}

  /**
   * @param hasSettled is told once in a turn that there is something to {@link #sendSettled}
   */
  ShardPeer(int shard, long maxUndeliveredBytes, Consumer<ShardPeer> hasSettled) {
    this.shard = shard;
    this.undelivered = new Undelivered<>(maxUndeliveredBytes);
    this.settled = Settled.newBuilder().setShard(shard);
    this.hasSettled = hasSettled;
  }

  @Override
  public Origin<Destination> origin() {
    return origin;
  }

  @Override
  public boolean isFull() {
    return undelivered.isFull();
  }

  @Override
  public boolean hasRoom() {
    return hasRoom;
  }

  /** The id of the store that leads it; null: none that is known. */
  @Nullable String leaderId() {
    StorePeer store = leader;
    return store == null ? null : store.nodeId;
  }

  boolean isReachable() {
    return leader != null;
  }

  /**
   * Looks whether there is a leader; to be called at equal intervals.
   *
   * @param patience after so many looks in a row without one the shard is out of reach
   */
  boolean isOutOfReach(int patience) {
    looksWithoutLeader = leader == null ? Math.min(patience, looksWithoutLeader + 1) : 0;
    return looksWithoutLeader == patience;
  }

  boolean isLedBy(StorePeer store) {
    return leader == store;
  }

  /**
   * Takes a store for the leader unless a newer one is known.
   *
   * @return whether it is the leader now
   */
  boolean follow(StorePeer store, ShardState state) {
    if (state.getTerm() < term) {
      return false;
    }
    term = state.getTerm();
    leader = store;
    hasRoom = true;
    Following.Builder following =
        Following.newBuilder().setShard(shard).setLeadership(state.getLeadership());
    unsettled.forEach(
        (sequence, topic) ->
            following.addUnsettled(Unsettled.newBuilder().setSequence(sequence).setTopic(topic)));
    store.outbox.add(
        RouterToStoreFrame.newBuilder().setFollowing(following).build(),
        FrameSize.SMALL_BYTES + (unsettled.isEmpty() ? 0 : following.build().getSerializedSize()));
    undelivered.forEach(store.outbox::add);
    requests.values().forEach(request -> store.outbox.add(request.frame(), request.bytes()));
    return true;
  }

  /** The leader is gone or leads no more. */
  void lostLeader() {
    leader = null;
  }

  /** Sends to the leader, if there is one now. */
  void send(RouterToStoreFrame frame, int bytes) {
    StorePeer store = leader;
    if (store != null) {
      store.outbox.add(frame, bytes);
    }
  }

  boolean congested() {
    StorePeer store = leader;
    return store == null || store.outbox.congested();
  }

  /** The shard has this publish in its table, and its subscribers get it now. */
  void retained(long sequence, String topic) {
    unsettled.put(sequence, topic);
  }

  /** Its subscribers have it. */
  void settled(long sequence) {
    unsettled.remove(sequence);
    if (settled.getSequencesCount() == 0) {
      hasSettled.accept(this);
    }
    settled.addSequences(sequence);
  }

  /** Tells the shard what was settled in this turn. */
  void sendSettled() {
    send(
        RouterToStoreFrame.newBuilder().setSettled(settled).build(),
        FrameSize.SMALL_BYTES + Long.BYTES * settled.getSequencesCount());
    settled.clearSequences();
  }

  /** Sends a request; if it wants an answer, it is kept until there is one. */
  void request(GatewayPeer gateway, ShardRequest request, long ownCorrelation, int bytes) {
    if (request.getCorrelation() == 0) {
      send(RouterToStoreFrame.newBuilder().setRequest(request).build(), bytes);
      return;
    }
    RouterToStoreFrame frame =
        RouterToStoreFrame.newBuilder()
            .setRequest(request.toBuilder().setCorrelation(ownCorrelation))
            .build();
    requests.put(
        ownCorrelation, new UnansweredRequest(gateway, request.getCorrelation(), frame, bytes));
    send(frame, bytes);
  }

  /**
   * Whether a failure is the farewell of a store that led the shard, for a request that its next
   * leader gets, or has got: nothing that the gateway needs to know.
   */
  boolean isLeftTo(StorePeer store, ShardReply failure) {
    return switch (failure.getFailure().getReason()) {
      case REASON_NOT_LEADER, REASON_UNAVAILABLE ->
          leader != store && requests.containsKey(failure.getCorrelation());
      case REASON_UNSPECIFIED,
          REASON_NOT_OWNER,
          REASON_QUOTA_EXCEEDED,
          REASON_INVALID,
          UNRECOGNIZED ->
          false;
    };
  }

  /** The request that an answer belongs to; nothing if it had its answer before. */
  @Nullable UnansweredRequest answered(long ownCorrelation) {
    return requests.remove(ownCorrelation);
  }

  /** Nobody waits for these answers to this gateway any more; it asks again elsewhere. */
  void forget(GatewayPeer gateway, LongPredicate correlations) {
    requests
        .values()
        .removeIf(
            request -> request.gateway() == gateway && correlations.test(request.correlation()));
  }
}
