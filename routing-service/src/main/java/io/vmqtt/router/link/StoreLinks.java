package io.vmqtt.router.link;

import io.grpc.ManagedChannel;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.link.LinkClient;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkListener;
import io.vmqtt.cluster.link.LinkMetrics;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.cluster.wire.LinkFormat;
import io.vmqtt.cluster.wire.Neighbours;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.SessionStoreGrpc;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import java.util.Set;
import java.util.function.Supplier;

/** Keeps a link to every store. Used by the thread of discovery alone. */
final class StoreLinks implements AutoCloseable {
  private volatile LinkEnds ends;
  private final LinkMetrics metrics;
  private final Supplier<LinkListener<RouterToStoreFrame, StoreToRouterFrame>> listeners;
  private final Neighbours stores;

  StoreLinks(
      Channels channels,
      LinkEnds ends,
      LinkMetrics metrics,
      Supplier<LinkListener<RouterToStoreFrame, StoreToRouterFrame>> listeners) {
    this.ends = ends;
    this.metrics = metrics;
    this.listeners = listeners;
    this.stores = new Neighbours(channels, ends.timer(), this::connect);
  }

  /** What is undelivered to so many shards must fit on one link. Before the first is opened. */
  void makeRoomFor(int shards, long bytes) {
    ends = ends.withRoomFor(shards, bytes);
  }

  void discovered(Set<Node> nodes) {
    stores.discovered(nodes);
  }

  private LinkClient connect(Node node, ManagedChannel channel) {
    return ends.connect(
        "store " + node.id(),
        channel,
        SessionStoreGrpc.getConnectMethod(),
        LinkFormat.ROUTER_TO_STORE,
        LinkFormat.STORE_TO_ROUTER,
        listeners.get(),
        metrics);
  }

  @Override
  public void close() {
    stores.close();
  }
}
