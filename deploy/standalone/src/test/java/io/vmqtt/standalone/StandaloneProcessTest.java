package io.vmqtt.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapJson;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.proto.routing.v1.GatewayToRouter;
import io.vmqtt.proto.routing.v1.RoutingGrpc;
import io.vmqtt.proto.store.v1.RouterToStore;
import io.vmqtt.proto.store.v1.SessionStoreGrpc;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All roles in one process. */
class StandaloneProcessTest {
  private final ObjectMapper json = new ObjectMapper();

  @TempDir Path data;

  @Test
  void status_ofTheCluster_hasEveryRoleWithItsFigures() throws Exception {
    try (RoleProcess process = started(Map.of("vmqtt.registry.shards", "2"))) {
      await().until(process::isReady);

      JsonNode status = get(process, "/cluster/status");

      ObjectNode byRole = json.createObjectNode();
      status.get("nodes").forEach(node -> byRole.set(node.get("role").asText(), node));
      assertEquals(4, byRole.size(), status::toString);
      assertEquals(0, byRole.path("edge-gateway").at("/figures/connections").asInt(-1));
      assertTrue(byRole.path("routing-service").at("/figures/ready").asBoolean());
      assertEquals(2, byRole.path("session-store").at("/figures/shards").size());
      assertTrue(byRole.path("cluster-registry").at("/figures/leading").asBoolean());
      assertEquals(process.httpPort(), byRole.path("edge-gateway").at("/ports/http").asInt());
      assertEquals(2, status.at("/shardMap/shardCount").asInt());
      assertEquals(status.get("answeredBy"), status.get("leader"));
      assertTrue(status.get("consul").isNull());
    }
  }

  /** Whoever asks the wrong node must not get an answer here that he gets nowhere else. */
  @Test
  void links_ofEachRole_areServedByItAlone() throws Exception {
    try (RoleProcess process = started(Map.of())) {
      await().until(process::isReady);
      List<String> served = new ArrayList<>();
      for (JsonNode node : get(process, "/cluster/status").get("nodes")) {
        String id = node.get("id").asText();
        if (answers(id, RoutingGrpc.getConnectMethod(), GatewayToRouter.getDefaultInstance())) {
          served.add(node.get("role").asText() + " routes");
        }
        if (answers(id, SessionStoreGrpc.getConnectMethod(), RouterToStore.getDefaultInstance())) {
          served.add(node.get("role").asText() + " stores");
        }
      }

      assertEquals(
          List.of("routing-service routes", "session-store stores"),
          served.stream().sorted().toList());
    }
  }

  /** Whether it says hello. */
  private static <Q, A> boolean answers(String nodeId, MethodDescriptor<Q, A> connect, Q hello)
      throws Exception {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    ManagedChannel channel = InProcessChannelBuilder.forName(nodeId).build();
    try {
      ClientCalls.asyncBidiStreamingCall(
              channel.newCall(connect, CallOptions.DEFAULT),
              new StreamObserver<A>() {
                @Override
                public void onNext(A batch) {
                  answer.complete(true);
                }

                @Override
                public void onError(Throwable cause) {
                  answer.complete(false);
                }

                @Override
                public void onCompleted() {
                  answer.complete(false);
                }
              })
          .onNext(hello);
      return answer.get(10, TimeUnit.SECONDS);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void status_ofTheProcess_hasTheFiguresOfAllRoles() throws Exception {
    try (RoleProcess process = started(Map.of())) {
      await().until(process::isReady);

      JsonNode status = get(process, "/node/status");

      assertEquals("standalone", status.get("role").asText());
      assertEquals(process.node().id(), status.get("id").asText());
      assertTrue(status.at("/figures/ready").asBoolean());
      assertEquals(0, status.at("/figures/connections").asInt(-1));
      assertEquals(1, status.at("/figures/shards").size());
      assertEquals(process.node().id(), get(process, "/node/shard-map").get("store").asText());
    }
  }

  /** Of one class path with all roles, it is that of operators alone. */
  @Test
  void description_ofTheApi_isServed() throws Exception {
    try (RoleProcess process = started(Map.of())) {
      JsonNode document = get(process, "/api/v1/openapi.json");

      assertTrue(document.at("/openapi").asText().startsWith("3.1."), document::toString);
      assertTrue(document.get("paths").has("/api/v1/clients/{id}"), document::toString);
      document
          .get("paths")
          .fieldNames()
          .forEachRemaining(path -> assertTrue(path.startsWith("/api/v1/"), path));
    }
  }

  @Test
  void close_whenAClientHearsOfIt_isNoLongerReady() throws Exception {
    try (RoleProcess process = started(Map.of());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      await().until(process::isReady);
      int port = Integer.parseInt(process.node().meta().get(Node.MQTT_PORT));
      try (RawConnection client =
          RawConnection.openAnd(Address.local(port), Packets.connect("client"))) {
        Future<?> closed = threads.submit(process::close);

        assertEquals(PacketType.DISCONNECT, client.read().type());
        assertFalse(process.isReady());
        closed.get();
      }
    }
  }

  @Test
  void start_folderThatHasShards_keepsTheirNumber() throws Exception {
    try (RoleProcess first = started(Map.of("vmqtt.registry.shards", "2"))) {
      await().until(first::isReady);
    }
    try (RoleProcess second = started(Map.of("vmqtt.registry.shards", "3"))) {
      await().until(second::isReady);

      assertEquals("2", second.node().meta().get(StandaloneProcess.SHARDS));
      assertEquals(2, get(second, "/cluster/status").at("/shardMap/shardCount").asInt());
    }
  }

  /** Of a store of a cluster, for example, whose other stores are elsewhere. */
  @Test
  void start_folderThatNeedsOtherStores_oneLineSaysSo() throws Exception {
    String id = "store-0123abcd-4567";
    Files.writeString(data.resolve("node-id"), id);
    ShardMap shared = new ShardMap(1, 2, List.of(List.of(id, "store-89ef4567-0123"))).of("theirs");
    Files.writeString(data.resolve("shard-map.json"), ShardMapJson.write(shared));

    String complaint =
        String.valueOf(
            assertThrows(StartException.class, () -> started(Map.of()).close()).getMessage());

    assertTrue(complaint.contains("belongs to cluster theirs"), complaint);
    assertTrue(complaint.contains("which one process cannot serve"), complaint);
  }

  private RoleProcess started(Map<String, Object> more) throws StartException {
    Map<String, Object> set = new HashMap<>();
    set.put("vmqtt.store.data", data.toString());
    set.put("vmqtt.registry.shards", "1");
    set.put("vmqtt.gateway.port", "0");
    set.put("vmqtt.gateway.host", "127.0.0.1");
    set.put(RoleProcess.HTTP_HOST, "127.0.0.1");
    set.put(RoleProcess.HTTP_PORT, "0");
    set.putAll(more);
    return StandaloneCommand.start(List.of(), set);
  }

  private JsonNode get(RoleProcess process, String path) throws IOException {
    return json.readTree(HttpProbe.get(Address.local(process.httpPort()), path));
  }
}
