package io.vmqtt.testkit.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.testkit.machine.SmallDisk;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.net.VirtualNetwork;
import io.vmqtt.testkit.raw.RawConnection;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One process of a cluster: its role, ports and data stay the same when it is started again. */
public final class ClusterNode {

  /** What a process is to the cluster. */
  public enum Kind {
    REGISTRY("registry", "cluster-registry"),
    STORE("store", "session-store"),
    ROUTER("router", "routing-service"),
    GATEWAY("gateway", "edge-gateway");

    private final String command;
    private final String serviceName;

    Kind(String command, String serviceName) {
      this.command = command;
      this.serviceName = serviceName;
    }

    /** The word after {@code vmqtt}. */
    public String command() {
      return command;
    }

    /** Its name in Consul. */
    public String serviceName() {
      return serviceName;
    }
  }

  private final Kind kind;
  private final String name;
  private final List<String> arguments;
  private final Address http;
  private final Address mqtt;
  private final Map<String, Address> listeners = new LinkedHashMap<>();
  private final Path log;
  private final Path data;
  private final VirtualNetwork.@Nullable Host host;
  private final @Nullable SmallDisk disk;
  private Function<ClusterNode, Map<String, String>> environment = _ -> Map.of();
  private @Nullable ServerProcess process;

  /**
   * @param host where it runs; null: on this machine
   * @param diskBytes how large its disk is; 0: that of this machine
   * @param namespaces for which a gateway has listeners, beside the one of the nameless namespace
   * @param moreOptions of its command
   */
  ClusterNode(
      Kind kind,
      int number,
      int stores,
      int replicas,
      String consul,
      ScratchFolder folder,
      VirtualNetwork.@Nullable Host host,
      long diskBytes,
      List<String> namespaces,
      List<String> moreOptions) {
    this.host = host;
    this.kind = kind;
    this.name = kind.command + "-" + number;
    this.log = folder.resolve(name + ".log");
    this.disk =
        diskBytes == 0
            ? null
            : SmallDisk.at(folder.resolve(name + "-disk"), diskBytes).orElse(null);
    this.data = folder.resolve(disk == null ? name : name + "-disk/" + name);
    int httpPort = FreePorts.next();
    int mainPort = FreePorts.next();
    String address = host == null ? Address.LOCAL_HOST : host.address();
    this.http = new Address(address, httpPort);
    this.mqtt = new Address(address, mainPort);
    List<String> options = new ArrayList<>();
    options.add(kind.command);
    options.addAll(List.of("--consul", consul, "--http-port", String.valueOf(httpPort)));
    options.addAll(
        switch (kind) {
          case REGISTRY ->
              List.of(
                  "--initial-stores",
                  String.valueOf(stores),
                  "--replication-factor",
                  String.valueOf(replicas));
          case STORE ->
              List.of(
                  "--data",
                  data.toString(),
                  "--grpc-port",
                  String.valueOf(mainPort),
                  "--raft-port",
                  String.valueOf(FreePorts.next()));
          case ROUTER -> List.of("--grpc-port", String.valueOf(mainPort));
          case GATEWAY -> List.of("--port", String.valueOf(mainPort));
        });
    namespaces.forEach(
        namespace -> listeners.put(namespace, new Address(address, FreePorts.next())));
    if (kind == Kind.GATEWAY) {
      options.add("--allow-anonymous");
    }
    if (kind == Kind.GATEWAY && !listeners.isEmpty()) {
      options.addAll(List.of("--listeners", String.join("; ", described(listeners))));
    }
    options.addAll(moreOptions);
    this.arguments = List.copyOf(options);
  }

  /** Its role. */
  public Kind kind() {
    return kind;
  }

  /** Its name in this test, such as {@code gateway-2}. */
  public String name() {
    return name;
  }

  /** Where it runs, in a cluster with a network. */
  public VirtualNetwork.Host host() {
    if (host == null) {
      throw new IllegalStateException(name + " runs on this machine itself");
    }
    return host;
  }

  /** Where it answers HTTP. */
  public Address http() {
    return http;
  }

  private static List<String> described(Map<String, Address> listeners) {
    return listeners.entrySet().stream()
        .map(one -> one.getKey() + '=' + one.getValue() + " namespace=" + one.getKey())
        .toList();
  }

  /** Where a gateway listens for clients of a namespace; empty: of the nameless one. */
  public Address mqtt(String namespace) {
    Address address = namespace.isEmpty() ? mqtt() : listeners.get(namespace);
    if (address == null) {
      throw new IllegalArgumentException(name + " has no listener for " + namespace);
    }
    return address;
  }

  /** Where a gateway listens for clients. */
  public Address mqtt() {
    if (kind != Kind.GATEWAY) {
      throw new IllegalStateException(name + " does not speak MQTT");
    }
    return mqtt;
  }

  /** Asked at each start for what its process has in its environment, beside the usual. */
  void in(Function<ClusterNode, Map<String, String>> environment) {
    this.environment = environment;
  }

  /** The data folder of a store. */
  public Path data() {
    return data;
  }

  /** Its own disk, if it has one. */
  public Optional<SmallDisk> disk() {
    return Optional.ofNullable(disk);
  }

  /** Starts the process; {@link #awaitReady} tells when it serves. */
  public void start() {
    List<String> launcher = new ArrayList<>(host == null ? List.of() : host.launcher());
    Map<String, String> more = environment.apply(this);
    if (!more.isEmpty()) {
      launcher.add("env");
      more.forEach((variable, value) -> launcher.add(variable + '=' + value));
    }
    process = ServerProcess.start(name, launcher, arguments, log);
  }

  /** Empties the data folder of a store that does not run: its disk is lost. */
  public void loseDisk() {
    ScratchFolder.delete(data);
  }

  /** What it says of itself. */
  public JsonNode status() {
    try {
      return new ObjectMapper().readTree(HttpProbe.get(http, "/node/status"));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it is healthy by its own account, and until a gateway accepts clients. */
  public void awaitReady() {
    process().awaitReady("GET /health is 200", () -> HttpProbe.isOk(http, "/health"));
    if (kind == Kind.GATEWAY) {
      process().awaitReady("CONNECT is accepted", () -> RawConnection.isAcceptedBy(mqtt));
    }
  }

  /** The process that was started last. */
  public ServerProcess process() {
    ServerProcess current = process;
    if (current == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return current;
  }

  /** Ends it for good. */
  void close() {
    if (process != null) {
      process.kill();
    }
    if (disk != null) {
      disk.close();
    }
  }

  boolean wasStarted() {
    return process != null;
  }
}
