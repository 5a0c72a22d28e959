package io.vmqtt.gateway.process;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.node.RoleLinks;
import io.vmqtt.cluster.status.NodeStatus;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.config.ListenerConfig;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What this process is to the others, and how it is doing. */
@Singleton
final class GatewayProcess implements LocalNode, NodeStatus {
  private final GatewayNode gateway;
  private final Peer self;

  GatewayProcess(GatewayNode gateway, RoleLinks links) {
    this.gateway = gateway;
    this.self = links.ends(role()).self();
  }

  @Override
  public String id() {
    return self.nodeId();
  }

  @Override
  public Role role() {
    return Role.EDGE_GATEWAY;
  }

  @Override
  public int grpcPort() {
    return 0;
  }

  @Override
  public Map<String, String> meta() {
    Map<String, String> meta = new HashMap<>();
    gateway
        .ports()
        .forEach(
            (listener, port) ->
                meta.put(
                    listener.equals(ListenerConfig.DEFAULT_NAME)
                        ? Node.MQTT_PORT
                        : Node.mqttPortOf(listener),
                    Integer.toString(port)));
    meta.put(Node.PROCESS, Long.toUnsignedString(self.process()));
    return meta;
  }

  @Override
  public void whenChanged(Runnable told) {
    gateway.whenListenersChange(told);
    told.run();
  }

  @Override
  public boolean isReady() {
    return gateway.isReady();
  }

  @Override
  public Map<String, Object> figures() {
    return Map.of(
        "ready",
        isReady(),
        "connections",
        gateway.connections(),
        "listeners",
        new TreeMap<>(gateway.ports()));
  }
}
