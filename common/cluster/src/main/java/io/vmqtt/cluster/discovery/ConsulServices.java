package io.vmqtt.cluster.discovery;

import com.ecwid.consul.v1.health.model.Check;
import com.ecwid.consul.v1.health.model.HealthService;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Nodes as services of Consul and back: {@code nodeOf(serviceOf(node))} equals {@code node}. */
final class ConsulServices {
  private static final String NODE_ID = "node-id";
  private static final String GRPC_PORT = "grpc-port";
  private static final String HTTP_PORT = "http-port";
  private static final String VERSION = "version";

  /** The keys that stand for components of {@link Node} of their own. */
  private static final Set<String> OWN_KEYS = Set.of(NODE_ID, GRPC_PORT, HTTP_PORT, VERSION);

  private static final String PORT_SUFFIX = "-port";

  private ConsulServices() {}

  static String serviceIdOf(Node node) {
    return node.role().serviceName() + "-" + node.id();
  }

  static ServiceEntry serviceOf(Node node) {
    if (node.httpPort() == 0) {
      throw new IllegalArgumentException(
          "node " + node.id() + " serves no HTTP: Consul could not see whether it lives");
    }
    Map<String, String> meta = new TreeMap<>(node.meta());
    meta.put(NODE_ID, node.id());
    meta.put(GRPC_PORT, String.valueOf(node.grpcPort()));
    meta.put(HTTP_PORT, String.valueOf(node.httpPort()));
    meta.put(VERSION, node.version());
    return new ServiceEntry(
        serviceIdOf(node),
        node.role().serviceName(),
        node.host(),
        node.httpPort(),
        tagsOf(node, meta),
        meta,
        healthOf(node));
  }

  private static URI healthOf(Node node) {
    return node.http(
        "/health?"
            + ServiceEntry.NODE_PARAMETER
            + '='
            + URLEncoder.encode(node.id(), StandardCharsets.UTF_8));
  }

  /**
   * The version, each port by its name, and whether it serves clients: what one looks for in
   * Consul's list of services, and a load balancer in its DNS.
   */
  private static List<String> tagsOf(Node node, Map<String, String> meta) {
    List<String> tags = new ArrayList<>();
    tags.add("v" + node.version());
    meta.forEach(
        (key, value) -> {
          if (key.endsWith(PORT_SUFFIX) && !value.equals("0")) {
            tags.add(key.substring(0, key.length() - PORT_SUFFIX.length()) + "-" + value);
          } else if (key.equals(Node.READY)) {
            tags.add(key);
          }
        });
    return tags;
  }

  /** The node that a service stands for, or nothing where it is not one of ours. */
  static Optional<Node> nodeOf(Role role, HealthService.Service service) {
    Map<String, String> meta = service.getMeta();
    if (meta == null || !meta.keySet().containsAll(OWN_KEYS)) {
      return Optional.empty();
    }
    Map<String, String> others = new TreeMap<>(meta);
    others.keySet().removeAll(OWN_KEYS);
    try {
      return Optional.of(
          new Node(
              meta.getOrDefault(NODE_ID, ""),
              role,
              service.getAddress(),
              Integer.parseInt(meta.getOrDefault(GRPC_PORT, "")),
              Integer.parseInt(meta.getOrDefault(HTTP_PORT, "")),
              meta.getOrDefault(VERSION, ""),
              others));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // Somebody else's service under our name.
    }
  }

  /** How a service is: as ill as the worst of its checks, that of its machine included. */
  static Member.Health healthOf(HealthService service) {
    for (Check check : service.getChecks()) {
      if (check.getStatus() != Check.CheckStatus.PASSING) {
        return Member.Health.CRITICAL;
      }
    }
    return Member.Health.PASSING;
  }
}
