package io.vmqtt.standalone.training;

import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.machine.FileLimit;
import io.vmqtt.cluster.node.NodeId;
import io.vmqtt.cluster.node.Version;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.cluster.wire.NetworkTransport;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.config.GatewayOptions;
import io.vmqtt.router.RouterNode;
import io.vmqtt.router.config.RouterConfig;
import io.vmqtt.store.Replication;
import io.vmqtt.store.StoreNode;
import io.vmqtt.store.config.StoreOptions;
import io.vmqtt.store.storage.DataFolderException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What processes of a cluster do and one that has all roles does not, in one process, for its JVM
 * to learn: three stores with replicas of each shard by Raft, a router and a gateway, with links
 * over sockets between them.
 */
public final class TrainingCluster implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TrainingCluster.class);
  private static final String HERE = "127.0.0.1";
  private static final int STORES = 3;
  private static final int SHARDS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long LOOK_MILLIS = 50;

  private final EmbeddedDiscovery discovery = new EmbeddedDiscovery();
  private final EmbeddedClusterFacts facts = new EmbeddedClusterFacts();
  private final SecureRandom random = new SecureRandom();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final GatewayNode gateway;

  /** What was started, the last first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /**
   * Starts it.
   *
   * @param folder for the folders of its stores
   * @param mqttPort where its gateway takes clients
   */
  public TrainingCluster(Path folder, int mqttPort)
      throws IOException, StartException, DataFolderException {
    try {
      List<String> stores = new ArrayList<>();
      for (int i = 0; i < STORES; i++) {
        stores.add(startStore(folder.resolve("store-" + i)));
      }
      var _ =
          facts
              .of(ShardMapFact.SHARD_MAP)
              .create(new ShardMap(1, SHARDS, Collections.nCopies(SHARDS, stores)));
      startRouter();
      gateway = startGateway(mqttPort);
    } catch (IOException | StartException | DataFolderException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private String startStore(Path data) throws IOException, StartException, DataFolderException {
    MeterRegistry meters = new SimpleMeterRegistry();
    String raftPort = Integer.toString(RoleProcess.freePort(HERE));
    StoreNode store =
        started(
            new StoreNode(
                StoreOptions.config(
                    OptionValues.of(
                        Map.of(
                            StoreOptions.DATA, data.toString(), StoreOptions.RAFT_PORT, raftPort)),
                    HERE),
                discovery,
                facts,
                meters,
                LinkOptions.NETWORK,
                null,
                Replication.POSSIBLE));
    store.start();
    int port = serve(started(new NetworkTransport(null, meters)), store.services());
    register(store.nodeId(), Role.SESSION_STORE, port, store.meta());
    return store.nodeId();
  }

  private void startRouter() throws IOException {
    MeterRegistry meters = new SimpleMeterRegistry();
    NetworkTransport transport = started(new NetworkTransport(null, meters));
    LinkEnds ends = ends(transport);
    RouterNode router =
        started(
            new RouterNode(
                RouterConfig.DEFAULT,
                discovery,
                facts,
                transport,
                ends,
                transport.isSingle() ? transport.loop() : null,
                meters));
    register(
        ends.self().nodeId(), Role.ROUTING_SERVICE, serve(transport, router.services()), Map.of());
  }

  private GatewayNode startGateway(int mqttPort) throws IOException {
    MeterRegistry meters = new SimpleMeterRegistry();
    NetworkTransport transport = started(new NetworkTransport(null, meters));
    LinkEnds ends = ends(transport);
    GatewayNode started =
        started(
            new GatewayNode(
                GatewayOptions.config(
                        OptionValues.of(Map.of(GatewayOptions.PORT, Integer.toString(mqttPort))))
                    .withinFileLimit(FileLimit.current(), 0),
                discovery,
                facts,
                transport,
                ends,
                meters));
    register(
        ends.self().nodeId(),
        Role.EDGE_GATEWAY,
        0,
        Map.of(Node.PROCESS, Long.toUnsignedString(ends.self().process())));
    return started;
  }

  private LinkEnds ends(NetworkTransport transport) {
    Peer self = new Peer(NodeId.random(random), random.nextLong(), Version.current());
    return new LinkEnds(self, LinkOptions.NETWORK, transport.loop());
  }

  private int serve(NetworkTransport transport, List<BindableService> services) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            InsecureServerCredentials.create());
    services.forEach(builder::addService);
    Server server = transport.serve(builder).build().start();
    parts.push(server::shutdownNow);
    return server.getPort();
  }

  private void register(String id, Role role, int port, Map<String, String> meta) {
    parts.push(discovery.register(new Node(id, role, HERE, port, 0, Version.current(), meta)));
  }

  private <T extends AutoCloseable> T started(T part) {
    parts.push(part);
    return part;
  }

  /**
   * Waits until it serves clients.
   *
   * @throws IOException if that takes too long
   */
  public void awaitReady() throws InterruptedException, IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!gateway.isReady() && !closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("the cluster to learn from is not ready within " + PATIENCE);
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
    for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
      try {
        part.close();
      } catch (Exception e) {
        // What was learned is in the JVM; of the rest nothing is kept.
        log.debug("a part of the cluster did not close", e);
      }
    }
    discovery.close();
    facts.close();
  }
}
