package io.vmqtt.gateway.config;

import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.ProtocolLevel;
import io.vmqtt.model.Namespace;
import java.util.Set;

/**
 * An address to listen on for MQTT, and what holds for all that come there.
 *
 * @param name in metrics and complaints; 1 to 64 characters of {@code a-z0-9-_}
 * @param host address
 * @param port 0: any free one
 * @param namespace where its clients are, unless access control puts them elsewhere
 * @param limits bounds of one connection
 * @param maxConnections further ones are closed as they come; 0: as many as the gateway takes
 * @param methods how its clients prove who they are
 * @param transport how its clients come
 * @param levels versions of MQTT that they may speak
 * @param rates how fast they may come
 */
public record ListenerConfig(
    String name,
    String host,
    int port,
    Namespace namespace,
    Limits limits,
    int maxConnections,
    AccessMethods methods,
    TransportConfig transport,
    Set<ProtocolLevel> levels,
    ConnectRates rates) {
  /** The one that options of the gateway itself make. */
  public static final String DEFAULT_NAME = "default";

  public ListenerConfig {
    levels = Set.copyOf(levels);
    if (!Namespace.isName(name)) {
      throw new IllegalArgumentException(
          "a listener's name has 1 to 64 characters of a-z0-9-_, not '" + name + "'");
    }
    String prefix = "vmqtt.gateway.listeners." + name + '.';
    GatewayOptions.PORT.type().require(port, prefix + "port");
    GatewayOptions.MAX_CONNECTIONS.type().require(maxConnections, prefix + "max-connections");
  }

  /** One that takes connections as fast as they come. */
  public ListenerConfig(
      String name,
      String host,
      int port,
      Namespace namespace,
      Limits limits,
      int maxConnections,
      AccessMethods methods,
      TransportConfig transport,
      Set<ProtocolLevel> levels) {
    this(
        name,
        host,
        port,
        namespace,
        limits,
        maxConnections,
        methods,
        transport,
        levels,
        ConnectRates.UNBOUNDED);
  }

  /** One whose clients may speak every version. */
  public ListenerConfig(
      String name,
      String host,
      int port,
      Namespace namespace,
      Limits limits,
      int maxConnections,
      AccessMethods methods,
      TransportConfig transport) {
    this(
        name, host, port, namespace, limits, maxConnections, methods, transport, ProtocolLevel.ALL);
  }

  /** One of TCP, as it is, of which nothing says who may come in. */
  public ListenerConfig(
      String name, String host, int port, Namespace namespace, Limits limits, int maxConnections) {
    this(
        name,
        host,
        port,
        namespace,
        limits,
        maxConnections,
        AccessMethods.NONE,
        TransportConfig.TCP);
  }

  /**
   * Whether it takes the place of another one of its name: its address, transport or namespace is
   * another. Else it is the same that says other things of itself, for whoever comes then.
   */
  public boolean isOther(ListenerConfig before) {
    return !host.equals(before.host)
        || port != before.port
        || !namespace.equals(before.namespace)
        || !transport.isLike(before.transport);
  }

  public boolean isDefault() {
    return name.equals(DEFAULT_NAME);
  }
}
