package io.vmqtt.cluster.link;

import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.wire.LinkFormat;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.GatewayToRouter;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.routing.v1.RouterToGateway;
import io.vmqtt.proto.routing.v1.RoutingGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A gateway's end and a router's end of links, over real gRPC, both recorded. */
final class RecordedEnds implements AutoCloseable {
  private static final AtomicLong lastName = new AtomicLong();

  final RecordingListener<GatewayFrame, RouterFrame> gateway = new RecordingListener<>();
  final RecordingListener<RouterFrame, GatewayFrame> router = new RecordingListener<>();
  final LinkMetrics gatewayMetrics = new LinkMetrics(new SimpleMeterRegistry(), "gateway-router");
  final LinkMetrics routerMetrics = new LinkMetrics(new SimpleMeterRegistry(), "router-gateway");

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final String name = "link-test-" + lastName.incrementAndGet();
  private final LinkEnds gatewayEnds;
  private final LinkEnds routerEnds;
  private @Nullable Server server;
  private @Nullable ManagedChannel channel;
  private @Nullable LinkClient client;

  RecordedEnds(LinkSettings settings) {
    gatewayEnds = new LinkEnds(new Peer("gateway-1", 11, "1.0"), settings.options(), timer);
    routerEnds = new LinkEnds(new Peer("router-1", 22, "2.0"), settings.options(), timer);
  }

  /** Both ends, linked within the process. */
  static RecordedEnds linked(LinkSettings settings) {
    RecordedEnds ends = new RecordedEnds(settings);
    ends.serve();
    ends.connect();
    ends.awaitUp();
    return ends;
  }

  /** Both ends, linked over the loop-back network. */
  static RecordedEnds linkedOverNetwork(LinkSettings settings) throws IOException {
    RecordedEnds ends = new RecordedEnds(settings);
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Server started =
        NettyServerBuilder.forAddress(anyPort)
            .directExecutor()
            .addService(ends.service())
            .build()
            .start();
    ends.server = started;
    ends.connect(
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), started.getPort()))
            .usePlaintext()
            .directExecutor()
            .build());
    ends.awaitUp();
    return ends;
  }

  void serve() {
    try {
      server =
          InProcessServerBuilder.forName(name)
              .directExecutor()
              .addService(service())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void connect() {
    connect(InProcessChannelBuilder.forName(name).directExecutor().build());
  }

  private void connect(ManagedChannel to) {
    channel = to;
    client =
        gatewayEnds.connect(
            "the router",
            to,
            RoutingGrpc.getConnectMethod(),
            LinkFormat.GATEWAY_TO_ROUTER,
            LinkFormat.ROUTER_TO_GATEWAY,
            gateway,
            gatewayMetrics);
  }

  private RoutingGrpc.RoutingImplBase service() {
    return new RoutingGrpc.RoutingImplBase() {
      @Override
      public StreamObserver<GatewayToRouter> connect(StreamObserver<RouterToGateway> responses) {
        return routerEnds.accept(
            responses,
            LinkFormat.ROUTER_TO_GATEWAY,
            LinkFormat.GATEWAY_TO_ROUTER,
            router,
            routerMetrics);
      }
    };
  }

  void awaitUp() {
    await().until(() -> gateway.isUp() && router.isUp());
  }

  void awaitDown() {
    await().until(() -> !gateway.isUp() && !router.isUp());
  }

  /** Sends frames that carry these numbers, each on its own, from the gateway. */
  void sendToRouter(long... numbers) {
    for (long number : numbers) {
      gateway.link().send(toRouter(number), 10);
    }
  }

  /** The numbers that have arrived at the router. */
  List<Long> atRouter() {
    return router.frames.stream().map(GatewayFrame::getReceivedThrough).toList();
  }

  /** The numbers that have arrived at the gateway. */
  List<Long> atGateway() {
    return gateway.frames.stream().map(RouterFrame::getRoutesApplied).toList();
  }

  static GatewayFrame toRouter(long number) {
    return GatewayFrame.newBuilder().setReceivedThrough(number).build();
  }

  static RouterFrame toGateway(long number) {
    return RouterFrame.newBuilder().setRoutesApplied(number).build();
  }

  void stopServing() {
    Server running = server;
    if (running != null) {
      running.shutdownNow();
      server = null;
    }
  }

  void closeClient() {
    LinkClient open = client;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() {
    closeClient();
    stopServing();
    ManagedChannel open = channel;
    if (open != null) {
      open.shutdownNow();
    }
    timer.shutdownNow();
  }
}
