package io.vmqtt.simulation.cluster;

import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.simulation.world.Network;
import io.vmqtt.simulation.world.Registrar;
import io.vmqtt.simulation.world.Tap;
import io.vmqtt.simulation.world.Transport;
import io.vmqtt.testkit.time.VirtualTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Gateways, routers and stores, every shard on every store. */
public final class SimulatedCluster {
  private static final int SHARDS = 2;
  private static final int GATEWAYS = 2;
  private static final int ROUTERS = 2;
  private static final int STORES = 3;

  private final Network network;
  private final Transport transport;
  private final List<GatewayHost> gateways = new ArrayList<>();
  private final List<StoreHost> stores = new ArrayList<>();
  private final List<Host> hosts = new ArrayList<>();
  private final List<SimulatedRaft> rafts = new ArrayList<>();

  /**
   * A cluster that is about to start.
   *
   * @param flaw what is wrong with it
   */
  public SimulatedCluster(VirtualTime time, RandomGenerator random, Flaw flaw) {
    network = new Network(time, random);
    transport = new Transport(network);
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= STORES; i++) {
      names.add("store-" + i);
    }
    Surroundings surroundings =
        new Surroundings(
            time,
            random,
            network,
            transport,
            new Registrar(time, network),
            new ShardMap(1, STORES, Collections.nCopies(SHARDS, names)));
    for (int shard = 0; shard < SHARDS; shard++) {
      rafts.add(new SimulatedRaft(time, network, random, flaw));
    }
    for (String name : names) {
      Flaw ofStore = flaw == Flaw.LOSES_CHANGES && !stores.isEmpty() ? Flaw.NONE : flaw;
      stores.add(new StoreHost(name, surroundings, rafts, ofStore));
    }
    hosts.addAll(stores);
    for (int i = 1; i <= ROUTERS; i++) {
      hosts.add(new RouterHost("router-" + i, surroundings));
    }
    for (int i = 1; i <= GATEWAYS; i++) {
      gateways.add(new GatewayHost("gateway-" + i, surroundings));
    }
    hosts.addAll(gateways);
    hosts.forEach(Host::start);
  }

  public Network network() {
    return network;
  }

  /** Every machine. */
  public List<Host> hosts() {
    return Collections.unmodifiableList(hosts);
  }

  public List<GatewayHost> gateways() {
    return Collections.unmodifiableList(gateways);
  }

  public List<StoreHost> stores() {
    return Collections.unmodifiableList(stores);
  }

  public int shards() {
    return rafts.size();
  }

  /** Where replicas of a shard have made different things of the same entries of its log. */
  public List<String> differencesOfReplicas() {
    List<String> differences = new ArrayList<>();
    for (int shard = 0; shard < rafts.size(); shard++) {
      int number = shard;
      HeapStorage first = stores.getFirst().tables(number);
      stores.stream()
          .flatMap(other -> first.difference(other.tables(number)).stream())
          .map(difference -> "replicas of shard " + number + " differ: " + difference)
          .forEach(differences::add);
    }
    return differences;
  }

  /** Has another replica lead the shard, if one can. */
  public void transfer(int shard) {
    rafts.get(shard).transfer();
  }

  /** Has somebody hear what goes over links. */
  public void tap(Tap tap) {
    transport.tap(tap);
  }
}
