package io.vmqtt.registry.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many replicas each store gets: its weight's part of all, rounded so that the sum is exact
 * (the largest remainders are rounded up), and never more than there are shards, since a store
 * holds a shard at most once.
 */
final class Portions {
  private Portions() {}

  /**
   * @param total how many replicas there are to place; at most {@code stores} times {@code most}
   * @param most the most that one store can hold
   */
  static Map<Store, Integer> of(List<Store> stores, int total, int most) {
    Map<Store, Integer> portions = new HashMap<>();
    List<Store> open = new ArrayList<>(stores);
    int rest = total;
    // A store whose part is more than it can hold gets what it can; the others share the rest anew.
    boolean changed = true;
    while (changed) {
      changed = false;
      long weights = weightOf(open);
      for (Store store : List.copyOf(open)) {
        if ((long) rest * store.weight() >= (long) most * weights) {
          portions.put(store, most);
          open.remove(store);
          rest -= most;
          changed = true;
          break;
        }
      }
    }
    share(portions, open, rest);
    return portions;
  }

  private static void share(Map<Store, Integer> portions, List<Store> open, int rest) {
    long weights = weightOf(open);
    int shared = 0;
    for (Store store : open) {
      int whole = (int) ((long) rest * store.weight() / weights);
      portions.put(store, whole);
      shared += whole;
    }
    List<Store> byRemainder = new ArrayList<>(open);
    byRemainder.sort(
        Comparator.comparingLong((Store store) -> -((long) rest * store.weight() % weights))
            .thenComparing(Store.BY_ID));
    for (Store store : byRemainder.subList(0, rest - shared)) {
      portions.merge(store, 1, Integer::sum);
    }
  }

  private static long weightOf(List<Store> stores) {
    return stores.stream().mapToLong(Store::weight).sum();
  }
}
