package io.vmqtt.cluster.node;

import com.google.common.base.Suppliers;
import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.option.OptionValues;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What is true of this process whatever its role: when it started, what it runs, where it is. */
@Singleton
public final class ThisProcess {
  /** The key in a node's meta under which the others find when it started: ISO-8601, UTC. */
  public static final String STARTED_AT = "started-at";

  private final OptionValues options;

  /** Found once: who says other things of itself later is still where it was. */
  private final Supplier<String> host = Suppliers.memoize(this::findHost);

  private final Instant startedAt =
      ProcessHandle.current()
          .info()
          .startInstant()
          .orElseGet(Instant::now)
          .truncatedTo(ChronoUnit.SECONDS);

  ThisProcess(OptionValues options) {
    this.options = options;
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
    if (HttpOptions.speaksTls(options)) {
      meta.put(Node.HTTP_TLS, "true");
    }
    return new Node(
        local.id(), local.role(), host(), local.grpcPort(), httpPort, Version.current(), meta);
  }

  /**
   * Whether nobody chose its address, and the one that was found is good on this machine alone, as
   * that which faces a Consul on the same machine.
   */
  public boolean isLocalOnly() {
    return options.find(ClusterOptions.ADVERTISE_HOST).isEmpty()
        && InetAddresses.forString(host()).isLoopbackAddress();
  }

  /** The name or address under which the others reach this process. */
  public String host() {
    return host.get();
  }

  private String findHost() {
    return options.find(ClusterOptions.ADVERTISE_HOST).orElseGet(this::hostFacingConsul);
  }

  private String hostFacingConsul() {
    return AdvertisedHost.facing(HostAndPort.fromString(options.get(ClusterOptions.CONSUL)));
  }
}
