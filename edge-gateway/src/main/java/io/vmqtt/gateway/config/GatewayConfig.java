package io.vmqtt.gateway.config;

import static io.vmqtt.cluster.process.Bounds.atLeast;
import static io.vmqtt.cluster.process.Bounds.within;

import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Utf8String;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What can be set for a gateway.
 *
 * @param host address to listen on for MQTT
 * @param port port to listen on for MQTT; 0: any free one
 * @param eventLoops threads for connections; 0: as many as there are processors
 * @param limits bounds of one connection of the default listener
 * @param maxConnections further ones are refused; 0: as many as {@link #withinFileLimit} finds
 * @param maxUnansweredBytes QoS 1 and 2 publishes that may be unanswered per event loop; beyond it
 *     reading from publishers stops
 * @param clientMemoryBytes what may wait for clients, in queues and in sockets, altogether
 * @param connectTimeout from the opening of a connection to its CONNECT, and again to its CONNACK
 * @param failureDetection how long a router that cannot be reached still counts for SUBACK
 * @param logConnections whether the log says who comes and goes
 * @param otherListeners addresses beside {@code host} and {@code port}
 */
public record GatewayConfig(
    String host,
    int port,
    int eventLoops,
    Limits limits,
    int maxConnections,
    long maxUnansweredBytes,
    long clientMemoryBytes,
    Duration connectTimeout,
    Duration failureDetection,
    boolean logConnections,
    List<ListenerConfig> otherListeners) {
  static final String PREFIX = "vmqtt.gateway.";
  private static final int MOST_OF_16_BITS = 65_535;
  private static final Duration SHORTEST_TIME = Duration.ofMillis(100);
  private static final Duration LONGEST_TIME = Duration.ofHours(1);
  private static final int MOST_CONNECTIONS = 1_000_000;

  /** Files of a process without clients and data: jars, HTTP, Consul, links, and some to spare. */
  private static final int OWN_FILES = 176;

  private static final int FILES_PER_LOOP = 3;
  private static final int LEAST_PACKET_BYTES = 1 << 10;

  /** So that a packet, and what the cluster adds to it, is well below what a link carries. */
  private static final int MOST_PACKET_BYTES = 32 << 20;

  public GatewayConfig {
    otherListeners = List.copyOf(otherListeners);
    Set<String> names = new HashSet<>(Set.of(ListenerConfig.DEFAULT_NAME));
    for (ListenerConfig listener : otherListeners) {
      if (!names.add(listener.name())) {
        throw new IllegalArgumentException("two listeners are named '" + listener.name() + "'");
      }
    }
    within(PREFIX + "port", port, 0, MOST_OF_16_BITS);
    within(PREFIX + "event-loops", eventLoops, 0, 256);
    within(
        PREFIX + "max-packet-size", limits.maxPacketBytes(), LEAST_PACKET_BYTES, MOST_PACKET_BYTES);
    within(PREFIX + "receive-maximum", limits.receiveMaximum(), 1, MOST_OF_16_BITS);
    within(PREFIX + "max-in-flight", limits.maxInFlight(), 1, MOST_OF_16_BITS);
    atLeast(PREFIX + "max-queued-messages", limits.maxQueuedMessages(), 0);
    atLeast(PREFIX + "max-queued-bytes", limits.maxQueuedBytes(), 1);
    within(PREFIX + "topic-alias-maximum", limits.topicAliasMaximum(), 0, MOST_OF_16_BITS);
    within(
        PREFIX + "max-keep-alive",
        Duration.ofSeconds(limits.maxKeepAliveSeconds()),
        Duration.ZERO,
        Duration.ofSeconds(MOST_OF_16_BITS));
    within(PREFIX + "max-topic-levels", limits.topics().maxLevels(), 1, Utf8String.MAX_BYTES);
    within(PREFIX + "max-topic-bytes", limits.topics().maxBytes(), 1, Utf8String.MAX_BYTES);
    atLeast(PREFIX + "max-filters", limits.topics().maxFilters(), 1);
    atLeast(PREFIX + "max-subscriptions", limits.topics().maxSubscriptions(), 1);
    atLeast(PREFIX + "max-connections", maxConnections, 0);
    atLeast(PREFIX + "max-unanswered-bytes", maxUnansweredBytes, 1);
    atLeast(PREFIX + "client-memory", clientMemoryBytes, 1);
    within(PREFIX + "connect-timeout", connectTimeout, SHORTEST_TIME, LONGEST_TIME);
    within(PREFIX + "failure-detection", failureDetection, SHORTEST_TIME, LONGEST_TIME);
  }

  /** The defaults, on a port. */
  public static GatewayConfig onPort(int port) {
    return new GatewayConfig(
        "0.0.0.0",
        port,
        0,
        Limits.DEFAULT.withMaxQueuedBytes(
            MemoryDefaults.maxQueuedBytes(MemoryDefaults.clientMemoryBytes())),
        0,
        MemoryDefaults.maxUnansweredBytes(MemoryDefaults.clientMemoryBytes(), 0),
        MemoryDefaults.clientMemoryBytes(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(3),
        false,
        List.of());
  }

  /**
   * The same, with no more connections than the limit of open files leaves.
   *
   * @param reserved what others in this process need, beside the process itself
   * @throws IOException if nothing is left; the message says what is needed
   */
  public GatewayConfig withinFileLimit(long limit, int reserved) throws IOException {
    int loops = eventLoops > 0 ? eventLoops : Runtime.getRuntime().availableProcessors();
    long needed = OWN_FILES + (long) FILES_PER_LOOP * loops + reserved;
    long left = Math.min(limit - needed, MOST_CONNECTIONS);
    if (left < 1) {
      throw new IOException(
          "the limit of open files (ulimit -n) is "
              + limit
              + ": without any client, "
              + needed
              + " are needed");
    }
    return new GatewayConfig(
        host,
        port,
        eventLoops,
        limits,
        (int) (maxConnections == 0 ? left : Math.min(left, maxConnections)),
        maxUnansweredBytes,
        clientMemoryBytes,
        connectTimeout,
        failureDetection,
        logConnections,
        otherListeners);
  }

  /** Everywhere that it listens; first at its own host and port, in the nameless namespace. */
  public List<ListenerConfig> listeners() {
    List<ListenerConfig> all = new ArrayList<>();
    all.add(
        new ListenerConfig(ListenerConfig.DEFAULT_NAME, host, port, Namespace.NAMELESS, limits, 0));
    all.addAll(otherListeners);
    return all;
  }
}
