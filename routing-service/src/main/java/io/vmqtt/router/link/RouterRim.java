package io.vmqtt.router.link;

import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkFigures;
import io.vmqtt.cluster.link.LinkListener;
import io.vmqtt.cluster.link.LinkMetrics;
import io.vmqtt.cluster.loop.LentTurns;
import io.vmqtt.cluster.loop.SharedTurns;
import io.vmqtt.cluster.loop.TurnLoop;
import io.vmqtt.cluster.loop.Turns;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.cluster.wire.LinkFormat;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.GatewayToRouter;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.routing.v1.RouterToGateway;
import io.vmqtt.proto.routing.v1.RoutingGrpc;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.router.config.RouterConfig;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rim of a router: links on one side, its thread on the other. Every event of a link becomes a
 * task of the thread.
 */
public final class RouterRim implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RouterRim.class);

  private final RouterConfig config;
  private final LinkEnds ends;
  private final Router router;
  private final Turns loop;
  private final LinkMetrics gatewayMetrics;
  private final LinkMetrics storeMetrics;
  private final StoreLinks storeLinks;
  private final List<Registration> watches = new CopyOnWriteArrayList<>();
  private final AtomicBoolean watchingStores = new AtomicBoolean();
  private final ScheduledFuture<?> clockwork;
  private volatile boolean ready;
  private volatile int shardsOutOfReach;
  private volatile long undeliveredBytes;

  /**
   * Builds the router and starts to look for stores.
   *
   * @param thread what it runs on; null: a thread of its own, or in process those of who talks to
   *     it
   */
  public RouterRim(
      RouterConfig config,
      Discovery discovery,
      ClusterFacts facts,
      Channels channels,
      LinkEnds ends,
      @Nullable Executor thread,
      MeterRegistry registry) {
    this.config = config;
    this.ends = ends;
    this.router = new Router(config, ends.dice().nextLong(), new RouterMetrics(registry));
    this.loop = turns(channels, thread, registry);
    this.gatewayMetrics = new LinkMetrics(registry, "router-gateway");
    this.storeMetrics = new LinkMetrics(registry, "router-store");
    this.storeLinks = new StoreLinks(channels, ends, storeMetrics, StoreListener::new);
    watches.add(discovery.watch(Role.EDGE_GATEWAY, this::gatewaysDiscovered));
    watches.add(
        facts
            .of(ShardMapFact.SHARD_MAP)
            .watch(
                map -> {
                  boolean replicated = map.replicas().stream().anyMatch(one -> one.size() > 1);
                  loop.execute(() -> router.shards(map.shardCount(), replicated));
                  watchStores(discovery, map.shardCount());
                }));
    Gauge.builder("vmqtt.router.undelivered.bytes", this, links -> links.undeliveredBytes)
        .description("publishes of QoS 1 and 2, and retained ones, that wait for destinations")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("vmqtt.router.shards.out.of.reach", this, links -> links.shardsOutOfReach)
        .description("shards whose leader this router has not reached for a second or so")
        .register(registry);
    long periodMillis = config.failureDetection().toMillis() / Router.LOOKS;
    this.clockwork =
        ends.timer()
            .scheduleWithFixedDelay(
                () -> onLoopUnlessClosed(router::lookForLeaders),
                periodMillis,
                periodMillis,
                TimeUnit.MILLISECONDS);
  }

  private Turns turns(Channels channels, @Nullable Executor thread, MeterRegistry registry) {
    int capacity = config.maxTasks();
    if (thread != null) {
      return new SharedTurns("router", thread, capacity, this::endTurn, registry);
    }
    return channels.equals(Channels.IN_PROCESS)
        ? new LentTurns("router", capacity, this::endTurn, registry)
        : new TurnLoop("router", capacity, this::endTurn, registry);
  }

  /** Its links that are up, those to gateways first. */
  public List<LinkFigures> links() {
    return Stream.of(gatewayMetrics, storeMetrics)
        .flatMap(links -> links.figures().stream())
        .toList();
  }

  /** The gRPC service for gateways. */
  public BindableService service() {
    LinkEnds toGateways = ends.withRoomFor(1, config.maxUndeliveredBytes());
    return new RoutingGrpc.RoutingImplBase() {
      @Override
      public StreamObserver<GatewayToRouter> connect(StreamObserver<RouterToGateway> responses) {
        return toGateways.accept(
            responses,
            LinkFormat.ROUTER_TO_GATEWAY,
            LinkFormat.GATEWAY_TO_ROUTER,
            new GatewayListener(),
            gatewayMetrics);
      }
    };
  }

  /** What operators can ask of it. */
  public Answers answers() {
    return new RouterAnswers(router, loop).answers();
  }

  /** True once the route table is in sync with every origin. */
  public boolean isReady() {
    return ready;
  }

  @Override
  public void close() {
    clockwork.cancel(false);
    watches.forEach(Registration::close);
    storeLinks.close();
    loop.close();
  }

  /** Stores speak of shards as soon as they are linked: the router has to know of them by then. */
  private void watchStores(Discovery discovery, int shards) {
    if (watchingStores.compareAndSet(false, true)) {
      storeLinks.makeRoomFor(shards, config.maxUndeliveredBytes());
      watches.add(discovery.watch(Role.SESSION_STORE, storeLinks::discovered));
    }
  }

  private void endTurn() {
    router.endTurn();
    ready = router.isReady();
    shardsOutOfReach = router.shardsOutOfReach();
    undeliveredBytes = router.undeliveredBytes();
  }

  private void gatewaysDiscovered(Set<Node> nodes) {
    Set<Long> processes =
        nodes.stream()
            .map(node -> node.meta().get(Node.PROCESS))
            .filter(number -> number != null)
            .map(Long::parseUnsignedLong)
            .collect(Collectors.toSet());
    loop.execute(() -> router.gatewaysDiscovered(processes));
  }

  /**
   * Hands a link's event to the thread; a link that cannot be heard, or not be understood, is
   * closed: both sides bring each other up to date on the next one.
   */
  private void onLoop(Link<?> link, Runnable task) {
    try {
      loop.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              log.error("a batch of {} could not be handled", link.peer().nodeId(), e);
              link.close("a batch could not be handled");
            }
          });
    } catch (RejectedExecutionException e) {
      link.close(String.valueOf(e.getMessage()));
    }
  }

  private void onLoopUnlessClosed(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // A link went down because this router is closing: there is nothing left to tell.
    }
  }

  /**
   * One gateway's stream. The peer is set and used on the router's thread. What comes once another
   * stream has taken its place is not taken: the gateway has sent it again, or will.
   */
  private final class GatewayListener implements LinkListener<RouterFrame, GatewayFrame> {
    private @Nullable GatewayPeer peer;

    @Override
    public void up(Link<RouterFrame> link) {
      onLoop(link, () -> peer = router.gatewayUp(link));
    }

    @Override
    public void receive(Link<RouterFrame> link, List<GatewayFrame> frames, Runnable processed) {
      onLoop(
          link,
          () -> {
            GatewayPeer gateway = peer;
            if (gateway != null && gateway.outbox.uses(link)) {
              router.fromGateway(gateway, frames);
            }
            processed.run();
          });
    }

    @Override
    public void down(Link<RouterFrame> link) {
      onLoopUnlessClosed(
          () -> {
            GatewayPeer gateway = peer;
            if (gateway != null) {
              int links = router.gatewayDown(gateway, link);
              var _ =
                  ends.timer()
                      .schedule(
                          () -> onLoopUnlessClosed(() -> router.gatewayLost(gateway, links)),
                          config.failureDetection().toMillis(),
                          TimeUnit.MILLISECONDS);
            }
          });
    }
  }

  /** Streams to one store, one after the other. The peer is set and used on the router's thread. */
  private final class StoreListener
      implements LinkListener<RouterToStoreFrame, StoreToRouterFrame> {
    private @Nullable StorePeer peer;

    @Override
    public void up(Link<RouterToStoreFrame> link) {
      onLoop(link, () -> peer = router.storeUp(link));
    }

    @Override
    public void receive(
        Link<RouterToStoreFrame> link, List<StoreToRouterFrame> frames, Runnable processed) {
      onLoop(
          link,
          () -> {
            StorePeer store = peer;
            if (store != null && store.outbox.uses(link)) {
              router.fromStore(store, frames);
            }
            processed.run();
          });
    }

    @Override
    public void down(Link<RouterToStoreFrame> link) {
      onLoopUnlessClosed(
          () -> {
            StorePeer store = peer;
            if (store != null && store.outbox.uses(link)) {
              router.storeDown(store);
              peer = null;
            }
          });
    }
  }
}
