package io.vmqtt.simulation.client;

import io.vmqtt.model.Namespace;
import io.vmqtt.simulation.cluster.GatewayHost;
import io.vmqtt.simulation.world.Network;
import io.vmqtt.testkit.history.History;
import io.vmqtt.testkit.history.Invariant;
import io.vmqtt.testkit.time.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Where the clients of a namespace are, and what they record.
 *
 * @param problems what should not have happened and no invariant is about
 */
public record Scene(
    VirtualTime time,
    RandomGenerator random,
    Network network,
    List<GatewayHost> gateways,
    Namespace namespace,
    History history,
    List<String> problems) {

  /** Nothing has happened yet. */
  public Scene(
      VirtualTime time,
      RandomGenerator random,
      Network network,
      List<GatewayHost> gateways,
      Namespace namespace) {
    this(time, random, network, gateways, namespace, new History(time), new ArrayList<>());
  }

  /** Throws an {@link AssertionError} if there was a problem, or a promise was broken. */
  public void mustKeep(Invariant... invariants) {
    if (!problems.isEmpty()) {
      throw new AssertionError(String.join("; ", problems));
    }
    history.mustKeep(invariants);
  }

  /** Notes a problem. */
  public void fail(String problem) {
    problems.add(problem);
    history.note("PROBLEM: " + problem);
  }
}
