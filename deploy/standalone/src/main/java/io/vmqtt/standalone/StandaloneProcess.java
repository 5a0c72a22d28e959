package io.vmqtt.standalone;

import io.grpc.BindableService;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.runtime.event.annotation.EventListener;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.machine.ReservedFiles;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.node.ThisProcess;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.cluster.status.LocalNodes;
import io.vmqtt.cluster.status.NodeStatus;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.registry.config.RegistryOptions;
import io.vmqtt.router.RouterNode;
import io.vmqtt.store.StoreNode;
import io.vmqtt.store.config.StoreOptions;
import io.vmqtt.store.storage.DataFolderException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Provider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole cluster in one process, to those who see one thing. Its roles are built as in processes
 * of their own; what is here is that they start and stop in order.
 */
@Primary
@Context
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StandaloneProcess implements LocalNode, NodeStatus, AutoCloseable {
  static final String SHARDS = "shards";

  private static final Logger log = LoggerFactory.getLogger(StandaloneProcess.class);

  private final StoreNode store;
  private final RouterNode router;
  private final GatewayNode gateway;
  private final Discovery discovery;
  private final ThisProcess process;
  private final InProcessLinks links;
  private final Provider<LocalNodes> here;
  private final Path data;
  private final int httpPort;
  private final int shardCount;

  /** Those of the roles, once they are all there. */
  private volatile List<LocalNode> nodes = List.of();

  /**
   * The nodes start in the order of these parameters.
   *
   * @param reserved is checked before anything is changed
   * @throws DataFolderException if the folder belongs to a cluster that needs other stores
   */
  StandaloneProcess(
      ReservedFiles reserved,
      StoreNode store,
      RouterNode router,
      GatewayNode gateway,
      OptionValues options,
      Discovery discovery,
      ThisProcess process,
      ClusterFacts facts,
      InProcessLinks links,
      Provider<LocalNodes> here)
      throws DataFolderException {
    this.store = store;
    this.router = router;
    this.gateway = gateway;
    this.discovery = discovery;
    this.process = process;
    this.links = links;
    this.here = here;
    this.data = options.get(StoreOptions.DATA);
    this.httpPort = options.get(StandaloneCommand.HTTP_PORT);
    ShardMap carried = store.carriedMap();
    if (carried != null && !carried.stores().equals(Set.of(store.nodeId()))) {
      throw new DataFolderException(
          "the data folder belongs to cluster "
              + carried.cluster()
              + " with "
              + carried.shardCount()
              + " shards on "
              + carried.stores()
              + ", which one process cannot serve");
    }
    shardCount = carried == null ? options.get(RegistryOptions.SHARDS) : carried.shardCount();
    var _ = facts.of(ShardMapFact.SHARD_MAP).watch(this::placed);
  }

  /**
   * All are there: they find each other from now on, without waiting for HTTP. When they stop,
   * nobody has to be told.
   */
  @EventListener
  void onStart(StartupEvent event) throws IOException {
    nodes = here.get().all();
    for (LocalNode node : nodes) {
      links.serve(node.id(), servicesOf(node.role()));
    }
    for (LocalNode node : nodes) {
      Discovery.Announced announced = discovery.register(process.asNode(node, httpPort));
      node.whenChanged(() -> announced.update(process.asNode(node, httpPort)));
    }
  }

  /** As in processes of their own. */
  private List<BindableService> servicesOf(Role role) {
    return switch (role) {
      case ROUTING_SERVICE -> router.services();
      case SESSION_STORE -> store.services();
      case EDGE_GATEWAY, CLUSTER_REGISTRY, STANDALONE -> List.of();
    };
  }

  /** What says where everything lies is kept beside it, for whoever starts here next. */
  private void placed(ShardMap map) {
    try {
      ShardCountFile.write(data, map.shardCount());
    } catch (IOException e) {
      log.error("cannot write the number of shards to {}", data, e);
    }
  }

  /** That of its store, which it keeps. */
  @Override
  public String id() {
    return store.nodeId();
  }

  @Override
  public Role role() {
    return Role.STANDALONE;
  }

  /** None: its roles talk without a network. */
  @Override
  public int grpcPort() {
    return 0;
  }

  @Override
  public Map<String, String> meta() {
    Map<String, String> meta = new HashMap<>();
    nodes.forEach(node -> meta.putAll(node.meta()));
    meta.put(SHARDS, Integer.toString(shardCount));
    return meta;
  }

  @Override
  public boolean isReady() {
    return !nodes.isEmpty() && statuses().allMatch(NodeStatus::isReady);
  }

  @Override
  public @Nullable String fault() {
    return store.fault();
  }

  /** Those of all its roles. */
  @Override
  public Map<String, Object> figures() {
    Map<String, Object> figures = new HashMap<>();
    statuses().forEach(status -> figures.putAll(status.figures()));
    figures.put("ready", isReady());
    return figures;
  }

  private Stream<NodeStatus> statuses() {
    return nodes.stream().filter(NodeStatus.class::isInstance).map(NodeStatus.class::cast);
  }

  /** Clients first, data last. */
  @Override
  @PreDestroy
  public void close() throws IOException {
    gateway.close();
    router.close();
    store.close();
  }
}
