package io.vmqtt.gateway;

import static org.awaitility.Awaitility.await;

import io.grpc.Server;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.gateway.codec.EncodedPublish;
import io.vmqtt.gateway.config.AccessMethods;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.LogConfig;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.link.Gateway;
import io.vmqtt.gateway.link.Lane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A gateway with one lane, whose loop the test runs, and routers that the test plays. */
public final class GatewayHarness implements AutoCloseable {
  public static final long PROCESS = 4711;
  public static final int SHARDS = 4;
  public static final Limits LIMITS = new Limits(10, 10, 100, 1 << 20, 5, 0, 100_000);
  public static final int CLIENT_MEMORY_BYTES = 400_000;
  private static final AtomicInteger lastNumber = new AtomicInteger();

  public final EmbeddedDiscovery discovery = new EmbeddedDiscovery();
  public final EmbeddedClusterFacts facts = new EmbeddedClusterFacts();
  public final ManualLoop loop = new ManualLoop();
  public final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Deque<Runnable> opened = new ArrayDeque<>();
  private final Gateway gateway;

  /** A gateway that finds no router yet. */
  public GatewayHarness() {
    facts
        .of(ShardMapFact.SHARD_MAP)
        .create(new ShardMap(1, 1, Collections.nCopies(SHARDS, List.of("store"))));
    gateway =
        new Gateway(
            new GatewayConfig(
                "localhost",
                0,
                1,
                LIMITS,
                100,
                100,
                1 << 20,
                CLIENT_MEMORY_BYTES,
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                LogConfig.NONE,
                AccessMethods.NONE,
                List.of()),
            discovery,
            facts,
            Channels.IN_PROCESS,
            ends(new Peer("gateway", PROCESS, "t")),
            registry,
            List.of(loop),
            EncodedPublish.encoder());
  }

  /** Ends of links, for whoever plays a part. */
  public LinkEnds ends(Peer self) {
    return new LinkEnds(self, LinkOptions.IN_PROCESS, timer);
  }

  /** A router that the gateway finds and links itself to. */
  public FakeRouter router() {
    String id = "fake-router-" + lastNumber.incrementAndGet();
    FakeRouter router = new FakeRouter(ends(new Peer(id, 7, "t")));
    serve(id, router);
    Registration registered =
        discovery.register(new Node(id, Role.ROUTING_SERVICE, "localhost", 1, 0, "t", Map.of()));
    opened.push(registered::close);
    runUntil(() -> router.isLinked() && lane().isAvailable());
    return router;
  }

  private void serve(String name, FakeRouter router) {
    try {
      Server server =
          InProcessServerBuilder.forName(name).directExecutor().addService(router).build().start();
      opened.push(server::shutdownNow);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Lane lane() {
    return gateway.lanes().getFirst();
  }

  public Gateway gateway() {
    return gateway;
  }

  /** Runs the loop, on the thread of the test, until this is so. */
  public void runUntil(BooleanSupplier condition) {
    await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              loop.runAll();
              return condition.getAsBoolean();
            });
  }

  @Override
  public void close() {
    gateway.close();
    loop.runAll();
    opened.forEach(Runnable::run);
    discovery.close();
    facts.close();
    timer.shutdownNow();
  }
}
