package io.vmqtt.cluster.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashRingTest {
  private static final int TOPICS = 20_000;

  @Test
  void ownerOf_emptyRing_refused() {
    HashRing<String> ring = ringOf(List.of());

    assertTrue(ring.isEmpty());
    assertThrows(IllegalStateException.class, () -> ring.ownerOf("a"));
  }

  @Test
  void ownerOf_oneNode_ownsEverything() {
    HashRing<String> ring = ringOf(List.of("only"));

    IntStream.range(0, 1_000).forEach(i -> assertEquals("only", ring.ownerOf("topic/" + i)));
  }

  @Test
  void of_twoNodesWithOneId_refused() {
    assertThrows(IllegalArgumentException.class, () -> ringOf(List.of("a", "b", "a")));
  }

  /** Gateways of one cluster must agree, whenever each of them was built. */
  @Test
  void ownerOf_knownTopics_neverChanges() {
    HashRing<String> ring = ringOf(List.of("router-a", "router-b", "router-c"));

    assertEquals(
        List.of("router-c", "router-a", "router-c", "router-c", "router-c"),
        List.of(
            ring.ownerOf(""),
            ring.ownerOf("a"),
            ring.ownerOf("sensors/kitchen/temperature"),
            ring.ownerOf("sensors/cellar/temperature"),
            ring.ownerOf("温度/🌡")));
  }

  @Test
  void ownerOf_anyOrderOfNodes_same() {
    List<String> nodes = nodes(7);
    HashRing<String> ring = ringOf(nodes);
    for (int seed = 0; seed < 5; seed++) {
      List<String> shuffled = new ArrayList<>(nodes);
      Collections.shuffle(shuffled, new Random(seed));
      HashRing<String> other = ringOf(shuffled);
      for (int i = 0; i < 2_000; i++) {
        assertEquals(ring.ownerOf("topic/" + i), other.ownerOf("topic/" + i));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 10, 30})
  void ownerOf_manyTopics_sharesAreEvenWithinAQuarter(int count) {
    Map<String, Integer> shares = new HashMap<>();
    HashRing<String> ring = ringOf(nodes(count));
    for (int i = 0; i < TOPICS; i++) {
      shares.merge(ring.ownerOf("topic/" + i), 1, Integer::sum);
    }

    assertEquals(count, shares.size());
    double even = (double) TOPICS / count;
    shares.forEach(
        (node, share) ->
            assertTrue(
                Math.abs(share - even) < even * 0.25,
                () -> node + " has " + share + " of " + even));
  }

  /** What the ring is for: the topics of those who stay do not move. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 10, 30})
  void ownerOf_oneNodeLeaves_onlyItsTopicsMove(int count) {
    List<String> all = nodes(count);
    HashRing<String> before = ringOf(all);
    for (String leaving : all) {
      HashRing<String> after = ringOf(all.stream().filter(node -> !node.equals(leaving)).toList());
      int moved = 0;
      for (int i = 0; i < TOPICS; i++) {
        String owner = before.ownerOf("topic/" + i);
        if (owner.equals(leaving)) {
          assertNotEquals(leaving, after.ownerOf("topic/" + i));
          moved++;
        } else {
          assertEquals(owner, after.ownerOf("topic/" + i));
        }
      }
      assertTrue(
          moved < 1.25 * TOPICS / count, leaving + " leaving moved " + moved + " of " + TOPICS);
    }
  }

  private static List<String> nodes(int count) {
    return IntStream.range(0, count).mapToObj(i -> "router-" + i).toList();
  }

  private static HashRing<String> ringOf(List<String> nodes) {
    return HashRing.of(nodes, Function.identity());
  }
}
