package io.vmqtt.registry.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.placement.ShardMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RendezvousTest {

  @ParameterizedTest
  @CsvSource({"1,8,1", "2,8,1", "3,8,1", "3,8,3", "5,8,3", "5,64,3", "7,1,2", "12,8,1", "4,1000,4"})
  void place_equalStores_replicasDifferByOneAtMost(int stores, int shards, int replicationFactor) {
    ShardMap map = Rendezvous.place(stores(stores), shards, replicationFactor);

    assertEquals(1, map.epoch());
    assertEquals(shards, map.shardCount());
    assertEquals(replicationFactor, map.replicationFactor());
    map.replicas().forEach(replicas -> assertEquals(replicationFactor, replicas.size()));
    List<Integer> held = new ArrayList<>(held(map).values());
    while (held.size() < stores) {
      held.add(0);
    }
    assertTrue(Collections.max(held) - Collections.min(held) <= 1, held::toString);
  }

  @ParameterizedTest
  @CsvSource({"3,8,1", "3,8,3", "5,64,3", "4,1000,2"})
  void place_equalStores_leadersDifferByTwoAtMost(int stores, int shards, int replicationFactor) {
    Map<String, Integer> leading = new HashMap<>();
    Rendezvous.place(stores(stores), shards, replicationFactor)
        .replicas()
        .forEach(replicas -> leading.merge(replicas.getFirst(), 1, Integer::sum));

    assertEquals(stores, leading.size(), leading::toString);
    assertTrue(
        Collections.max(leading.values()) - Collections.min(leading.values()) <= 2,
        leading::toString);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void place_anyWeights_exactPortionsAndNoStoreTwice(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      int count = 1 + random.nextInt(8);
      List<Store> stores =
          IntStream.range(0, count)
              .mapToObj(i -> new Store("store-" + i, 1 + random.nextInt(5)))
              .toList();
      int shards = 1 + random.nextInt(40);
      int replicationFactor = 1 + random.nextInt(count);

      // The map itself refuses a shard that names a store twice.
      ShardMap map = Rendezvous.place(stores, shards, replicationFactor);

      map.replicas().forEach(replicas -> assertEquals(replicationFactor, replicas.size()));
      Map<String, Integer> held = held(map);
      Portions.of(stores, shards * replicationFactor, shards)
          .forEach(
              (store, portion) ->
                  assertEquals(
                      portion,
                      held.getOrDefault(store.id(), 0),
                      () -> "seed " + seed + ": " + map));
    }
  }

  @Test
  void place_aHeavierStore_holdsMore() {
    ShardMap map = Rendezvous.place(List.of(new Store("light", 1), new Store("heavy", 3)), 64, 1);

    assertEquals(Map.of("light", 16, "heavy", 48), held(map));
  }

  /** Two registries that see the same stores must propose the same. */
  @Test
  void place_anyOrderOfStores_same() {
    List<Store> stores = new ArrayList<>(stores(6));
    ShardMap map = Rendezvous.place(stores, 32, 3);
    for (int seed = 0; seed < 5; seed++) {
      Collections.shuffle(stores, new Random(seed));
      assertEquals(map, Rendezvous.place(stores, 32, 3));
    }
  }

  @Test
  void place_fewerStoresThanReplicas_refused() {
    assertThrows(IllegalArgumentException.class, () -> Rendezvous.place(stores(2), 8, 3));
    assertThrows(IllegalArgumentException.class, () -> Rendezvous.place(stores(0), 8, 1));
  }

  @ParameterizedTest
  @CsvSource({"3,3", "'',1", "0,1", "-2,1", "much,1"})
  void storeOf_weightInMeta_orOne(String written, int weight) {
    Node node = new Node("s", Role.SESSION_STORE, "h", 1, 1, "1", Map.of(Store.WEIGHT, written));

    assertEquals(weight, Store.of(node).weight());
  }

  private static Map<String, Integer> held(ShardMap map) {
    Map<String, Integer> held = new HashMap<>();
    map.replicas().forEach(replicas -> replicas.forEach(id -> held.merge(id, 1, Integer::sum)));
    return held;
  }

  private static List<Store> stores(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Store("store-" + i, 1)).toList();
  }
}
