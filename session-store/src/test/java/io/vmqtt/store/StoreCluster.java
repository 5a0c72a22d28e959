package io.vmqtt.store;

import static org.awaitility.Awaitility.await;

import io.grpc.Server;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.config.StoreOptions;
import io.vmqtt.store.host.FolderCheck;
import io.vmqtt.store.shard.ShardStatus;
import io.vmqtt.store.storage.Damage;
import io.vmqtt.testkit.net.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stores with real Raft between them, that share one shard. */
final class StoreCluster implements AutoCloseable {
  private static final String SEGMENT_SIZE = "64k";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final EmbeddedDiscovery discovery = new EmbeddedDiscovery();
  private final EmbeddedClusterFacts facts = new EmbeddedClusterFacts();
  private final Map<String, Running> running = new LinkedHashMap<>();
  private final Map<Path, Integer> raftPorts = new HashMap<>();
  private final int snapshotEntries;
  private final Identities identities;
  private ShardMap map = new ShardMap(1, 1, List.of(List.of("nobody")));

  private record Running(
      Path data,
      StoreNode store,
      MeterRegistry meters,
      Server server,
      Registration registration,
      FakeRouter router) {
    void stop() throws IOException {
      registration.close();
      router.close();
      server.shutdownNow();
      store.close();
    }
  }

  /** What a store shows others. */
  @FunctionalInterface
  interface Identities {

    /** Of the store with that folder; null: nothing. */
    @Nullable ProcessIdentity of(Path data) throws IOException;
  }

  /** Three stores and their shard, whose log is cut after so many entries. */
  StoreCluster(Path data, int snapshotEntries) throws Exception {
    this(data, snapshotEntries, _ -> null);
  }

  /** The same, where they show each other something. */
  StoreCluster(Path data, int snapshotEntries, Identities identities) throws Exception {
    this.snapshotEntries = snapshotEntries;
    this.identities = identities;
    for (int i = 0; i < 3; i++) {
      start(data.resolve("store-" + i));
    }
    map =
        facts
            .of(ShardMapFact.SHARD_MAP)
            .create(new ShardMap(1, 3, List.of(List.copyOf(running.keySet()))));
  }

  /** Starts a store, and returns its id. */
  String start(Path data) throws Exception {
    MeterRegistry meters = new SimpleMeterRegistry();
    StoreNode store =
        new StoreNode(
            config(data),
            discovery,
            facts,
            meters,
            LinkOptions.IN_PROCESS,
            identities.of(data),
            Replication.POSSIBLE);
    store.start();
    String id = store.nodeId();
    Registration registration =
        discovery.register(
            new Node(id, Role.SESSION_STORE, "127.0.0.1", 0, 0, "test", store.meta()));
    InProcessServerBuilder server = InProcessServerBuilder.forName(id).directExecutor();
    store.services().forEach(server::addService);
    Server serving = server.build().start();
    running.put(
        id,
        new Running(data, store, meters, serving, registration, new FakeRouter(id, "router-1")));
    return id;
  }

  private StoreConfig config(Path data) {
    int raftPort = raftPorts.computeIfAbsent(data, folder -> FreePorts.next());
    return StoreConfigs.of(
        data,
        Map.of(
            StoreOptions.RAFT_PORT,
            Integer.toString(raftPort),
            StoreOptions.SNAPSHOT_ENTRIES,
            Integer.toString(snapshotEntries),
            StoreOptions.SEGMENT_BYTES,
            SEGMENT_SIZE));
  }

  /** Stops a store, which leaves a folder that nobody takes for damaged. */
  void stop(String id) throws IOException {
    Running stopped = Objects.requireNonNull(running.remove(id));
    stopped.stop();
    List<Damage> damages = FolderCheck.ofEverything(stopped.data).damages();
    if (!damages.isEmpty()) {
      throw new IllegalStateException("said to be damaged: " + damages);
    }
  }

  /** The port of a store's Raft. */
  int raftPort(Path data) {
    return Objects.requireNonNull(raftPorts.get(data));
  }

  /** The ids of the stores that run. */
  List<String> ids() {
    return List.copyOf(running.keySet());
  }

  /** The shard is placed on another store instead of one. */
  void replace(String gone, String replacement) {
    ShardMap next = map.replace(gone, replacement);
    if (!facts.of(ShardMapFact.SHARD_MAP).replace(map, next)) {
      throw new IllegalStateException("not the map in force: " + map);
    }
    map = next;
  }

  /** Waits until those that the map names know that they, and no others, have a vote. */
  void awaitMembers() {
    Set<String> members = Set.copyOf(map.replicas().getFirst());
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                members.stream()
                    .map(id -> Objects.requireNonNull(running.get(id)).store)
                    .allMatch(store -> Set.copyOf(store.members(0)).equals(members)));
  }

  /** Whether a store has the shard. */
  boolean hasShard(String id) {
    return !Objects.requireNonNull(running.get(id)).store.status().isEmpty();
  }

  /** How the shard is doing at a store; before it has it, nothing is applied. */
  ShardStatus status(String id) {
    List<ShardStatus> shards = Objects.requireNonNull(running.get(id)).store.status();
    return shards.isEmpty() ? new ShardStatus(0, false, 0, 0, 0, 0, 0, 0) : shards.getFirst();
  }

  /** How often a store opened its shard again, because it had closed by itself. */
  double reopened(String id) {
    Running store = running.get(id);
    return store == null
        ? 0
        : store.meters.get("vmqtt.store.shards.reopened").functionCounter().count();
  }

  /**
   * The router of the first store in the map, as soon as it leads; if that does not run, of whoever
   * leads: leaders give way to the first one only.
   */
  FakeRouter leader() throws Exception {
    String first = map.replicas().getFirst().getFirst();
    List<String> candidates = running.containsKey(first) ? List.of(first) : ids();
    await().atMost(PATIENCE).until(() -> candidates.stream().anyMatch(id -> status(id).leader()));
    String leader = candidates.stream().filter(id -> status(id).leader()).findFirst().orElseThrow();
    return Objects.requireNonNull(running.get(leader)).router.ready();
  }

  @Override
  public void close() throws IOException {
    for (String id : ids()) {
      stop(id);
    }
    discovery.close();
    facts.close();
  }
}
