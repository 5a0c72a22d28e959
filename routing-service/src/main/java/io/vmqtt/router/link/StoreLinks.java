package io.vmqtt.router.link;

import io.grpc.ManagedChannel;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.link.LinkClient;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkListener;
import io.vmqtt.cluster.link.LinkMetrics;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.cluster.wire.LinkFormat;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.SessionStoreGrpc;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Keeps a link to every store that discovery knows. Used by the thread of discovery alone. */
final class StoreLinks implements AutoCloseable {
  private final Channels channels;
  private LinkEnds ends;
  private final LinkMetrics metrics;
  private final Supplier<LinkListener<RouterToStoreFrame, StoreToRouterFrame>> listeners;
  private final Map<Address, Connection> connections = new HashMap<>();
  private boolean closed;

  private record Address(String nodeId, String host, int port) {}

  private record Connection(ManagedChannel channel, LinkClient client) {
    void close() {
      client.close();
      channel.shutdown();
    }
  }

  StoreLinks(
      Channels channels,
      LinkEnds ends,
      LinkMetrics metrics,
      Supplier<LinkListener<RouterToStoreFrame, StoreToRouterFrame>> listeners) {
    this.channels = channels;
    this.ends = ends;
    this.metrics = metrics;
    this.listeners = listeners;
  }

  /** What is undelivered to so many shards must fit on one link. Before the first is opened. */
  synchronized void makeRoomFor(int shards, long bytes) {
    ends = ends.withRoomFor(shards, bytes);
  }

  synchronized void discovered(Set<Node> stores) {
    if (closed) {
      return;
    }
    Map<Address, Node> wanted = new HashMap<>();
    stores.forEach(node -> wanted.put(new Address(node.id(), node.host(), node.grpcPort()), node));
    connections
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !wanted.containsKey(entry.getKey());
              if (gone) {
                entry.getValue().close();
              }
              return gone;
            });
    wanted.forEach(
        (address, node) -> connections.computeIfAbsent(address, absent -> connect(node)));
  }

  private Connection connect(Node node) {
    ManagedChannel channel = channels.to(node);
    LinkClient client =
        ends.connect(
            "store " + node.id(),
            channel,
            SessionStoreGrpc.getConnectMethod(),
            LinkFormat.ROUTER_TO_STORE,
            LinkFormat.STORE_TO_ROUTER,
            listeners.get(),
            metrics);
    return new Connection(channel, client);
  }

  @Override
  public synchronized void close() {
    closed = true;
    connections.values().forEach(Connection::close);
    connections.clear();
  }
}
