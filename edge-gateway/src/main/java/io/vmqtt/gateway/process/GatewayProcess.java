package io.vmqtt.gateway.process;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.node.RoleLinks;
import io.vmqtt.cluster.operation.Answers;
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
  private final MeterRegistry meters;

  /** Looks whether it has become ready, or is no longer. */
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("gateway-readiness").daemon().factory());

  /** As it was told last; belongs to the thread of {@link #looks}. */
  private boolean toldReady;

  GatewayProcess(GatewayNode gateway, RoleLinks links, MeterRegistry meters) {
    this.gateway = gateway;
    this.meters = meters;
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
  public Answers answers() {
    return gateway.answers();
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
        new TreeMap<>(gateway.ports()),
        "links",
        gateway.links(),
        "messages",
        messages());
  }

  /** Since the start: who asks twice knows how many a second. */
  private Map<String, Long> messages() {
    return Map.of(
        "in", count("publishes"),
        "out", count("deliveries") + count("pushes"),
        "dropped", count("shed") + count("left.dropped"),
        "denied", count("publishes.denied") + count("deliveries.denied"));
  }

  private long count(String counter) {
    double sum = 0;
    for (Meter meter : meters.find("vmqtt.gateway." + counter).meters()) {
      for (Measurement measurement : meter.measure()) {
        sum += measurement.getValue();
      }
    }
    return (long) sum;
  }
}
