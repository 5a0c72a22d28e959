package io.vmqtt.cluster.discovery;

import com.google.common.net.HostAndPort;
import java.net.URI;
import java.util.Map;

/**
 * One process of the cluster and where it can be reached.
 *
 * @param id names the process: random per process start, except for a store, whose id is kept in
 *     its data folder because shards are placed on it
 * @param role what the process does
 * @param host a name or address under which the other processes reach it
 * @param grpcPort where it serves gRPC; 0 where it serves none
 * @param httpPort where it serves HTTP (health, status, metrics); 0 where it serves none
 * @param version the version of V-MQTT it runs
 * @param meta more facts for people and for tools, such as {@link #MQTT_PORT}: keys of letters,
 *     digits, {@code -} and {@code _}; never a secret
 */
public record Node(
    String id,
    Role role,
    String host,
    int grpcPort,
    int httpPort,
    String version,
    Map<String, String> meta) {
  /** Key of a gateway's or a store's meta: the number of the process, an unsigned decimal. */
  public static final String PROCESS = "process";

  /** Key of a gateway's meta: the port of its default listener. */
  public static final String MQTT_PORT = "mqtt-port";

  /** Key of a store's meta: the port of its Raft. */
  public static final String RAFT_PORT = "raft-port";

  /** Key of a store's meta: the name that it keeps when it loses its disk, and with it its id. */
  public static final String NAME = "name";

  /** Key of a gateway's meta, and tag in Consul: it serves clients. Without it, it refuses them. */
  public static final String READY = "ready";

  /** Key of the meta of a process whose HTTP speaks TLS. */
  public static final String HTTP_TLS = "http-tls";

  /** Key of a gateway's meta: the port of the further listener of that name. */
  public static String mqttPortOf(String listener) {
    return "mqtt-" + listener + "-port";
  }

  public Node {
    if (id.isBlank()) {
      throw new IllegalArgumentException("a node needs an id");
    }
    if (host.isBlank()) {
      throw new IllegalArgumentException("node " + id + " needs a host");
    }
    requirePort(id, "gRPC", grpcPort);
    requirePort(id, "HTTP", httpPort);
    meta = Map.copyOf(meta);
  }

  /** Whether its HTTP speaks TLS. */
  public boolean speaksTls() {
    return meta.containsKey(HTTP_TLS);
  }

  /**
   * Where its HTTP is.
   *
   * @param path with the leading slash
   */
  public URI http(String path) {
    String scheme = speaksTls() ? "https://" : "http://";
    return URI.create(scheme + HostAndPort.fromParts(host, httpPort) + path);
  }

  private static void requirePort(String id, String name, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "node " + id + " has an impossible " + name + " port " + port);
    }
  }
}
