package io.vmqtt.router;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.link.LinkClient;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkListener;
import io.vmqtt.cluster.link.LinkMetrics;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.cluster.wire.LinkFormat;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.RouteUpdate;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.routing.v1.RoutingGrpc;
import io.vmqtt.proto.store.v1.RouterToStore;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.SessionStoreGrpc;
import io.vmqtt.proto.store.v1.ShardRoutes;
import io.vmqtt.proto.store.v1.ShardState;
import io.vmqtt.proto.store.v1.StoreToRouter;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.router.config.RouterConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** A real router among gateways and stores that a test plays, over links within the process. */
final class InProcessPeers implements AutoCloseable {
  static final String ROUTER = "router-under-test";
  private static final AtomicInteger lastNumber = new AtomicInteger();

  final EmbeddedDiscovery discovery = new EmbeddedDiscovery();
  final EmbeddedClusterFacts facts = new EmbeddedClusterFacts();
  final RouterNode router;

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final String routerName = ROUTER + lastNumber.incrementAndGet();
  private final Deque<Runnable> opened = new ArrayDeque<>();

  InProcessPeers(Duration failureDetection) {
    RouterConfig config =
        new RouterConfig(
            failureDetection,
            RouterConfig.DEFAULT.maxUndeliveredBytes(),
            RouterConfig.DEFAULT.undeliveredMemoryBytes(),
            RouterConfig.DEFAULT.maxTasks());
    router =
        new RouterNode(
            config,
            discovery,
            facts,
            Channels.IN_PROCESS,
            ends(new Peer(ROUTER, 1, "t")),
            null,
            registry);
    router.services().forEach(service -> serve(routerName, service));
  }

  private LinkEnds ends(Peer self) {
    return new LinkEnds(self, LinkOptions.IN_PROCESS, timer);
  }

  void shardMapOfOneStore(int shards, String storeId) {
    facts
        .of(ShardMapFact.SHARD_MAP)
        .create(new ShardMap(1, 1, Collections.nCopies(shards, List.of(storeId))));
  }

  /** Makes a gateway known to discovery, linked or not. */
  Registration discoverGateway(long process) {
    return discovery.register(
        node("gateway-" + process, Role.EDGE_GATEWAY, Map.of("process", String.valueOf(process))));
  }

  /** A store that leads these many shards and says so to every router. */
  TestStore store(int shards) {
    TestStore store = new TestStore("store-" + lastNumber.incrementAndGet(), shards);
    serve(store.id, store);
    Registration registered = discovery.register(node(store.id, Role.SESSION_STORE, Map.of()));
    opened.push(registered::close);
    return store;
  }

  /** A gateway that links itself to the router. */
  TestGateway gateway(long process) {
    return new TestGateway(process);
  }

  private static Node node(String id, Role role, Map<String, String> meta) {
    return new Node(id, role, "localhost", 1, 0, "t", meta);
  }

  private void serve(String name, BindableService service) {
    try {
      Server server =
          InProcessServerBuilder.forName(name).directExecutor().addService(service).build().start();
      opened.push(server::shutdownNow);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Plays a gateway. */
  final class TestGateway implements LinkListener<GatewayFrame, RouterFrame> {
    final List<Link<GatewayFrame>> ups = new CopyOnWriteArrayList<>();
    final AtomicInteger downs = new AtomicInteger();
    final Queue<RouterFrame> received = new ConcurrentLinkedQueue<>();

    /** Whether it says what it has dealt with: one that does not is sent no more than a window. */
    volatile boolean takes = true;

    private final ManagedChannel channel;
    private final LinkClient client;

    TestGateway(long process) {
      channel = Channels.IN_PROCESS.to(node(routerName, Role.ROUTING_SERVICE, Map.of()));
      client =
          ends(new Peer("gateway-" + process, process, "t"))
              .connect(
                  "router",
                  channel,
                  RoutingGrpc.getConnectMethod(),
                  LinkFormat.GATEWAY_TO_ROUTER,
                  LinkFormat.ROUTER_TO_GATEWAY,
                  this,
                  new LinkMetrics(registry, "gateway"));
      opened.push(this::close);
    }

    void send(GatewayFrame.Builder frame) {
      ups.getLast().send(frame.build(), 100);
    }

    /** Its link breaks and comes back; it takes what is sent from then on. */
    void relink() {
      takes = true;
      ups.getLast().close("broken");
    }

    boolean isUp() {
      return ups.size() > downs.get();
    }

    @Override
    public void up(Link<GatewayFrame> link) {
      ups.add(link);
    }

    @Override
    public void receive(Link<GatewayFrame> link, List<RouterFrame> frames, Runnable processed) {
      received.addAll(frames);
      if (takes) {
        processed.run();
      }
    }

    @Override
    public void down(Link<GatewayFrame> link) {
      downs.incrementAndGet();
    }

    void close() {
      client.close();
      channel.shutdownNow();
    }
  }

  /** Plays a store that leads every shard it was told of. */
  final class TestStore extends SessionStoreGrpc.SessionStoreImplBase
      implements LinkListener<StoreToRouterFrame, RouterToStoreFrame> {
    final String id;
    final Queue<RouterToStoreFrame> received = new ConcurrentLinkedQueue<>();
    final List<Link<StoreToRouterFrame>> ups = new CopyOnWriteArrayList<>();
    private final int shards;

    private TestStore(String id, int shards) {
      this.id = id;
      this.shards = shards;
    }

    @Override
    public StreamObserver<RouterToStore> connect(StreamObserver<StoreToRouter> responses) {
      return ends(new Peer(id, 3, "t"))
          .accept(
              responses,
              LinkFormat.STORE_TO_ROUTER,
              LinkFormat.ROUTER_TO_STORE,
              this,
              new LinkMetrics(registry, "store"));
    }

    @Override
    public void up(Link<StoreToRouterFrame> link) {
      for (int shard = 0; shard < shards; shard++) {
        link.send(
            StoreToRouterFrame.newBuilder()
                .setState(ShardState.newBuilder().setShard(shard).setLeader(true).setTerm(1))
                .build(),
            100);
        link.send(
            StoreToRouterFrame.newBuilder()
                .setRoutes(
                    ShardRoutes.newBuilder()
                        .setShard(shard)
                        .setUpdate(RouteUpdate.newBuilder().setVersion(1).setReset(true)))
                .build(),
            100);
      }
      ups.add(link);
    }

    @Override
    public void receive(
        Link<StoreToRouterFrame> link, List<RouterToStoreFrame> frames, Runnable processed) {
      received.addAll(frames);
      processed.run();
    }

    @Override
    public void down(Link<StoreToRouterFrame> link) {}
  }

  @Override
  public void close() {
    router.close();
    opened.forEach(Runnable::run);
    discovery.close();
    facts.close();
    timer.shutdownNow();
  }
}
