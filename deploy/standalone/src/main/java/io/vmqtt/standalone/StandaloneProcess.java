package io.vmqtt.standalone;

import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.status.NodeStatus;
import jakarta.inject.Singleton;
import java.util.Map;

/** What this process says of itself. */
@Singleton
final class StandaloneProcess implements LocalNode, NodeStatus {
  static final String MQTT_PORT = "mqtt-port";
  static final String SHARDS = "shards";

  private final StandaloneNode node;

  StandaloneProcess(StandaloneNode node) {
    this.node = node;
  }

  @Override
  public String id() {
    return node.id();
  }

  @Override
  public Role role() {
    return Role.STANDALONE;
  }

  /** None: its roles talk without a network. */
  @Override
  public int grpcPort() {
    return 0;
  }

  @Override
  public Map<String, String> meta() {
    return Map.of(
        MQTT_PORT, Integer.toString(node.port()), SHARDS, Integer.toString(node.shardCount()));
  }

  @Override
  public boolean isReady() {
    return node.isReady();
  }

  @Override
  public Map<String, Object> figures() {
    return Map.of("ready", isReady(), "connections", node.connections(), "shards", node.shards());
  }
}
