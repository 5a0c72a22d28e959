package io.vmqtt.cluster.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardMapTest {

  @Test
  void shardCount_isThatOfTheReplicas() {
    assertEquals(2, new ShardMap(1, 1, List.of(List.of("a"), List.of("b"))).shardCount());
  }

  @Test
  void of_impossibleMaps_refused() {
    assertRefused(0, 1, List.of(List.of("a")));
    assertRefused(1, 0, List.of(List.of("a")));
    assertRefused(1, 1, List.of());
    assertRefused(1, 1, List.of(List.of("a"), List.of()));
    assertRefused(1, 1, List.of(List.of("a", "b")));
    assertRefused(1, 2, List.of(List.of("a", "a")));
  }

  private static void assertRefused(
      long epoch, int replicationFactor, List<List<String>> replicas) {
    assertThrows(
        IllegalArgumentException.class, () -> new ShardMap(epoch, replicationFactor, replicas));
  }

  @Test
  void replace_storeLostItsDisk_replacementHasItsReplicasAndItsName() {
    ShardMap map =
        new ShardMap(
            "x", 3, 2, List.of(List.of("a", "b"), List.of("b", "a")), Map.of("a", "first"));

    assertEquals(
        new ShardMap(
            "x", 4, 2, List.of(List.of("c", "b"), List.of("b", "c")), Map.of("c", "first")),
        map.replace("a", "c"));
    assertEquals(Set.of("a", "b"), map.stores());
  }

  @Test
  void prefer_storeThatHoldsTheShard_isFirstOfItAlone() {
    ShardMap map =
        new ShardMap(
            "x", 3, 3, List.of(List.of("a", "b", "c"), List.of("a", "c", "b")), Map.of("a", "one"));

    assertEquals(
        new ShardMap(
            "x", 4, 3, List.of(List.of("c", "a", "b"), List.of("a", "c", "b")), Map.of("a", "one")),
        map.prefer(0, "c"));
  }

  @Test
  void prefer_whatCannotBe_isRefusedByName() {
    ShardMap map = new ShardMap(3, 2, List.of(List.of("a", "b")));
    ShardMap moving = map.move(0, new ShardMove(List.of("a", "c"), List.of("c")));

    assertTrue(refusal(map, 1, "a").contains("no shard 1"));
    assertTrue(refusal(map, -1, "a").contains("no shard -1"));
    assertTrue(refusal(map, 0, "c").contains("'c' does not hold shard 0, but a, b"));
    assertTrue(refusal(moving, 0, "b").contains("on its way"));
  }

  private static String refusal(ShardMap map, int shard, String store) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> map.prefer(shard, store)).getMessage());
  }

  @Test
  void json_writtenAndRead_same() throws IOException {
    ShardMap map =
        new ShardMap(
            "x", 3, 2, List.of(List.of("a", "b"), List.of("b", "a")), Map.of("a", "first"));

    assertEquals(
        "{\"format\":1,\"cluster\":\"x\",\"epoch\":3,\"replicationFactor\":2,\"replicas\":[[\"a\",\"b\"],[\"b\",\"a\"]],"
            + "\"names\":{\"a\":\"first\"}}",
        ShardMapJson.write(map));
    assertEquals(map, ShardMapJson.read(ShardMapJson.write(map)));
  }

  @Test
  void move_shardOnItsWay_isPlacedOnOldAndNewStores_untilItHasArrived() throws IOException {
    ShardMap map = new ShardMap(1, 2, List.of(List.of("a", "b"), List.of("b", "a")));
    ShardMap moving = map.move(1, new ShardMove(List.of("b", "c"), List.of("d")));

    assertEquals(2, moving.epoch());
    assertEquals(List.of("a", "b"), moving.targets(0));
    assertEquals(List.of("b", "c"), moving.targets(1));
    for (String store : List.of("a", "b", "c", "d")) {
      assertTrue(moving.places(1, store), store);
    }
    assertFalse(moving.places(0, "c"));
    assertEquals(moving, ShardMapJson.read(ShardMapJson.write(moving)));
    assertEquals(
        new ShardMap(3, 2, List.of(List.of("a", "b"), List.of("b", "c"))), moving.arrived(1));
    assertEquals(List.of("b", "x"), moving.replace("c", "x").targets(1));
  }

  @Test
  void move_ofNoShardOrToTooManyStores_refused() {
    ShardMap map = new ShardMap(1, 1, List.of(List.of("a")));
    ShardMove two = new ShardMove(List.of("b", "c"), List.of());
    ShardMove one = new ShardMove(List.of("b"), List.of());

    assertThrows(IllegalArgumentException.class, () -> map.move(0, two));
    assertThrows(IllegalArgumentException.class, () -> map.move(1, one));
  }

  @Test
  void json_withoutAFormat_read() throws IOException {
    assertEquals(
        new ShardMap(1, 1, List.of(List.of("a"))),
        ShardMapJson.read("{\"epoch\":1,\"replicationFactor\":1,\"replicas\":[[\"a\"]]}"));
  }

  @Test
  void json_laterFormat_refusedByItsNumber() {
    IOException refusal =
        assertThrows(
            IOException.class, () -> ShardMapJson.read("{\"format\":2,\"shards\":{\"0\":{}}}"));
    assertEquals("a shard map of format 2; this version reads format 1", refusal.getMessage());
  }

  @Test
  void json_fieldOfALaterVersion_ignored() throws IOException {
    assertEquals(
        new ShardMap(1, 1, List.of(List.of("a"))),
        ShardMapJson.read(
            "{\"epoch\":1,\"replicationFactor\":1,\"replicas\":[[\"a\"]],\"zones\":{}}"));
  }

  @Test
  void json_notAMap_refused() {
    assertThrows(IOException.class, () -> ShardMapJson.read("nonsense"));
    assertThrows(IOException.class, () -> ShardMapJson.read("{}"));
    assertThrows(IOException.class, () -> ShardMapJson.read("null"));
  }
}
