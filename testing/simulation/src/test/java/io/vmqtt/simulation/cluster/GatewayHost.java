package io.vmqtt.simulation.cluster;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.link.Gateway;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.simulation.world.SimulatedProcess;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A machine with a gateway. */
public final class GatewayHost extends Host {
  private final Set<Runnable> connections = new LinkedHashSet<>();
  private @Nullable Gateway gateway;
  private int lastLane;

  GatewayHost(String name, Surroundings surroundings) {
    super(name, Role.EDGE_GATEWAY, surroundings);
  }

  @Override
  void run(SimulatedProcess started, String nodeId) {
    Surroundings around = surroundings();
    Discovery discovery = around.registrar().discovery(started);
    LinkEnds ends = around.ends(nodeId, started);
    gateway =
        new Gateway(
            GatewayConfig.onPort(0),
            discovery,
            around.facts(started),
            around.transport().channels(started),
            ends,
            new SimpleMeterRegistry(),
            List.of(started.newThread(), started.newThread()),
            message -> new Parcel(message, around.time()));
    Map<String, String> meta = Map.of(Node.PROCESS, Long.toUnsignedString(ends.self().process()));
    var _ = discovery.register(new Node(nodeId, role(), name(), 1, 0, "simulated", meta));
  }

  /**
   * A client has a connection.
   *
   * @param whenKilled runs when the process is
   * @throws IllegalStateException if nobody is there to take it
   */
  public Lane accept(Runnable whenKilled) {
    Gateway listening = gateway;
    if (listening == null) {
      throw new IllegalStateException(name() + " is down");
    }
    connections.add(whenKilled);
    List<Lane> lanes = listening.lanes();
    lastLane = (lastLane + 1) % lanes.size();
    return lanes.get(lastLane);
  }

  /** The client's connection is over. */
  public void forget(Runnable whenKilled) {
    connections.remove(whenKilled);
  }

  @Override
  void killed() {
    gateway = null;
    List<Runnable> broken = List.copyOf(connections);
    connections.clear();
    broken.forEach(Runnable::run);
  }
}
