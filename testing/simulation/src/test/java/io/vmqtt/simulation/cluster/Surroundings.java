package io.vmqtt.simulation.cluster;

import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.placement.ClusterFacts;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.simulation.world.Network;
import io.vmqtt.simulation.world.Registrar;
import io.vmqtt.simulation.world.SimulatedProcess;
import io.vmqtt.simulation.world.Transport;
import io.vmqtt.testkit.time.VirtualTime;
import java.util.random.RandomGenerator;

/** Where processes live: what all of them share. */
record Surroundings(
    VirtualTime time,
    RandomGenerator random,
    Network network,
    Transport transport,
    Registrar registrar,
    ShardMap shardMap) {

  LinkEnds ends(String nodeId, SimulatedProcess process) {
    return new LinkEnds(
        new Peer(nodeId, random.nextLong(), "simulated"),
        LinkOptions.NETWORK,
        process.timer(),
        time,
        random);
  }

  ClusterFacts facts(SimulatedProcess process) {
    return new FixedFacts(shardMap, process.newThread());
  }
}
