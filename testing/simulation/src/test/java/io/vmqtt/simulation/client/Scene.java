package io.vmqtt.simulation.client;

import io.vmqtt.simulation.cluster.GatewayHost;
import io.vmqtt.simulation.world.Network;
import io.vmqtt.testkit.history.History;
import io.vmqtt.testkit.time.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Where clients are, and what they record.
 *
 * @param problems what should not have happened and no invariant is about
 */
public record Scene(
    VirtualTime time,
    RandomGenerator random,
    Network network,
    List<GatewayHost> gateways,
    History history,
    List<String> problems) {

  /** Nothing has happened yet. */
  public Scene(
      VirtualTime time, RandomGenerator random, Network network, List<GatewayHost> gateways) {
    this(time, random, network, gateways, new History(time), new ArrayList<>());
  }

  /** Notes a problem. */
  public void fail(String problem) {
    problems.add(problem);
    history.note("PROBLEM: " + problem);
  }
}
