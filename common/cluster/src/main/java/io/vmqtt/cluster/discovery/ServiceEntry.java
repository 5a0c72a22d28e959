package io.vmqtt.cluster.discovery;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * What Consul is told of a process.
 *
 * @param id unique among all services of the agent
 * @param name the role's service name
 * @param host where the service is reached, by Consul's DNS too
 * @param port the port in Consul's own column: that of HTTP; the others are in the tags and meta
 * @param health answers 200 to GET as long as this process, and no later one at its address, can
 *     work
 */
public record ServiceEntry(
    String id,
    String name,
    String host,
    int port,
    List<String> tags,
    Map<String, String> meta,
    URI health) {

  /** Names, in {@link #health}, the node that is meant. */
  public static final String NODE_PARAMETER = "node";

  public ServiceEntry {
    tags = List.copyOf(tags);
    meta = Map.copyOf(meta);
  }
}
