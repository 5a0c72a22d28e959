package io.vmqtt.registry.placement;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.placement.CarriedMap;
import io.vmqtt.cluster.placement.ShardMap;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where the shard map comes from while neither Consul nor this registry has one: from the disks of
 * stores, or, where no store has heard of any, from the plan.
 *
 * <p>A map made anew while data lies by an old one would hide that data from its clients. So every
 * store that is here must have said what it carries, and what one carries is restored, also where
 * the stores that it names are not here yet.
 *
 * @param plan how a new cluster is laid out
 * @param newCluster whether a new one is wanted although there was one, of which no store that is
 *     here holds a shard
 * @param clusterIds makes up the ids of new clusters
 */
record Founding(PlacementPlan plan, boolean newCluster, Supplier<String> clusterIds) {

  /** What is to be done. */
  sealed interface Step {
    /** The map is to be written. */
    record Write(ShardMap map, String why) implements Step {}

    /** Nothing can be done before the stores change. */
    record AwaitStores(String why) implements Step {}

    /** Nothing can be done before all stores have answered. */
    record AskAgain(String why) implements Step {}
  }

  /**
   * @param stores those that are here
   * @param answers what they carry, as far as they have said so
   */
  Step next(Collection<Node> stores, Map<Node, CarriedMap> answers) {
    if (!answers.keySet().containsAll(stores)) {
      return new Step.AskAgain(
          "Waiting for stores to say which shard map they carry: " + names(stores, answers));
    }
    List<CarriedMap> all =
        answers.values().stream().filter(answer -> answer.shardMap() != null).toList();
    List<CarriedMap> holders = all.stream().filter(Founding::holdsShards).toList();
    if (all.isEmpty() || (newCluster && holders.isEmpty())) {
      return place(stores, all);
    }
    Set<String> clusters =
        (holders.isEmpty() ? all : holders)
            .stream()
                .map(one -> mapOf(one).cluster())
                .collect(Collectors.toCollection(TreeSet::new));
    if (clusters.size() > 1) {
      return new Step.AwaitStores(
          "Waiting, for stores of different clusters are here ("
              + all.stream()
                  .map(one -> one.store() + " of " + mapOf(one).cluster())
                  .sorted()
                  .collect(Collectors.joining(", "))
              + "): stop those that do not belong to this one");
    }
    CarriedMap latest =
        all.stream()
            .filter(one -> clusters.contains(mapOf(one).cluster()))
            .max(Comparator.comparingLong(one -> mapOf(one).epoch()))
            .orElseThrow();
    return new Step.Write(mapOf(latest), "restored from store " + latest.store());
  }

  private Step place(Collection<Node> stores, List<CarriedMap> others) {
    if (stores.size() < plan.stores()) {
      return new Step.AwaitStores(
          "Waiting for "
              + plan.stores()
              + " stores before shards are placed; "
              + stores.size()
              + " so far");
    }
    return new Step.Write(
        plan.place(stores.stream().map(Store::of).toList()).of(clusterIds.get()),
        others.isEmpty() ? "new" : "new, though stores knew another cluster");
  }

  private static String names(Collection<Node> stores, Map<Node, CarriedMap> answers) {
    return stores.stream()
        .filter(node -> !answers.containsKey(node))
        .map(Node::id)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static boolean holdsShards(CarriedMap one) {
    return mapOf(one).stores().contains(one.store());
  }

  private static ShardMap mapOf(CarriedMap one) {
    ShardMap map = one.shardMap();
    if (map == null) {
      throw new IllegalArgumentException(one.store() + " carries no shard map");
    }
    return map;
  }
}
