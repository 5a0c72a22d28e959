package io.vmqtt.cluster.wire;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.link.LinkClient;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkListener;
import io.vmqtt.cluster.link.LinkMetrics;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.proto.routing.v1.GatewayToRouter;
import io.vmqtt.proto.routing.v1.RouterToGateway;
import io.vmqtt.proto.routing.v1.RoutingGrpc;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One process that others may list or not, and the link to it. */
class NeighboursTest {
  private static final Node NODE =
      new Node("neighbour", Role.ROUTING_SERVICE, "in-process", 1, 0, "t", Map.of());

  /** Several times as long as it takes to let go of somebody. */
  private static final Duration A_WHILE = Duration.ofSeconds(2);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final LinkMetrics metrics = new LinkMetrics(new SimpleMeterRegistry(), "test");
  private final List<ManagedChannel> channels = new CopyOnWriteArrayList<>();
  private final AtomicInteger links = new AtomicInteger();
  private final Neighbours neighbours = new Neighbours(this::channel, timer, this::connect);
  private Server server;

  @BeforeEach
  void serve() throws IOException {
    RoutingGrpc.RoutingImplBase service =
        new RoutingGrpc.RoutingImplBase() {
          @Override
          public StreamObserver<GatewayToRouter> connect(
              StreamObserver<RouterToGateway> responses) {
            return ends("neighbour")
                .accept(
                    responses,
                    LinkFormat.ROUTER_TO_GATEWAY,
                    LinkFormat.GATEWAY_TO_ROUTER,
                    new Counting<>(new AtomicInteger()),
                    metrics);
          }
        };
    server =
        InProcessServerBuilder.forName(NODE.id())
            .directExecutor()
            .addService(service)
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    neighbours.close();
    server.shutdownNow();
    timer.shutdownNow();
  }

  @Test
  void discovered_nobodyAnyMore_whoHasALiveLinkIsKept() {
    neighbours.discovered(Set.of(NODE));
    await().until(() -> links.get() == 1);

    neighbours.discovered(Set.of());

    await().during(A_WHILE).atMost(A_WHILE.multipliedBy(2)).until(() -> links.get() == 1);
    neighbours.discovered(Set.of(NODE));
    assertEquals(1, channels.size(), "the same link goes on");
  }

  @Test
  void discovered_nobodyAnyMoreAndTheLinkEnds_letGo() {
    neighbours.discovered(Set.of(NODE));
    await().until(() -> links.get() == 1);
    neighbours.discovered(Set.of());

    server.shutdownNow();

    await().until(() -> channels.getFirst().isShutdown());
    assertEquals(0, links.get());
  }

  @Test
  void linkEnds_stillListed_comesUpAgain() throws IOException {
    neighbours.discovered(Set.of(NODE));
    await().until(() -> links.get() == 1);

    server.shutdownNow();
    await().until(() -> links.get() == 0);
    serve();

    await().until(() -> links.get() == 1);
    assertFalse(channels.getFirst().isShutdown());
  }

  private ManagedChannel channel(Node node) {
    ManagedChannel channel = Channels.IN_PROCESS.to(node);
    channels.add(channel);
    return channel;
  }

  private LinkClient connect(Node node, ManagedChannel channel) {
    return ends("self")
        .connect(
            node.id(),
            channel,
            RoutingGrpc.getConnectMethod(),
            LinkFormat.GATEWAY_TO_ROUTER,
            LinkFormat.ROUTER_TO_GATEWAY,
            new Counting<>(links),
            metrics);
  }

  private LinkEnds ends(String self) {
    return new LinkEnds(new Peer(self, 1, "t"), LinkOptions.IN_PROCESS, timer);
  }

  /** Counts the links that are up. */
  private record Counting<O, I>(AtomicInteger links) implements LinkListener<O, I> {
    @Override
    public void up(Link<O> link) {
      links.incrementAndGet();
    }

    @Override
    public void receive(Link<O> link, List<I> frames, Runnable processed) {
      processed.run();
    }

    @Override
    public void down(Link<O> link) {
      links.decrementAndGet();
    }
  }
}
