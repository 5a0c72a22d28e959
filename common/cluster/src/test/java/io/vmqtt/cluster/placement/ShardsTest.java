package io.vmqtt.cluster.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardsTest {

  /** Durable data lies by these: if one changes, clusters lose sessions on upgrade. */
  @ParameterizedTest
  @CsvSource({
    "'', 8, 7",
    "a, 8, 6",
    "client-1, 8, 5",
    "client-2, 8, 1",
    "sensors/kitchen/temperature, 8, 2",
    "sensors/kitchen/temperature, 64, 47",
    "gerät-ß-温度-🌡, 8, 6",
    "gerät-ß-温度-🌡, 1000, 771",
    "auto-5f8d9c3e-7b1a-4e55-9a44-21f3b6f0f1aa, 8, 0",
  })
  void shardOf_knownKeys_neverChanges(String key, int shardCount, int shard) {
    assertEquals(shard, Shards.shardOf(key, shardCount));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 16, 64})
  void shardOf_manyKeys_everyShardHasItsShare(int shardCount) {
    int keys = 20_000 * shardCount;
    int[] counts = new int[shardCount];
    for (int i = 0; i < keys; i++) {
      counts[Shards.shardOf("client-" + i, shardCount)]++;
    }
    IntStream.range(0, shardCount)
        .forEach(
            shard ->
                assertTrue(
                    Math.abs(counts[shard] - 20_000) < 1_000,
                    () -> "shard " + shard + " has " + counts[shard] + " of " + keys));
  }

  @Test
  void shardOf_oneShardMore_movesOnlyToTheNewShard() {
    int moved = 0;
    for (int i = 0; i < 90_000; i++) {
      int before = Shards.shardOf("client-" + i, 8);
      int after = Shards.shardOf("client-" + i, 9);
      if (before != after) {
        assertEquals(8, after);
        moved++;
      }
    }
    assertTrue(Math.abs(moved - 10_000) < 1_000, "moved " + moved);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void shardOf_noShards_refused(int shardCount) {
    assertThrows(IllegalArgumentException.class, () -> Shards.shardOf("a", shardCount));
  }
}
