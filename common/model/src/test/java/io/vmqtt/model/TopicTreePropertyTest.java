package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tree against a set of pairs and {@link TopicFilter#matches}, over random histories. */
class TopicTreePropertyTest {
  private static final int ROUNDS = 6_000;

  private record Pair(String filter, Integer value) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void anyHistory_agreesWithTheNaiveMatcher(long seed) {
    Random random = new Random(seed);
    RandomTopics topics = new RandomTopics(random);
    TopicTree<Integer> tree = new TopicTree<>(seed);
    Set<Pair> model = new HashSet<>();
    long matches = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String where = "seed " + seed + " round " + round;
      // The tree grows and shrinks in turns.
      if (random.nextInt(100) < (round / 1_000 % 2 == 0 ? 80 : 20)) {
        Pair pair = new Pair(topics.filter(), random.nextInt(3));
        assertEquals(model.add(pair), tree.add(pair.filter(), pair.value()), where);
        assertTrue(tree.contains(pair.filter(), pair.value()), where);
      } else {
        Pair pair = anyOf(model, topics, random);
        assertEquals(
            model.contains(pair), tree.contains(pair.filter(), pair.value()), where + pair);
        assertEquals(model.remove(pair), tree.remove(pair.filter(), pair.value()), where + pair);
      }
      assertEquals(model.size(), tree.size(), where);
      String topic = topics.topic();
      List<Integer> expected = naiveMatch(model, topic);
      assertEquals(expected, match(tree, topic), () -> where + " topic " + topic);
      Set<Pair> entries = new HashSet<>();
      tree.matchEntries(
          topic,
          (filter, value) ->
              assertTrue(entries.add(new Pair(filter, value)), () -> where + filter));
      assertEquals(naiveEntries(model, topic), entries, () -> where + " topic " + topic);
      matches += expected.size();
      if (round % 100 == 0) {
        TreeStructure.check(tree);
        assertEquals(model, pairs(tree), where);
      }
    }
    assertTrue(matches > ROUNDS, "only " + matches + " matches: the test proves nothing");
    for (Pair pair : model) {
      assertTrue(tree.remove(pair.filter(), pair.value()), () -> "seed " + seed + pair);
    }
    assertTrue(tree.isEmpty());
    assertEquals(0, TreeStructure.check(tree));
  }

  /** Mostly a pair that is there, sometimes one that is probably not. */
  private static Pair anyOf(Set<Pair> model, RandomTopics topics, Random random) {
    if (model.isEmpty() || random.nextInt(4) == 0) {
      return new Pair(topics.filter(), random.nextInt(3));
    }
    return model.stream().skip(random.nextInt(model.size())).findFirst().orElseThrow();
  }

  private static List<Integer> naiveMatch(Set<Pair> model, String topic) {
    return model.stream()
        .filter(pair -> TopicFilter.matches(pair.filter(), topic))
        .map(Pair::value)
        .sorted()
        .toList();
  }

  private static Set<Pair> naiveEntries(Set<Pair> model, String topic) {
    return model.stream()
        .filter(pair -> TopicFilter.matches(pair.filter(), topic))
        .collect(Collectors.toSet());
  }

  private static List<Integer> match(TopicTree<Integer> tree, String topic) {
    List<Integer> values = new ArrayList<>();
    tree.match(topic, values::add);
    values.sort(null);
    return values;
  }

  private static Set<Pair> pairs(TopicTree<Integer> tree) {
    Set<Pair> pairs = new HashSet<>();
    tree.forEach((filter, value) -> assertTrue(pairs.add(new Pair(filter, value)), filter));
    return pairs;
  }
}
