package io.vmqtt.gateway.link;

import io.grpc.ManagedChannel;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.link.LinkClient;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkFigures;
import io.vmqtt.cluster.link.LinkMetrics;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.cluster.node.Version;
import io.vmqtt.cluster.placement.HashRing;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.cluster.wire.LinkFormat;
import io.vmqtt.cluster.wire.Neighbours;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.gateway.local.LocalSubscriptions;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.gateway.quota.NamespaceUses;
import io.vmqtt.gateway.trace.Traces;
import io.vmqtt.model.Message;
import io.vmqtt.proto.routing.v1.RouterState;
import io.vmqtt.proto.routing.v1.RoutingGrpc;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the lanes of a gateway share: links to every router, the ring of those that are ready, and
 * the subscriptions of transient sessions.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Gateway.class);
  private static final String BROKER = "$SYS/broker/";

  private final AtomicLong connectionCounter = new AtomicLong();
  private final LinkEnds ends;
  private final Neighbours routers;
  private final GatewayMetrics metrics;
  private final ClientMemory memory;
  private final NamespaceUses namespaces;
  private final LinkMetrics linkMetrics;
  private final LocalSubscriptions localSubscriptions;
  private final RecentKeys recentKeys = new RecentKeys();
  private final Traces traces;
  private final RouteAnnouncer announcer;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<RouterPeer> up = new CopyOnWriteArrayList<>();
  private final List<Lane> lanes = new ArrayList<>();
  private final SystemTopics system;
  private final ClusterTopics ofCluster;
  private final List<Registration> watches = new ArrayList<>();
  private final ScheduledFuture<?> clockwork;

  /** Null: nobody is told figures. */
  private volatile @Nullable ScheduledFuture<?> figuresTold;

  private @Nullable SystemFigures figures;

  private volatile int shardCount;
  private volatile boolean hasRouter;

  /**
   * A gateway that looks for its routers from now on.
   *
   * @param loops the event loops, one lane each
   * @param encoder makes messages ready for clients
   */
  public Gateway(
      GatewayConfig config,
      Discovery discovery,
      ClusterFacts facts,
      Channels channels,
      LinkEnds ends,
      MeterRegistry registry,
      List<? extends Executor> loops,
      Function<Message, Outgoing> encoder) {
    this.ends = ends.withRoomFor(loops.size(), config.maxUnansweredBytes());
    this.routers = new Neighbours(channels, ends.timer(), this::connect);
    this.localSubscriptions = new LocalSubscriptions(ends.dice().nextLong());
    this.traces = new Traces(ends.self().nodeId(), InstantSource.system());
    this.system = new SystemTopics(localSubscriptions, lanes, ends.nanoClock(), registry);
    this.memory = new ClientMemory(config.clientMemoryBytes(), loops.size());
    this.metrics = new GatewayMetrics(registry);
    Gauge.builder("vmqtt.gateway.waiting.bytes", memory, ClientMemory::usedBytes)
        .description(
            "what is held for clients: towards them in queues, pages and sockets; from them in"
                + " part, or without an answer")
        .register(registry);
    Gauge.builder("vmqtt.gateway.traces", traces, all -> all.active().size())
        .description("traces that clients are written down for")
        .register(registry);
    this.namespaces = new NamespaceUses(ends.nanoClock(), new NamespaceMeters(registry));
    this.linkMetrics = new LinkMetrics(registry, "gateway-router");
    this.announcer = new RouteAnnouncer(config.failureDetection().toNanos(), ends.nanoClock());
    for (int i = 0; i < loops.size(); i++) {
      lanes.add(new Lane(i, loops.get(i), this, config.maxUnansweredBytes(), encoder));
    }
    watches.add(facts.of(ShardMapFact.SHARD_MAP).watch(map -> shardCount = map.shardCount()));
    watches.add(facts.of(NamespacesFact.NAMESPACES).watch(namespaces::facts));
    watches.add(discovery.watch(Role.ROUTING_SERVICE, this::discovered));
    watches.add(discovery.watch(Role.EDGE_GATEWAY, nodes -> namespaces.gateways(nodes.size())));
    ofCluster = new ClusterTopics(discovery, facts, system, InstantSource.system());
    long periodMillis = Math.max(100, config.failureDetection().toMillis() / Publisher.LOOKS);
    clockwork =
        ends.timer()
            .scheduleWithFixedDelay(this::look, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
  }

  /** Its links that are up. */
  public List<LinkFigures> links() {
    return linkMetrics.figures();
  }

  /** One per event loop, in their order. */
  public List<Lane> lanes() {
    return List.copyOf(lanes);
  }

  public GatewayMetrics metrics() {
    return metrics;
  }

  /** What is written down of clients. */
  public Traces traces() {
    return traces;
  }

  /** What the namespaces use of this gateway. */
  public NamespaceUses namespaces() {
    return namespaces;
  }

  /** What it says under {@code $SYS}. */
  public SystemTopics system() {
    return system;
  }

  /**
   * Has it tell its figures under {@code $SYS/broker} every so often.
   *
   * @param connections how many clients are connected
   */
  public synchronized void tellFigures(Duration interval, IntSupplier connections) {
    ScheduledFuture<?> before = figuresTold;
    if (before != null) {
      before.cancel(false);
    }
    SystemFigures all = figures == null ? newFigures(connections) : figures;
    figures = all;
    figuresTold =
        interval.isPositive()
            ? ends.timer()
                .scheduleWithFixedDelay(
                    () -> tell(all), 0, interval.toMillis(), TimeUnit.MILLISECONDS)
            : null;
  }

  /** One at a time, also where another interval has begun meanwhile. */
  private void tell(SystemFigures all) {
    synchronized (all) {
      system.tell(BROKER, all.look(ends.nanoClock().getAsLong()));
    }
  }

  private SystemFigures newFigures(IntSupplier connections) {
    return new SystemFigures(Version.current(), ends.nanoClock().getAsLong())
        .connected(connections::getAsInt)
        .gauge("subscriptions/count", localSubscriptions::size)
        .counter("publish/messages/received", "publish/received", metrics.published::count)
        .counter(
            "publish/messages/sent",
            "publish/sent",
            () -> metrics.delivered.count() + metrics.pushed.count())
        .counter("publish/messages/dropped", "publish/dropped", metrics.shed::count);
  }

  Receipts newReceipts() {
    return new Receipts(memory, ends.timer());
  }

  /** What waits towards clients. */
  ClientMemory memory() {
    return memory;
  }

  /** True while clients can be served. */
  public boolean isReady() {
    return hasRouter && shardCount > 0;
  }

  long process() {
    return ends.self().process();
  }

  /** Counts connections over all lanes: a shard must see which of two is the newer. */
  AtomicLong connectionCounter() {
    return connectionCounter;
  }

  int shardCount() {
    return shardCount;
  }

  LocalSubscriptions localSubscriptions() {
    return localSubscriptions;
  }

  RecentKeys recentKeys() {
    return recentKeys;
  }

  RouteAnnouncer announcer() {
    return announcer;
  }

  /** Time goes by, for a lane. */
  void lookAtRouters(int lane) {
    for (RouterPeer router : up) {
      router.look(lane);
    }
  }

  /** Sends what a lane has gathered for routers. */
  void flush(int lane) {
    for (RouterPeer router : up) {
      router.flush(lane);
    }
  }

  void routerUp(RouterPeer router) {
    up.add(router);
    announcer.linkUp(router.nodeId, router.link);
  }

  /**
   * A router says how it is. If it may have passed messages by transient sessions, they end, as
   * with a broken network: their clients know then, and subscribe anew.
   */
  void routerState(RouterPeer router, RouterState state) {
    if (announcer.mayHavePassedBy(router.nodeId, state.getReady(), state.getContinued())) {
      log.warn(
          "router {} was out of reach and may have missed subscriptions: transient sessions end",
          router.nodeId);
      lanes.forEach(lane -> lane.execute(lane::endSubscribers));
    }
    router.setState(state.getReady(), state.getShardsOutOfReach());
    ringChanged();
  }

  void routerDown(RouterPeer router) {
    router.down();
    up.remove(router);
    announcer.linkDown(router.nodeId, router.link);
    ringChanged();
  }

  /** What time brings about. */
  private void look() {
    announcer.releaseWaiting();
    lock.lock();
    try {
      List<RouterPeer> usable = usable();
      int fewest = usable.stream().mapToInt(RouterPeer::shardsOutOfReach).min().orElse(0);
      boolean changed = false;
      for (RouterPeer router : usable) {
        if (router.compare(fewest)) {
          changed = true;
          log.info(
              "router {} is {}: {} shards are out of its reach, of the best one's {}",
              router.nodeId,
              router.isPassedOver() ? "passed over" : "used again",
              router.shardsOutOfReach(),
              fewest);
        }
      }
      if (changed) {
        ringChanged();
      }
    } finally {
      lock.unlock();
    }
    lanes.forEach(lane -> lane.execute(lane::look));
  }

  private List<RouterPeer> usable() {
    return up.stream().filter(RouterPeer::isUsable).toList();
  }

  /** The set of routers to use may have changed: without those passed over, if there are others. */
  void ringChanged() {
    lock.lock();
    try {
      List<RouterPeer> usable = usable();
      List<RouterPeer> best = usable.stream().filter(router -> !router.isPassedOver()).toList();
      Map<String, RouterPeer> chosen = new HashMap<>();
      (best.isEmpty() ? usable : best).forEach(router -> chosen.put(router.nodeId, router));
      HashRing<RouterPeer> ring = HashRing.of(chosen.values(), router -> router.nodeId);
      hasRouter = !chosen.isEmpty();
      lanes.forEach(lane -> lane.execute(() -> lane.ringChanged(ring)));
    } finally {
      lock.unlock();
    }
  }

  void relieveLanes() {
    lanes.forEach(lane -> lane.execute(lane::relieve));
  }

  private void discovered(Set<Node> nodes) {
    announcer.discovered(nodes.stream().map(Node::id).collect(Collectors.toSet()));
    routers.discovered(nodes);
  }

  private LinkClient connect(Node node, ManagedChannel channel) {
    return ends.connect(
        "router " + node.id(),
        channel,
        RoutingGrpc.getConnectMethod(),
        LinkFormat.GATEWAY_TO_ROUTER,
        LinkFormat.ROUTER_TO_GATEWAY,
        new RouterListener(this),
        linkMetrics);
  }

  @Override
  public void close() {
    clockwork.cancel(false);
    ofCluster.close();
    ScheduledFuture<?> told = figuresTold;
    if (told != null) {
      told.cancel(false);
    }
    watches.forEach(Registration::close);
    routers.close();
  }
}
