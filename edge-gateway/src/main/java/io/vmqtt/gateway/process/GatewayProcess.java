package io.vmqtt.gateway.process;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.node.RoleLinks;
import io.vmqtt.cluster.status.NodeStatus;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.config.ListenerConfig;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What this process is to the others, and how it is doing. */
@Singleton
final class GatewayProcess implements LocalNode, NodeStatus, AutoCloseable {
  private static final long LOOK_MILLIS = 200;

  private final GatewayNode gateway;
  private final Peer self;

  /** Looks whether it has become ready, or is no longer. */
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("gateway-readiness").factory());

  /** As it was told last; belongs to the thread of {@link #looks}. */
  private boolean toldReady;

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
    if (isReady()) {
      meta.put(Node.READY, "true");
    }
    return meta;
  }

  @Override
  public void whenChanged(Runnable told) {
    gateway.whenListenersChange(told);
    told.run();
    var _ =
        looks.scheduleWithFixedDelay(
            () -> tellOfReadiness(told), 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tellOfReadiness(Runnable told) {
    boolean ready = isReady();
    if (ready != toldReady) {
      toldReady = ready;
      told.run();
    }
  }

  @Override
  @PreDestroy
  public void close() {
    looks.shutdownNow();
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
