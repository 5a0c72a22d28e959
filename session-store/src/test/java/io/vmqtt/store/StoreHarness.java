package io.vmqtt.store;

import io.grpc.Server;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.store.config.StoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A real store with discovery of its own, reached in process. */
final class StoreHarness implements AutoCloseable {
  final EmbeddedDiscovery discovery = new EmbeddedDiscovery();
  final EmbeddedClusterFacts facts = new EmbeddedClusterFacts();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final StoreNode node;
  private final Server server;

  StoreHarness(Path data) throws Exception {
    this(StoreConfig.defaults(data), 1);
  }

  /** As in a process that is a whole cluster. */
  StoreHarness(StoreConfig config, int shards) throws Exception {
    this(config, shards, Replication.NONE);
  }

  StoreHarness(StoreConfig config, int shards, Replication replication) throws Exception {
    node =
        new StoreNode(config, discovery, facts, meters, LinkOptions.IN_PROCESS, null, replication);
    node.start();
    var _ =
        facts
            .of(ShardMapFact.SHARD_MAP)
            .create(new ShardMap(1, 1, Collections.nCopies(shards, List.of(node.nodeId()))));
    InProcessServerBuilder builder = InProcessServerBuilder.forName(node.nodeId()).directExecutor();
    node.services().forEach(builder::addService);
    server = builder.build().start();
  }

  FakeRouter router(String nodeId) throws Exception {
    return new FakeRouter(node.nodeId(), nodeId).ready();
  }

  Registration gateway(long process) {
    return discovery.register(
        new Node(
            "gateway-" + process,
            Role.EDGE_GATEWAY,
            "localhost",
            0,
            0,
            "test",
            Map.of(Node.PROCESS, Long.toUnsignedString(process))));
  }

  @Override
  public void close() throws IOException {
    server.shutdownNow();
    node.close();
    discovery.close();
    facts.close();
  }
}
