package io.vmqtt.registry.placement;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import io.vmqtt.cluster.placement.ShardMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Places shards on stores by weighted rendezvous hashing within portions.
 *
 * <p>Every store bids for every shard with a number that depends on both alone; the highest bids
 * win the replicas. Bids alone would give eight shards on three stores as 5, 2 and 1, so a store
 * bids only until its portion is filled. The same stores always give the same map, whoever computes
 * it.
 */
public final class Rendezvous {
  private static final HashFunction HASH = Hashing.farmHashFingerprint64();

  private Rendezvous() {}

  /**
   * The first shard map of a cluster that has no id yet.
   *
   * @throws IllegalArgumentException if there are fewer stores than replicas of a shard
   */
  public static ShardMap place(Collection<Store> stores, int shardCount, int replicationFactor) {
    if (stores.size() < replicationFactor) {
      throw new IllegalArgumentException(
          replicationFactor + " replicas cannot lie on " + stores.size() + " stores");
    }
    List<Store> ordered = stores.stream().sorted(Store.BY_ID).toList();
    Map<Store, Integer> portions = Portions.of(ordered, shardCount * replicationFactor, shardCount);
    Map<Store, Integer> led = new HashMap<>();
    List<List<Store>> placed = new ArrayList<>(shardCount);
    for (int shard = 0; shard < shardCount; shard++) {
      List<Store> winners =
          winners(ordered, portions, shard, shardCount - shard, replicationFactor);
      winners.forEach(winner -> portions.merge(winner, -1, Integer::sum));
      led.merge(winners.getFirst(), 1, Integer::sum);
      placed.add(winners);
    }
    boolean better = true;
    while (better) {
      better = false;
      for (List<Store> winners : placed) {
        better |= evenOut(winners, led);
      }
    }
    return new ShardMap(
        "",
        1,
        replicationFactor,
        placed.stream().map(winners -> winners.stream().map(Store::id).toList()).toList(),
        ordered.stream()
            .filter(store -> !store.name().isEmpty())
            .collect(Collectors.toMap(Store::id, Store::name)));
  }

  /**
   * The stores that hold this shard, the highest bid first.
   *
   * <p>A store whose portion is as large as the number of shards left must win each of them, or it
   * could not fill its portion. There are never more such stores than replicas: the portions that
   * are left sum up to the shards left times the replicas.
   */
  private static List<Store> winners(
      List<Store> stores,
      Map<Store, Integer> portions,
      int shard,
      int shardsLeft,
      int replicationFactor) {
    List<Store> bidders = new ArrayList<>(stores);
    bidders.removeIf(store -> portions.getOrDefault(store, 0) == 0);
    Comparator<Store> byBid = Comparator.comparingDouble(store -> -bid(store, shard));
    bidders.sort(byBid.thenComparing(Store.BY_ID));
    List<Store> winners = new ArrayList<>(bidders);
    winners.removeIf(store -> portions.getOrDefault(store, 0) < shardsLeft);
    bidders.removeAll(new HashSet<>(winners));
    winners.addAll(bidders.subList(0, replicationFactor - winners.size()));
    winners.sort(byBid.thenComparing(Store.BY_ID));
    return winners;
  }

  /**
   * Hands a shard's lead to another of its stores if that evens the leads out. Each hand-over
   * lowers the sum of (leads squared / weight) over the stores, so they come to an end.
   *
   * @return whether it did
   */
  private static boolean evenOut(List<Store> winners, Map<Store, Integer> led) {
    Store leader = winners.getFirst();
    double relief = (2.0 * led.getOrDefault(leader, 0) - 1) / leader.weight();
    for (Store candidate : winners) {
      double burden = (2.0 * led.getOrDefault(candidate, 0) + 1) / candidate.weight();
      if (!candidate.equals(leader) && burden < relief) {
        winners.remove(candidate);
        winners.addFirst(candidate);
        led.merge(leader, -1, Integer::sum);
        led.merge(candidate, 1, Integer::sum);
        return true;
      }
    }
    return false;
  }

  /** Weighted rendezvous hashing: -w / ln(u), where u in (0, 1) is even over stores and shards. */
  private static double bid(Store store, int shard) {
    long hash =
        HASH.hashBytes((store.id() + '#' + shard).getBytes(StandardCharsets.UTF_8)).asLong();
    double even = ((hash >>> 11) + 0.5) * 0x1.0p-53;
    return -store.weight() / StrictMath.log(even);
  }
}
