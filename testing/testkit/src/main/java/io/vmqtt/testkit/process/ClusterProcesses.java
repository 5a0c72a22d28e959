package io.vmqtt.testkit.process;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.testkit.consul.ConsulProcess;
import io.vmqtt.testkit.consul.GuardedConsul;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.net.VirtualNetwork;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * A whole cluster as real processes with a real Consul, for one test class:
 *
 * <pre>{@code
 * @RegisterExtension static final ClusterProcesses cluster = ClusterProcesses.of(2, 2, 3);
 * }</pre>
 *
 * <p>Without Consul the tests of the class are skipped. Everything is gone after the last of them.
 */
public final class ClusterProcesses implements BeforeAllCallback, AfterAllCallback, TestWatcher {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final int routers;
  private final int stores;
  private final int gateways;
  private int replicas = 1;
  private boolean networked;
  private boolean certified;
  private long firstDiskBytes;
  private List<String> namespaces = List.of();
  private final Map<Kind, List<String>> moreOptions = new EnumMap<>(Kind.class);
  private @Nullable Function<Kind, String> consulPolicies;
  private @Nullable GuardedConsul guarded;
  private Function<ClusterNode, Map<String, String>> storeEnvironment = _ -> Map.of();
  private final List<ClusterNode> nodes = new ArrayList<>();
  private @Nullable VirtualNetwork network;
  private @Nullable ConsulProcess consul;
  private @Nullable ScratchFolder folder;

  private ClusterProcesses(int routers, int stores, int gateways) {
    this.routers = routers;
    this.stores = stores;
    this.gateways = gateways;
  }

  /** A cluster of one registry and so many processes of the other roles. */
  public static ClusterProcesses of(int routers, int stores, int gateways) {
    return new ClusterProcesses(routers, stores, gateways);
  }

  /** The same, with so many replicas of each shard. */
  public ClusterProcesses withReplicas(int count) {
    replicas = count;
    return this;
  }

  /** The same, with each process on a host of its own that can be cut off, where that can be. */
  public ClusterProcesses withNetwork() {
    networked = true;
    return this;
  }

  /** The same, with a disk of its own for the first store, where that can be. */
  public ClusterProcesses withSmallDisk(long bytes) {
    firstDiskBytes = bytes;
    return this;
  }

  /** The same, with stores that have more in their environment; asked at each start of one. */
  public ClusterProcesses withStoreEnvironment(
      Function<ClusterNode, Map<String, String>> environment) {
    storeEnvironment = environment;
    return this;
  }

  /** The same, with a listener for each of these namespaces, too, at each gateway. */
  public ClusterProcesses withNamespaces(String... names) {
    namespaces = List.of(names);
    return this;
  }

  /** The namespaces of its clients; empty: the nameless one. */
  public List<String> namespaces() {
    return Stream.concat(Stream.of(""), namespaces.stream()).toList();
  }

  /** The same, with further options for each gateway. */
  public ClusterProcesses withGatewayOptions(String... options) {
    moreOptions.put(Kind.GATEWAY, List.of(options));
    return this;
  }

  /** The same, with further options for each store. */
  public ClusterProcesses withStoreOptions(String... options) {
    moreOptions.put(Kind.STORE, List.of(options));
    return this;
  }

  /** The same, with further options for the registry. */
  public ClusterProcesses withRegistryOptions(String... options) {
    moreOptions.put(Kind.REGISTRY, List.of(options));
    return this;
  }

  /** The same, where all show each other certificates, which are in {@link #certificates}. */
  public ClusterProcesses withCertificates() {
    certified = true;
    return this;
  }

  /**
   * The same, with a Consul that speaks TLS, and lets each kind of process do what its policy says.
   *
   * @param policies in Consul's words
   */
  public ClusterProcesses withGuardedConsul(Function<Kind, String> policies) {
    consulPolicies = policies;
    return this;
  }

  /** The Consul of a cluster that has such a one. */
  public GuardedConsul guardedConsul() {
    GuardedConsul current = guarded;
    if (current == null) {
      throw new IllegalStateException("Consul lets everybody in, or was not started");
    }
    return current;
  }

  /** Where certificates and keys of all roles are, and the authority's. */
  public Path certificates() {
    ScratchFolder in = folder;
    if (in == null) {
      throw new IllegalStateException("the cluster has not been started");
    }
    return in.resolve("certificates");
  }

  /** Makes those that are missing. */
  public void makeCertificates() {
    makeCertificates(certificates());
  }

  /** Makes an authority and certificates elsewhere, of which nobody here knows yet. */
  public void makeCertificates(Path where) {
    ServerProcess command =
        ServerProcess.start(
            "certificates",
            List.of("certificates", "init", where.toString()),
            certificates().resolveSibling("certificates.log"));
    if (command.awaitExit() != 0) {
      throw new IllegalStateException(command.describe());
    }
  }

  private List<String> optionsOf(Kind kind) {
    List<String> options = new ArrayList<>(moreOptions.getOrDefault(kind, List.of()));
    if (certified) {
      options.addAll(certificateOptions(kind.serviceName()));
    }
    Function<Kind, String> policies = consulPolicies;
    if (policies != null) {
      options.addAll(guardedConsul().optionsFor(kind.serviceName(), policies.apply(kind)));
    }
    return options;
  }

  private List<String> certificateOptions(String role) {
    return List.of(
        "--cluster-certificate",
        certificates().resolve(role + ".pem").toString(),
        "--cluster-key",
        certificates().resolve(role + ".key").toString(),
        "--cluster-ca",
        certificates().resolve("ca.pem").toString());
  }

  /**
   * Starts a process that does not belong to the cluster, with these options and no certificate but
   * what they name; who calls this ends it.
   */
  public ServerProcess startStranger(Kind kind, String... options) {
    ClusterNode node = newNode(kind, 0, List.of(options));
    node.start();
    return node.process();
  }

  /** Whether every process has a host of its own. */
  public boolean isNetworked() {
    return network != null;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    VirtualNetwork between = networked ? VirtualNetwork.create().orElse(null) : null;
    network = between;
    folder = new ScratchFolder();
    if (consulPolicies == null) {
      consul =
          between == null
              ? ConsulProcess.start()
              : ConsulProcess.start(Address.LOCAL_HOST, between.address());
    } else {
      guarded = GuardedConsul.start(folder.resolve("consul"));
      consul = guarded.process();
    }
    if (certified) {
      makeCertificates();
    }
    add(Kind.REGISTRY, 1);
    add(Kind.STORE, stores);
    add(Kind.ROUTER, routers);
    add(Kind.GATEWAY, gateways);
    startAll();
  }

  private void add(Kind kind, int count) {
    for (int i = 0; i < count; i++) {
      addNode(kind);
    }
  }

  private ClusterNode addNode(Kind kind) {
    ClusterNode node = newNode(kind, all(kind).size() + 1, optionsOf(kind));
    nodes.add(node);
    return node;
  }

  private ClusterNode newNode(Kind kind, int number, List<String> options) {
    ScratchFolder in = folder;
    if (in == null) {
      throw new IllegalStateException("the cluster has not been started");
    }
    VirtualNetwork between = network;
    ClusterNode node =
        new ClusterNode(
            kind,
            number,
            stores,
            replicas,
            consulAddress(between),
            in,
            between == null ? null : between.attach(),
            kind == Kind.STORE && all(kind).isEmpty() ? firstDiskBytes : 0,
            kind == Kind.GATEWAY ? namespaces : List.of(),
            options);
    if (kind == Kind.STORE) {
      node.in(storeEnvironment);
    }
    return node;
  }

  private String consulAddress(@Nullable VirtualNetwork between) {
    if (guarded != null) {
      return guarded.address();
    }
    return between == null ? consul().address() : consul().addressAt(between.address());
  }

  /** Starts every process that is not running, and waits until clients are served everywhere. */
  public void startAll() {
    for (ClusterNode node : nodes) {
      if (!node.wasStarted() || !node.process().isRunning()) {
        node.start();
      }
    }
    nodes.forEach(ClusterNode::awaitReady);
    for (Kind kind : Kind.values()) {
      awaitPassing(kind, all(kind).size());
    }
  }

  /** Ends every process of the cluster without warning; Consul lives. */
  public void killAll() {
    nodes.forEach(node -> node.process().kill());
  }

  /** Starts one more store and waits until it is healthy. */
  public ClusterNode addStore() {
    ClusterNode node = addNode(Kind.STORE);
    node.start();
    node.awaitReady();
    return node;
  }

  /** Starts one more gateway and waits until it serves. */
  public ClusterNode addGateway() {
    ClusterNode node = addNode(Kind.GATEWAY);
    node.start();
    node.awaitReady();
    return node;
  }

  /** All processes of a role, in the order in which they were added. */
  public List<ClusterNode> all(Kind kind) {
    return nodes.stream().filter(node -> node.kind() == kind).toList();
  }

  /** Where a gateway listens for clients; the first is 0. */
  public Address gateway(int index) {
    return all(Kind.GATEWAY).get(index).mqtt();
  }

  /** Where all gateways listen, beginning with this one and going round. */
  public List<Address> gatewaysFrom(int first) {
    return gatewaysFrom(first, "");
  }

  /** The same for clients of a namespace. */
  public List<Address> gatewaysFrom(int first, String namespace) {
    List<ClusterNode> all = all(Kind.GATEWAY);
    List<Address> addresses = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      addresses.add(all.get((first + i) % all.size()).mqtt(namespace));
    }
    return addresses;
  }

  /** The Consul through which they find one another. */
  public ConsulProcess consul() {
    ConsulProcess current = consul;
    if (current == null) {
      throw new IllegalStateException("the cluster has not been started");
    }
    return current;
  }

  /**
   * Waits until each store holds every shard, as far as its leader had come when this was called,
   * and each shard's group has just these stores as its members.
   */
  public void awaitReplicas() {
    List<ClusterNode> all = all(Kind.STORE);
    Map<Integer, Long> goals = new HashMap<>();
    for (ClusterNode store : all) {
      shardsOf(store)
          .forEach(
              shard ->
                  goals.merge(
                      shard.path("shard").asInt(), shard.path("appliedIndex").asLong(), Math::max));
    }
    await("every store is up to date")
        .atMost(PATIENCE.multipliedBy(2))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> all.stream().allMatch(store -> hasReached(store, goals, all)));
  }

  private static boolean hasReached(
      ClusterNode store, Map<Integer, Long> goals, List<ClusterNode> all) {
    Set<String> ids =
        all.stream().map(one -> one.status().path("id").asText()).collect(Collectors.toSet());
    Map<Integer, JsonNode> shards = new HashMap<>();
    shardsOf(store).forEach(shard -> shards.put(shard.path("shard").asInt(), shard));
    return shards.keySet().containsAll(goals.keySet())
        && goals.entrySet().stream()
            .allMatch(
                goal -> {
                  JsonNode shard = Objects.requireNonNull(shards.get(goal.getKey()));
                  Set<String> members = new HashSet<>();
                  shard.path("members").forEach(member -> members.add(member.asText()));
                  return shard.path("appliedIndex").asLong() >= goal.getValue()
                      && members.equals(ids);
                });
  }

  private static JsonNode shardsOf(ClusterNode store) {
    return store.status().path("figures").path("shards");
  }

  /**
   * Waits until exactly so many processes of a role are passing. One that was killed may still be
   * listed as critical: Consul forgets it after a minute.
   */
  public void awaitPassing(Kind kind, int count) {
    String service = "/v1/health/service/" + kind.serviceName();
    await(count + " of " + kind.serviceName() + " are passing")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> json(consul().get(service + "?passing")).size() == count);
  }

  /** The answer of the first registry to {@code GET /cluster/status}. */
  public JsonNode status() {
    return json(HttpProbe.get(all(Kind.REGISTRY).getFirst().http(), "/cluster/status"));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    System.err.println(context.getDisplayName() + " failed");
    for (ClusterNode node : nodes) {
      if (node.wasStarted()) {
        System.err.println(node.process().describe());
      }
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    nodes.forEach(ClusterNode::close);
    if (consul != null) {
      consul.close();
    }
    if (network != null) {
      network.close();
    }
    if (folder != null) {
      folder.delete();
    }
  }
}
