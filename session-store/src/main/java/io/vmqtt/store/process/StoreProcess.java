package io.vmqtt.store.process;

import com.google.common.net.HostAndPort;
import io.micronaut.grpc.server.GrpcEmbeddedServer;
import io.vmqtt.cluster.alarms.Finding;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.node.ThisProcess;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.placement.CarriedMap;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapCarrier;
import io.vmqtt.cluster.status.NodeStatus;
import io.vmqtt.store.StoreNode;
import io.vmqtt.store.config.StoreOptions;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this process is to the others, and how it is doing. */
@Singleton
final class StoreProcess implements LocalNode, NodeStatus, ShardMapCarrier {
  private final StoreNode store;
  private final @Nullable GrpcEmbeddedServer grpc;
  private final OptionValues options;
  private final ThisProcess process;

  StoreProcess(
      StoreNode store,
      @Nullable GrpcEmbeddedServer grpc,
      OptionValues options,
      ThisProcess process) {
    this.store = store;
    this.grpc = grpc;
    this.options = options;
    this.process = process;
  }

  @Override
  public String id() {
    return store.nodeId();
  }

  @Override
  public Role role() {
    return Role.SESSION_STORE;
  }

  @Override
  public int grpcPort() {
    return grpc == null ? 0 : grpc.getPort(); // Starts the server if nobody has yet.
  }

  @Override
  public Answers answers() {
    return store.answers();
  }

  @Override
  public Map<String, String> meta() {
    Map<String, String> meta = new HashMap<>(store.meta());
    meta.put(
        Node.NAME,
        options
            .find(StoreOptions.NAME)
            .orElseGet(() -> HostAndPort.fromParts(process.host(), grpcPort()).toString()));
    return meta;
  }

  /** True once shards are open here: until then the registry has given it none. */
  @Override
  public boolean isReady() {
    return !store.status().isEmpty();
  }

  @Override
  public @Nullable String fault() {
    return store.fault();
  }

  @Override
  public List<Finding> findings() {
    return store.findings();
  }

  @Override
  public Map<String, Object> figures() {
    Map<String, Object> figures = new HashMap<>();
    figures.put("ready", isReady());
    figures.put("shards", shards());
    figures.put("links", store.links());
    figures.put("disk", store.disk());
    ShardMap carried = store.carriedMap();
    if (carried != null) {
      figures.put("cluster", carried.cluster());
    }
    if (!store.damagedFiles().isEmpty()) {
      figures.put("damagedFiles", store.damagedFiles());
    }
    String refused = store.refusedCluster();
    if (refused != null) {
      figures.put("refusedCluster", refused);
    }
    return figures;
  }

  @Override
  public CarriedMap carriedMap() {
    return new CarriedMap(store.nodeId(), store.carriedMap());
  }

  private List<Map<String, Object>> shards() {
    return store.status().stream()
        .map(status -> status.figures(store.members(status.shard())))
        .toList();
  }
}
