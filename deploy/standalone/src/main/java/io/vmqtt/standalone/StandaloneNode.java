package io.vmqtt.standalone;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.node.NodeId;
import io.vmqtt.cluster.node.Version;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.router.RouterNode;
import io.vmqtt.router.config.RouterConfig;
import io.vmqtt.store.StoreNode;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.storage.DataFolderException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * A whole cluster in one process: a gateway, a router and a store, linked by in-process gRPC, found
 * by embedded discovery. The code and the path of a message are those of the cluster; the
 * registry's one duty here, the shard map, is done at the start.
 */
public final class StandaloneNode implements AutoCloseable {
  /** What has been started, latest first. */
  private final ArrayDeque<AutoCloseable> started = new ArrayDeque<>();

  private final StoreNode store;
  private final RouterNode router;
  private final GatewayNode gateway;
  private final int shardCount;

  /**
   * Starts everything.
   *
   * @param shardCount how many shards the data folder has, or is to have
   * @throws DataFolderException if the data folder cannot be used
   * @throws IOException if a port cannot be had
   */
  public StandaloneNode(
      GatewayConfig gatewayConfig,
      RouterConfig routerConfig,
      StoreConfig storeConfig,
      int shardCount,
      MeterRegistry registry)
      throws IOException, DataFolderException {
    this.shardCount = shardCount;
    SecureRandom random = new SecureRandom();
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("link-timer").daemon().factory());
    timer.setRemoveOnCancelPolicy(true);
    EmbeddedDiscovery discovery = new EmbeddedDiscovery();
    EmbeddedClusterFacts facts = new EmbeddedClusterFacts();
    try {
      started.push(timer::shutdownNow);
      started.push(discovery);
      started.push(facts);
      store = new StoreNode(storeConfig, discovery, facts, registry, LinkOptions.IN_PROCESS);
      started.push(store);
      store.start();
      serve(store.nodeId(), store.services());
      discovery.register(node(store.nodeId(), Role.SESSION_STORE, store.meta()));
      LinkEnds routerEnds = ends(NodeId.random(random), random.nextLong(), timer);
      router =
          new RouterNode(
              routerConfig, discovery, facts, Channels.IN_PROCESS, routerEnds, null, registry);
      started.push(router);
      String routerId = routerEnds.self().nodeId();
      serve(routerId, router.services());
      discovery.register(node(routerId, Role.ROUTING_SERVICE, Map.of()));

      LinkEnds gatewayEnds = ends(NodeId.random(random), random.nextLong(), timer);
      String process = Long.toUnsignedString(gatewayEnds.self().process());
      discovery.register(
          node(gatewayEnds.self().nodeId(), Role.EDGE_GATEWAY, Map.of(Node.PROCESS, process)));
      gateway =
          new GatewayNode(
              gatewayConfig, discovery, facts, Channels.IN_PROCESS, gatewayEnds, registry);
      started.push(gateway);
      place(storeConfig.disk().data(), facts);
    } catch (IOException | DataFolderException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** What the registry does in a cluster, when everything else is there: fixed for all time. */
  private void place(Path data, EmbeddedClusterFacts facts)
      throws IOException, DataFolderException {
    ShardMap map = shardMapOf(store, shardCount);
    ShardCountFile.write(data, shardCount);
    facts.of(ShardMapFact.SHARD_MAP).create(map);
  }

  /** The id of the store in it. */
  public String id() {
    return store.nodeId();
  }

  /** How many shards the data folder has. */
  public int shardCount() {
    return shardCount;
  }

  /** How its shards are doing. */
  public List<Map<String, Object>> shards() {
    return store.status().stream()
        .map(status -> status.figures(store.members(status.shard())))
        .toList();
  }

  /** The port that it listens on for MQTT. */
  public int port() {
    return gateway.port();
  }

  /** True once clients are served. */
  public boolean isReady() {
    return gateway.isReady();
  }

  /** Open connections. */
  public int connections() {
    return gateway.connections();
  }

  /** A cluster of its own, or that to which the folder belongs if it needs no other store. */
  private static ShardMap shardMapOf(StoreNode store, int shardCount) throws DataFolderException {
    ShardMap alone =
        new ShardMap(1, 1, Collections.nCopies(shardCount, List.of(store.nodeId())))
            .of(store.nodeId());
    ShardMap carried = store.carriedMap();
    if (carried == null) {
      return alone;
    }
    if (!carried.replicas().equals(alone.replicas())) {
      throw new DataFolderException(
          "the data folder belongs to cluster "
              + carried.cluster()
              + " with "
              + carried.shardCount()
              + " shards on "
              + carried.stores()
              + ", which one process cannot serve");
    }
    return carried;
  }

  private static LinkEnds ends(String nodeId, long process, ScheduledThreadPoolExecutor timer) {
    return new LinkEnds(
        new Peer(nodeId, process, Version.current()), LinkOptions.IN_PROCESS, timer);
  }

  private static Node node(String id, Role role, Map<String, String> meta) {
    return new Node(id, role, "in-process", 0, 0, Version.current(), meta);
  }

  private void serve(String name, List<BindableService> services) throws IOException {
    InProcessServerBuilder builder = InProcessServerBuilder.forName(name).directExecutor();
    services.forEach(builder::addService);
    Server server = builder.maxInboundMessageSize(Channels.MAX_MESSAGE_BYTES).build().start();
    started.push(server::shutdownNow);
  }

  /** Stops in order: clients first, data last. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (AutoCloseable part = started.poll(); part != null; part = started.poll()) {
      try {
        part.close();
      } catch (Exception e) {
        failure = new IOException("a part of the broker did not stop in order", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
