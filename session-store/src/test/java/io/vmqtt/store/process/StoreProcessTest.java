package io.vmqtt.store.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.facts.ConsulClusterFacts;
import io.vmqtt.cluster.placement.CarriedMap;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.cluster.placement.ShardMapJson;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.store.Application;
import io.vmqtt.testkit.consul.ConsulProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store as a process, with a real Consul and nobody else. */
class StoreProcessTest {
  private static final String SERVICES = "/v1/agent/services";

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ConsulProcess consul = ConsulProcess.start();
  private RoleProcess store;

  @BeforeEach
  void start() throws StartException {
    store = start(folder);
  }

  @AfterEach
  void close() {
    store.close();
    consul.close();
    http.close();
  }

  @Test
  void start_foundInConsulByItsPorts_stopWithdrawsItAndFreesTheFolder() throws Exception {
    String id = store.node().id();
    await().until(() -> consul.get(SERVICES).contains("session-store-" + id));

    int grpcPort = store.node().grpcPort();
    String services = consul.get(SERVICES);
    assertTrue(services.contains("\"grpc-port\": \"" + grpcPort + "\""), services);
    assertTrue(services.contains("\"raft-port\": "), services);
    assertFalse(store.node().meta().getOrDefault(Node.RAFT_PORT, "0").equals("0"));
    new Socket(InetAddress.getLoopbackAddress(), grpcPort).close();

    store.close();
    assertEquals("{}", consul.get(SERVICES).strip());

    store = start(folder);
    assertEquals(id, store.node().id());
  }

  @Test
  void withoutShards_healthyButNotReady() throws Exception {
    assertEquals(200, get("/health").statusCode());
    assertEquals(503, get("/health/readiness").statusCode());
    assertFalse(get("/node/status").body().contains("\"shard\":"));
  }

  @Test
  void shardMap_toldToTheRegistry_fromItsDisk() throws Exception {
    String id = store.node().id();
    assertEquals(new CarriedMap(id, null), carried());
    ShardMap map = new ShardMap(4, 1, List.of(List.of(id))).of("cluster");

    consul.put(
        "/v1/kv/" + ConsulClusterFacts.keyOf(ShardMapFact.SHARD_MAP), ShardMapJson.write(map));

    await().until(store::isReady);
    assertEquals(new CarriedMap(id, map), carried());
    store.close();
    store = start(folder);
    assertEquals(new CarriedMap(id, map), carried());
  }

  @Test
  void start_folderInUse_saysSoInOneLine() {
    StartException refusal = assertThrows(StartException.class, () -> start(folder));

    assertEquals("data folder " + folder + " is in use by another process", refusal.getMessage());
  }

  @Test
  void start_folderIsAFile_namesItInOneLine() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    StartException refusal = assertThrows(StartException.class, () -> start(file));

    String line = String.valueOf(refusal.getMessage());
    assertEquals(1, line.lines().count());
    assertTrue(line.contains(file.toString()), line);
  }

  private RoleProcess start(Path data) throws StartException {
    return Application.start(
        Map.of(
            "vmqtt.consul",
            consul.address(),
            "vmqtt.store.data",
            data.toString(),
            "vmqtt.store.raft-port",
            0,
            RoleProcess.GRPC_PORT,
            0,
            RoleProcess.HTTP_PORT,
            -1));
  }

  private CarriedMap carried() throws IOException, InterruptedException {
    return new ObjectMapper().readValue(get(CarriedMap.PATH).body(), CarriedMap.class);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + store.httpPort() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
