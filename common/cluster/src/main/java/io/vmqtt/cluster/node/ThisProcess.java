package io.vmqtt.cluster.node;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.discovery.Node;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/** What is true of this process whatever its role: when it started, what it runs, where it is. */
@Singleton
public final class ThisProcess {
  /** The key in a node's meta under which the others find when it started: ISO-8601, UTC. */
  public static final String STARTED_AT = "started-at";

  private final ClusterConfiguration configuration;
  private final Instant startedAt =
      ProcessHandle.current()
          .info()
          .startInstant()
          .orElseGet(Instant::now)
          .truncatedTo(ChronoUnit.SECONDS);

  ThisProcess(ClusterConfiguration configuration) {
    this.configuration = configuration;
  }

  public Instant startedAt() {
    return startedAt;
  }

  /**
   * The node that this process is to the others.
   *
   * @param httpPort where it serves its health and status
   */
  public Node asNode(LocalNode local, int httpPort) {
    Map<String, String> meta = new TreeMap<>(local.meta());
    meta.put(STARTED_AT, startedAt.toString());
    return new Node(
        local.id(), local.role(), host(), local.grpcPort(), httpPort, Version.current(), meta);
  }

  /**
   * Whether nobody chose its address, and the one that was found is good on this machine alone, as
   * that which faces a Consul on the same machine.
   */
  public boolean isLocalOnly() {
    String advertised = configuration.advertiseHost();
    return (advertised == null || advertised.isBlank())
        && InetAddresses.forString(host()).isLoopbackAddress();
  }

  /** The name or address under which the others reach this process. */
  public String host() {
    String advertised = configuration.advertiseHost();
    if (advertised != null && !advertised.isBlank()) {
      return advertised;
    }
    String consul = configuration.consul();
    return AdvertisedHost.facing(
        HostAndPort.fromString(consul == null || consul.isBlank() ? "localhost" : consul)
            .withDefaultPort(Consul.DEFAULT_PORT));
  }
}
