package io.vmqtt.simulation.cluster;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.router.config.RouterConfig;
import io.vmqtt.router.link.RouterRim;
import io.vmqtt.simulation.world.SimulatedProcess;
import java.util.Map;

/** A machine with a router. */
final class RouterHost extends Host {

  RouterHost(String name, Surroundings surroundings) {
    super(name, Role.ROUTING_SERVICE, surroundings);
  }

  @Override
  void run(SimulatedProcess started, String nodeId) {
    Surroundings around = surroundings();
    Discovery discovery = around.registrar().discovery(started);
    RouterRim router =
        new RouterRim(
            RouterConfig.DEFAULT,
            discovery,
            around.facts(started),
            around.transport().channels(started),
            around.ends(nodeId, started),
            started.newThread(),
            new SimpleMeterRegistry());
    around.transport().serve(nodeId, started, router.service());
    var _ = discovery.register(new Node(nodeId, role(), name(), 1, 0, "simulated", Map.of()));
  }
}
