package io.vmqtt.simulation.cluster;

import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
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

  /** Shards stay where they are. */
  ClusterFacts facts(SimulatedProcess process) {
    EmbeddedClusterFacts facts = new EmbeddedClusterFacts(process.newThread());
    facts.of(ShardMapFact.SHARD_MAP).create(shardMap);
    return facts;
  }
}
