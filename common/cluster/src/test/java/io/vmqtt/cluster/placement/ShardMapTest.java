package io.vmqtt.cluster.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
  void json_writtenAndRead_same() throws IOException {
    ShardMap map =
        new ShardMap(
            "x", 3, 2, List.of(List.of("a", "b"), List.of("b", "a")), Map.of("a", "first"));

    assertEquals(
        "{\"cluster\":\"x\",\"epoch\":3,\"replicationFactor\":2,\"replicas\":[[\"a\",\"b\"],[\"b\",\"a\"]],"
            + "\"names\":{\"a\":\"first\"}}",
        ShardMapJson.write(map));
    assertEquals(map, ShardMapJson.read(ShardMapJson.write(map)));
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
