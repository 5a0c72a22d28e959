package io.vmqtt.router.link;

import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.placement.Shards;
import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.proto.message.v1.PublishRefusal;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.Moved;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouteChange;
import io.vmqtt.proto.routing.v1.RouteUpdate;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.routing.v1.RouterState;
import io.vmqtt.proto.routing.v1.ShardOnline;
import io.vmqtt.proto.session.v1.Delivery;
import io.vmqtt.proto.session.v1.Disconnect;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.store.v1.LinkedGateways;
import io.vmqtt.proto.store.v1.PublishesCommitted;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.RoutesApplied;
import io.vmqtt.proto.store.v1.ShardRoom;
import io.vmqtt.proto.store.v1.ShardRoutes;
import io.vmqtt.proto.store.v1.ShardState;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.router.config.RouterConfig;
import io.vmqtt.router.publish.MemoryForPublishes;
import io.vmqtt.router.routes.Origin;
import io.vmqtt.router.routes.RouteKey;
import io.vmqtt.router.routes.RouteTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The router proper: what it does with every frame. Soft state only: gateways and shards announce
 * themselves and their routes, and whatever is under way is known to its sender too. Confined to
 * the router's thread; the caller ends each turn with {@link #endTurn}.
 */
final class Router {
  private static final Logger log = LoggerFactory.getLogger(Router.class);

  /** A correlation has the shard in its lowest bits, and there are at most 1,024 shards. */
  private static final int SHARD_BITS = 10;

  private static final long SHARD_MASK = (1 << SHARD_BITS) - 1;

  /** How often it looks, in the time of failure detection, which shards have no leader. */
  static final int LOOKS = 4;

  /** A shard that has none so often in a row is out of reach. */
  static final int PATIENCE = 2;

  private final RouterConfig config;
  private final RouterMetrics metrics;
  private final RouteTable<Destination> routes;
  private final Map<Long, GatewayPeer> gateways = new HashMap<>();
  private final Set<StorePeer> stores = new LinkedHashSet<>();
  private final List<ShardPeer> shards = new ArrayList<>();
  private final List<Outbox<?>> dirty = new ArrayList<>();
  private final List<GatewayPeer> withResults = new ArrayList<>();
  private final List<ShardPeer> withSettled = new ArrayList<>();
  private final MemoryForPublishes memory;
  private final Dispatcher dispatcher;

  /** Gateways whose routes it must have before it is ready; null until discovery has spoken. */
  private @Nullable Set<Long> awaitedGateways;

  private boolean replicated;
  private long lastCorrelation;
  private boolean ready;
  private int shardsOutOfReach;

  /**
   * @param hashSeed of the route table
   */
  Router(RouterConfig config, long hashSeed, RouterMetrics metrics) {
    this.routes = new RouteTable<>(hashSeed);
    this.config = config;
    this.metrics = metrics;
    this.memory = new MemoryForPublishes(config.undeliveredMemoryBytes());
    this.dispatcher =
        new Dispatcher(
            routes,
            shards,
            topic -> Shards.shardOf(topic, shards.size()),
            config.maxUndeliveredBytes(),
            memory,
            metrics);
  }

  <F> Outbox<F> newOutbox() {
    return new Outbox<>(dirty);
  }

  boolean isReady() {
    return ready;
  }

  int routeCount() {
    return routes.size();
  }

  RouteTable<Destination> routes() {
    return routes;
  }

  /** Everybody who has routes. */
  List<Destination> origins() {
    List<Destination> all = new ArrayList<>(gateways.values());
    all.addAll(shards);
    return all;
  }

  /** Whether so much waits that no more may. */
  boolean isFull() {
    return memory.isFull();
  }

  /** As {@link Dispatcher#unsureShards}. */
  List<Integer> unsureShards() {
    return dispatcher.unsureShards();
  }

  /** What the publishes take that wait for destinations. */
  long undeliveredBytes() {
    return memory.bytes();
  }

  /** How many shards are out of reach. */
  int shardsOutOfReach() {
    return shardsOutOfReach;
  }

  /**
   * The number of shards is known; it never changes.
   *
   * @param nowReplicated whether another replica may take over from one that is away
   */
  void shards(int count, boolean nowReplicated) {
    replicated = nowReplicated;
    while (shards.size() < count) {
      shards.add(new ShardPeer(shards.size(), config.maxUndeliveredBytes(), withSettled::add));
    }
    updateReady();
  }

  /** The gateways that discovery knows: this router is not ready before it has their routes. */
  void gatewaysDiscovered(Set<Long> processes) {
    if (!ready) {
      awaitedGateways = processes;
      updateReady();
    }
  }

  /** Sends what the turn has produced. */
  void endTurn() {
    for (GatewayPeer gateway : withResults) {
      gateway.sendResults();
    }
    withResults.clear();
    withSettled.forEach(ShardPeer::sendSettled);
    withSettled.clear();
    for (int i = 0; i < dirty.size(); i++) {
      dirty.get(i).flush();
    }
    dirty.clear();
  }

  // --- gateways ---

  GatewayPeer gatewayUp(Link<RouterFrame> link) {
    long process = link.peer().process();
    GatewayPeer gateway =
        gateways.computeIfAbsent(
            process,
            number ->
                new GatewayPeer(
                    link.peer().nodeId(),
                    number,
                    newOutbox(),
                    config.maxUndeliveredBytes(),
                    withResults::add));
    gateway.links++;
    gateway.outbox.use(link);
    sendState(gateway);
    dispatcher.resend(gateway);
    tellLinkedGateways();
    return gateway;
  }

  /** The link broke. Whoever holds the gateway for dead later says so with the same count. */
  int gatewayDown(GatewayPeer gateway, Link<RouterFrame> link) {
    if (gateway.outbox.uses(link)) {
      gateway.links++;
      gateway.outbox.use(null);
      shards.forEach(shard -> shard.forget(gateway, every -> true));
      tellLinkedGateways();
    }
    return gateway.links;
  }

  /** The gateway did not come back in time: its transient sessions are no more. */
  void gatewayLost(GatewayPeer gateway, int linksThen) {
    if (gateway.outbox.isUp() || gateway.links != linksThen) {
      return;
    }
    log.info("gateway {} did not come back, its routes go", gateway.nodeId);
    gateways.remove(gateway.process);
    routes.clear(gateway.origin());
    dispatcher.handOn(gateway);
    gateway.undelivered.abandon();
    updateReady();
  }

  void fromGateway(GatewayPeer gateway, List<GatewayFrame> frames) {
    dropSilentStores();
    for (int i = 0; i < frames.size(); i++) {
      GatewayFrame frame = frames.get(i);
      switch (frame.getFrameCase()) {
        case PUBLISH -> publish(gateway, frame.getPublish());
        case RECEIVED_THROUGH -> gateway.undelivered.arrived(frame.getReceivedThrough(), Map.of());
        case ROUTES -> routesOfGateway(gateway, frame.getRoutes());
        case REQUEST -> request(gateway, frame.getRequest());
        case MOVED -> moved(gateway, frame.getMoved());
        case HANDS_EMPTY ->
            frame.getHandsEmpty().getSequencesList().forEach(gateway.inHand::remove);
        case FRAME_NOT_SET -> log.warn("gateway {} sent a frame unknown here", gateway.nodeId);
      }
    }
  }

  private void publish(GatewayPeer gateway, Publish publish) {
    if (publish.getLeft()) {
      dispatcher.dispatchLeft(gateway, gateway.origin(), publish);
    } else {
      dispatcher.dispatch(gateway, publish);
    }
  }

  private void routesOfGateway(GatewayPeer gateway, RouteUpdate update) {
    apply(gateway.origin(), update);
    if (!update.getPartial()) {
      gateway.inSync = true;
      gateway.outbox.add(
          RouterFrame.newBuilder().setRoutesApplied(update.getVersion()).build(),
          FrameSize.SMALL_BYTES);
      updateReady();
    }
  }

  private void request(GatewayPeer gateway, ShardRequest request) {
    metrics.requests.increment();
    if (request.getShard() >= shards.size()) {
      reply(
          gateway,
          ShardReply.newBuilder()
              .setCorrelation(request.getCorrelation())
              .setFailure(
                  Failure.newBuilder()
                      .setReason(Failure.Reason.REASON_INVALID)
                      .setDetail("there is no shard " + request.getShard()))
              .build(),
          FrameSize.SMALL_BYTES);
      return;
    }
    int bytes = FrameSize.SMALL_BYTES + request.getSerializedSize();
    long correlation = ++lastCorrelation << SHARD_BITS | request.getShard();
    shards.get(request.getShard()).request(gateway, request, correlation, bytes);
  }

  private void moved(GatewayPeer gateway, Moved moved) {
    Set<Long> requests = new HashSet<>(moved.getRequestsList());
    Set<Long> publishes = new HashSet<>(moved.getPublishesList());
    for (ShardPeer shard : shards) {
      shard.forget(gateway, requests::contains);
      if (!shard.isReachable()) {
        shard.undelivered.forget(one -> one.isOf(gateway, publishes::contains));
      }
    }
  }

  private void reply(GatewayPeer gateway, ShardReply reply, int bytes) {
    gateway.outbox.add(RouterFrame.newBuilder().setReply(reply).build(), bytes);
  }

  // --- stores ---

  StorePeer storeUp(Link<RouterToStoreFrame> link) {
    StorePeer store = new StorePeer(link.peer().nodeId(), newOutbox());
    store.outbox.use(link);
    stores.add(store);
    tellLinkedGateways(store);
    return store;
  }

  void storeDown(StorePeer store) {
    store.outbox.use(null);
    stores.remove(store);
    shards.stream().filter(shard -> shard.isLedBy(store)).forEach(this::lostLeader);
  }

  /**
   * A store that has not heard this router for too long gives SUBACK without it: before publishes
   * are matched, the routes that it announced must be known for what they are. The link's own end
   * may come too late for that, after a sleep of this process for one.
   */
  private void dropSilentStores() {
    for (StorePeer store : List.copyOf(stores)) {
      if (!store.outbox.isLive()) {
        store.outbox.close("no answer to this router for too long");
        storeDown(store);
      }
    }
  }

  /** A gateway with a link lives, whatever others think of it. */
  private void tellLinkedGateways() {
    stores.forEach(this::tellLinkedGateways);
  }

  private void tellLinkedGateways(StorePeer store) {
    LinkedGateways.Builder linked = LinkedGateways.newBuilder();
    for (GatewayPeer gateway : gateways.values()) {
      if (gateway.outbox.isUp()) {
        linked.addProcesses(gateway.process);
      }
    }
    store.outbox.add(
        RouterToStoreFrame.newBuilder().setGateways(linked).build(),
        FrameSize.SMALL_BYTES + Long.BYTES * linked.getProcessesCount());
  }

  void fromStore(StorePeer store, List<StoreToRouterFrame> frames) {
    dropSilentStores();
    for (int i = 0; i < frames.size() && store.outbox.isUp(); i++) {
      StoreToRouterFrame frame = frames.get(i);
      switch (frame.getFrameCase()) {
        case COMMITTED -> committed(frame.getCommitted());
        case REPLY -> answered(store, frame.getReply());
        case ROUTES -> routesOfShard(store, frame.getRoutes());
        case DELIVERY -> deliver(frame.getDelivery());
        case DISCONNECT -> disconnect(frame.getDisconnect());
        case PUBLISH -> publish(store, frame.getPublish());
        case STATE -> shardState(store, frame.getState());
        case ROOM -> room(store, frame.getRoom());
        case FRAME_NOT_SET -> log.warn("store {} sent a frame unknown here", store.nodeId);
      }
    }
  }

  /** Without all routes it would reach too few: the shard sends it again, to another router. */
  private void publish(StorePeer store, Publish publish) {
    if (!ready) {
      return;
    }
    if (publish.getLeft()) {
      dispatcher.dispatchLeft(store, null, publish);
    } else {
      dispatcher.dispatch(store, publish);
    }
  }

  private void committed(PublishesCommitted committed) {
    Map<Long, Integer> refused = Map.of();
    if (committed.getRefusedCount() > 0) {
      refused = new HashMap<>();
      for (PublishRefusal refusal : committed.getRefusedList()) {
        refused.put(refusal.getSequence(), refusal.getReasonCode());
      }
    }
    Set<Long> settled =
        committed.getSettledCount() == 0 ? Set.of() : Set.copyOf(committed.getSettledList());
    shards.get(committed.getShard()).undelivered.arrived(committed.getThrough(), refused, settled);
  }

  private void answered(StorePeer store, ShardReply reply) {
    ShardPeer shard = shards.get((int) (reply.getCorrelation() & SHARD_MASK));
    if (reply.hasFailure() && shard.isLeftTo(store, reply)) {
      return;
    }
    ShardPeer.UnansweredRequest request = shard.answered(reply.getCorrelation());
    if (request != null) {
      ShardReply toGateway = reply.toBuilder().setCorrelation(request.correlation()).build();
      int bytes =
          reply.hasRetainedPage()
              ? FrameSize.SMALL_BYTES + reply.getSerializedSize()
              : FrameSize.SMALL_BYTES;
      reply(request.gateway(), toGateway, bytes);
    }
  }

  private void routesOfShard(StorePeer store, ShardRoutes shardRoutes) {
    ShardPeer shard = shards.get(shardRoutes.getShard());
    if (!shard.isLedBy(store)) {
      return; // a leader of old that does not know it yet: its routes are old, too
    }
    RouteUpdate update = shardRoutes.getUpdate();
    apply(shard.origin(), update);
    if (!update.getPartial()) {
      shard.wasInSync = true;
      dispatcher.setInSync(shard, true);
      store.outbox.add(
          RouterToStoreFrame.newBuilder()
              .setRoutesApplied(
                  RoutesApplied.newBuilder().setShard(shard.shard).setVersion(update.getVersion()))
              .build(),
          FrameSize.SMALL_BYTES);
      updateReady();
    }
  }

  private void deliver(Delivery delivery) {
    GatewayPeer gateway = gateways.get(delivery.getGateway());
    if (gateway != null) {
      metrics.deliveries.increment();
      int bytes = FrameSize.of(delivery.getMessage()) + 24 * delivery.getTargetsCount();
      gateway.outbox.add(RouterFrame.newBuilder().setDelivery(delivery).build(), bytes);
    }
  }

  private void disconnect(Disconnect disconnect) {
    GatewayPeer gateway = gateways.get(disconnect.getGateway());
    if (gateway != null) {
      gateway.outbox.add(
          RouterFrame.newBuilder().setDisconnect(disconnect).build(), FrameSize.SMALL_BYTES);
    }
  }

  private void shardState(StorePeer store, ShardState state) {
    if (state.getShard() >= shards.size()) {
      log.warn("store {} speaks of shard {}, which is unknown", store.nodeId, state.getShard());
      return;
    }
    ShardPeer shard = shards.get(state.getShard());
    if (!state.getLeader()) {
      if (shard.isLedBy(store)) {
        lostLeader(shard);
      }
    } else if (shard.follow(store, state)) {
      dispatcher.setInSync(shard, false);
      log.info("shard {} is led by {}", state.getShard(), store.nodeId);
      RouterFrame online =
          RouterFrame.newBuilder()
              .setShardOnline(ShardOnline.newBuilder().setShard(state.getShard()))
              .build();
      gateways.values().forEach(gateway -> gateway.outbox.add(online, FrameSize.SMALL_BYTES));
    }
  }

  private void room(StorePeer store, ShardRoom room) {
    ShardPeer shard = shards.get(room.getShard());
    if (shard.isLedBy(store)) {
      shard.hasRoom = room.getEnough();
    }
  }

  /**
   * The next leader may take subscriptions before this router hears of it. Where there is no other
   * replica, publishes for others must not wait for this one: it is taken for dead, and not for one
   * that only this router does not reach.
   */
  private void lostLeader(ShardPeer shard) {
    shard.lostLeader();
    if (replicated) {
      dispatcher.setInSync(shard, false);
    }
  }

  /**
   * Tells gateways how many shards it cannot serve: a link to a leader may be cut that other
   * routers have. To be called {@link #LOOKS} times in the time of failure detection.
   */
  void lookForLeaders() {
    int missing = 0;
    for (ShardPeer shard : shards) {
      missing += shard.isOutOfReach(PATIENCE) ? 1 : 0;
    }
    if (missing != shardsOutOfReach) {
      shardsOutOfReach = missing;
      log.info("{} of {} shards are out of reach", missing, shards.size());
      gateways.values().forEach(this::sendState);
    }
  }

  // --- routes and readiness ---

  private void apply(Origin<Destination> origin, RouteUpdate update) {
    if (update.getReset()) {
      routes.beginSnapshot(origin);
    }
    for (RouteChange change : update.getChangesList()) {
      routes.update(
          origin,
          new RouteKey(change.getFilter(), change.getShareGroup()),
          change.getMembers(),
          change.getFull());
    }
    if (!update.getPartial()) {
      routes.endSnapshot(origin);
    }
  }

  private void updateReady() {
    Set<Long> awaited = awaitedGateways;
    if (ready || shards.isEmpty() || awaited == null) {
      return;
    }
    Set<Long> missing = new HashSet<>(awaited);
    missing.removeIf(
        process -> {
          GatewayPeer gateway = gateways.get(process);
          return gateway != null && gateway.inSync;
        });
    if (missing.isEmpty() && shards.stream().allMatch(shard -> shard.wasInSync)) {
      ready = true;
      log.info("in sync with {} shards, ready for gateways", shards.size());
      gateways.values().forEach(this::sendState);
    }
  }

  private void sendState(GatewayPeer gateway) {
    gateway.outbox.add(
        RouterFrame.newBuilder()
            .setState(
                RouterState.newBuilder()
                    .setReady(ready)
                    .setContinued(gateway.inSync)
                    .setShardsOutOfReach(shardsOutOfReach))
            .build(),
        FrameSize.SMALL_BYTES);
  }
}
