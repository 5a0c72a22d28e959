package io.vmqtt.gateway.link;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.placement.ShardMapFact;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a gateway says of the cluster under {@code $SYS/cluster/}: how many processes of each role
 * are healthy, and the shards, where that changes; and, once, which process has come or is gone.
 * Every gateway says the same.
 */
final class ClusterTopics implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREFIX = "$SYS/cluster/";

  private final SystemTopics system;
  private final InstantSource clock;
  private final List<Registration> watches = new ArrayList<>();
  private final Map<String, String> texts = new TreeMap<>();
  private final Map<Role, Set<Node>> healthy = new EnumMap<>(Role.class);

  /** Begins to tell. */
  ClusterTopics(Discovery discovery, ClusterFacts facts, SystemTopics system, InstantSource clock) {
    this.system = system;
    this.clock = clock;
    for (Role role : Role.OF_CLUSTER) {
      watches.add(discovery.watch(role, nodes -> discovered(role, nodes)));
    }
    watches.add(
        facts
            .of(ShardMapFact.SHARD_MAP)
            .watch(
                map ->
                    tell(
                        Map.of(
                            "id", map.cluster(),
                            "shards", Integer.toString(map.shardCount()),
                            "shard-map/epoch", Long.toString(map.epoch())))));
  }

  private synchronized void tell(Map<String, String> more) {
    texts.putAll(more);
    system.tell(PREFIX, texts);
  }

  private synchronized void discovered(Role role, Set<Node> nodes) {
    tell(Map.of(topic(role), Integer.toString(nodes.size())));
    Set<Node> before = healthy.put(role, nodes);
    if (before != null) {
      tellOnce(nodes, before, "up");
      tellOnce(before, nodes, "down");
    }
  }

  /**
   * Of those that are not among the others: by id, for what a process says of itself may change.
   */
  private void tellOnce(Set<Node> nodes, Set<Node> others, String event) {
    List<String> known = others.stream().map(Node::id).toList();
    for (Node node : nodes) {
      if (!known.contains(node.id())) {
        system.tellOnce(
            PREFIX + topic(node.role()) + '/' + node.id() + '/' + event, () -> text(node));
      }
    }
  }

  private static String topic(Role role) {
    return "nodes/" + role.serviceName();
  }

  private String text(Node node) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Map<String, String> about = new LinkedHashMap<>();
    about.put("id", node.id());
    about.put("role", node.role().serviceName());
    about.put("host", node.host());
    about.put("version", node.version());
    about.put("at", now.toString());
    try {
      return JSON.writeValueAsString(about);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    watches.forEach(Registration::close);
  }
}
