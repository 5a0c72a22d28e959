package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.client;
import static io.vmqtt.store.FakeRouter.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Server;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.placement.EmbeddedClusterFacts;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.store.config.StoreConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas are a matter of the shard map. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ReplicationTest {
  private static final int MESSAGES = 200;

  @TempDir Path data;

  @Test
  void leaderStops_anotherReplicaLeads_withEverythingCommitted() throws Exception {
    try (EmbeddedDiscovery discovery = new EmbeddedDiscovery();
        EmbeddedClusterFacts facts = new EmbeddedClusterFacts()) {
      Map<String, StoreNode> stores = new HashMap<>();
      Map<String, Server> servers = new HashMap<>();
      for (int i = 0; i < 3; i++) {
        StoreNode store =
            new StoreNode(
                StoreConfig.defaults(data.resolve("store-" + i)),
                discovery,
                facts,
                new SimpleMeterRegistry(),
                LinkOptions.IN_PROCESS);
        store.start();
        var _ =
            discovery.register(
                new Node(
                    store.nodeId(), Role.SESSION_STORE, "127.0.0.1", 0, 0, "test", store.meta()));
        InProcessServerBuilder server =
            InProcessServerBuilder.forName(store.nodeId()).directExecutor();
        store.services().forEach(server::addService);
        stores.put(store.nodeId(), store);
        servers.put(store.nodeId(), server.build().start());
      }
      var _ = facts.createShardMap(new ShardMap(1, 3, List.of(List.copyOf(stores.keySet()))));
      List<FakeRouter> routers = new ArrayList<>();
      stores.keySet().forEach(id -> routers.add(new FakeRouter(id, "router-1")));

      FakeRouter first = firstReady(routers);
      Attached session = first.attach(client("alice", 7, 1));
      first.subscribe(session, "t", 1);
      for (int i = 0; i < MESSAGES; i++) {
        first.publish(message("t", 1, "m" + i), null);
      }
      first.awaitCommitted(MESSAGES);

      String leader = first.storeId();
      first.close();
      routers.remove(first);
      var _ = Objects.requireNonNull(servers.get(leader)).shutdownNow();
      Objects.requireNonNull(stores.remove(leader)).close();

      FakeRouter second = firstReady(routers);
      Attached again = second.attach(client("alice", 7, 2).setReceiveMaximum(1000));
      assertTrue(again.getSessionPresent());
      assertTrue(again.getEpoch() > session.getEpoch());
      for (int i = 0; i < MESSAGES; i++) {
        assertEquals("m" + i, second.delivery().getMessage().getPayload().toStringUtf8());
      }
      routers.forEach(FakeRouter::close);
      for (StoreNode store : stores.values()) {
        store.close();
      }
    }
  }

  private static FakeRouter firstReady(List<FakeRouter> routers) throws Exception {
    CompletableFuture<?>[] all =
        routers.stream()
            .map(router -> router.leading().thenApply(led -> router))
            .toArray(CompletableFuture<?>[]::new);
    return (FakeRouter) CompletableFuture.anyOf(all).get(60, TimeUnit.SECONDS);
  }
}
