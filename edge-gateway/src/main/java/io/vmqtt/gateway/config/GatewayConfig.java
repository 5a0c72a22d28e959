package io.vmqtt.gateway.config;

import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.ProtocolLevel;
import io.vmqtt.model.Namespace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be set for a gateway.
 *
 * @param host address to listen on for MQTT
 * @param port port to listen on for MQTT; 0: any free one
 * @param eventLoops threads for connections; 0: as many as there are processors
 * @param limits bounds of one connection of the default listener
 * @param maxConnections further ones are refused; 0: as many as {@link #withinFileLimit} finds
 * @param maxHandshakes TLS handshakes that may be under way; further connections are closed
 * @param maxUnansweredBytes QoS 1 and 2 publishes that may be unanswered per event loop; beyond it
 *     reading from publishers stops
 * @param clientMemoryBytes what may wait for clients, in queues and in sockets, altogether
 * @param connectTimeout from the opening of a connection to its CONNECT, and again to its CONNACK
 * @param failureDetection how long a router that cannot be reached still counts for SUBACK
 * @param logs what is written down of clients
 * @param methods how clients of the default listener prove who they are
 * @param otherListeners addresses beside {@code host} and {@code port}
 * @param rates of the default listener
 * @param listenersFile what says which those addresses are from now on; null: they stay
 */
public record GatewayConfig(
    String host,
    int port,
    int eventLoops,
    Limits limits,
    int maxConnections,
    int maxHandshakes,
    long maxUnansweredBytes,
    long clientMemoryBytes,
    Duration connectTimeout,
    Duration failureDetection,
    LogConfig logs,
    AccessMethods methods,
    List<ListenerConfig> otherListeners,
    ConnectRates rates,
    @Nullable ListenersFile listenersFile) {
  private static final int MOST_CONNECTIONS = 1_000_000;

  /** Consul takes 64 words on a process, and each of these is one. */
  private static final int MOST_OTHER_LISTENERS = 48;

  /** Files of a process without clients and data: jars, HTTP, Consul, links, and some to spare. */
  private static final int OWN_FILES = 176;

  private static final int FILES_PER_LOOP = 3;

  public GatewayConfig {
    otherListeners = requireDistinct(otherListeners, GatewayOptions.LISTENERS.property());
    GatewayOptions.PORT.require(port);
    GatewayOptions.EVENT_LOOPS.require(eventLoops);
    GatewayOptions.MAX_PACKET_SIZE.require((long) limits.maxPacketBytes());
    GatewayOptions.RECEIVE_MAXIMUM.require(limits.receiveMaximum());
    GatewayOptions.MAX_IN_FLIGHT.require(limits.maxInFlight());
    GatewayOptions.MAX_QUEUED_MESSAGES.require(limits.maxQueuedMessages());
    GatewayOptions.MAX_QUEUED_BYTES.require(limits.maxQueuedBytes());
    GatewayOptions.TOPIC_ALIAS_MAXIMUM.require(limits.topicAliasMaximum());
    GatewayOptions.MAX_KEEP_ALIVE.require(Duration.ofSeconds(limits.maxKeepAliveSeconds()));
    GatewayOptions.MAX_TOPIC_LEVELS.require(limits.topics().maxLevels());
    GatewayOptions.MAX_TOPIC_BYTES.require(limits.topics().maxBytes());
    GatewayOptions.MAX_FILTERS.require(limits.topics().maxFilters());
    GatewayOptions.MAX_SUBSCRIPTIONS.require(limits.topics().maxSubscriptions());
    GatewayOptions.MAX_CONNECTIONS.require(maxConnections);
    GatewayOptions.MAX_HANDSHAKES.require(maxHandshakes);
    GatewayOptions.MAX_UNANSWERED_BYTES.require(maxUnansweredBytes);
    GatewayOptions.CLIENT_MEMORY.require(clientMemoryBytes);
    GatewayOptions.CONNECT_TIMEOUT.require(connectTimeout);
    GatewayOptions.FAILURE_DETECTION.require(failureDetection);
  }

  /** One whose default listener takes connections as fast as they come. */
  public GatewayConfig(
      String host,
      int port,
      int eventLoops,
      Limits limits,
      int maxConnections,
      int maxHandshakes,
      long maxUnansweredBytes,
      long clientMemoryBytes,
      Duration connectTimeout,
      Duration failureDetection,
      LogConfig logs,
      AccessMethods methods,
      List<ListenerConfig> otherListeners) {
    this(
        host,
        port,
        eventLoops,
        limits,
        maxConnections,
        maxHandshakes,
        maxUnansweredBytes,
        clientMemoryBytes,
        connectTimeout,
        failureDetection,
        logs,
        methods,
        otherListeners,
        ConnectRates.UNBOUNDED,
        null);
  }

  /**
   * Listeners that can be there together, with the default one.
   *
   * @param as what to call them in a complaint
   * @throws OptionException if they cannot
   */
  static List<ListenerConfig> requireDistinct(List<ListenerConfig> others, String as) {
    if (others.size() > MOST_OTHER_LISTENERS) {
      throw new OptionException(as + ": more than " + MOST_OTHER_LISTENERS + " further listeners");
    }
    Set<String> names = new HashSet<>(Set.of(ListenerConfig.DEFAULT_NAME));
    for (ListenerConfig listener : others) {
      if (!names.add(listener.name())) {
        throw new OptionException(as + ": two listeners are named '" + listener.name() + "'");
      }
    }
    return List.copyOf(others);
  }

  /** The defaults, on a port. */
  public static GatewayConfig onPort(int port) {
    return GatewayOptions.config(
        OptionValues.of(Map.of(GatewayOptions.PORT, Integer.toString(port))));
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
    return with(
        (int) (maxConnections == 0 ? left : Math.min(left, maxConnections)), otherListeners);
  }

  /**
   * The same with other listeners beside the default one.
   *
   * @throws OptionException if they cannot be there together
   */
  public GatewayConfig withListeners(List<ListenerConfig> others) {
    return with(maxConnections, others);
  }

  private GatewayConfig with(int newMaxConnections, List<ListenerConfig> others) {
    return new GatewayConfig(
        host,
        port,
        eventLoops,
        limits,
        newMaxConnections,
        maxHandshakes,
        maxUnansweredBytes,
        clientMemoryBytes,
        connectTimeout,
        failureDetection,
        logs,
        methods,
        others,
        rates,
        listenersFile);
  }

  /** Everywhere that it listens; first at its own host and port, in the nameless namespace. */
  public List<ListenerConfig> listeners() {
    List<ListenerConfig> all = new ArrayList<>();
    all.add(
        new ListenerConfig(
            ListenerConfig.DEFAULT_NAME,
            host,
            port,
            Namespace.NAMELESS,
            limits,
            0,
            methods,
            TransportConfig.TCP,
            ProtocolLevel.ALL,
            rates));
    all.addAll(otherListeners);
    return all;
  }
}
