package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.conformance.Conforms;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTreeTest {
  private final TopicTree<String> tree = new TopicTree<>();

  private List<String> match(String topic) {
    List<String> values = new ArrayList<>();
    tree.match(topic, values::add);
    values.sort(null);
    return values;
  }

  @Test
  void add_valueTwice_holdsItOnce() {
    assertTrue(tree.add("a/b", "v"));
    assertFalse(tree.add("a/b", "v"));
    assertEquals(1, tree.size());
    assertEquals(List.of("v"), match("a/b"));
  }

  @Test
  void add_equalValue_isTheSame() {
    record Value(int number) {}
    TopicTree<Value> values = new TopicTree<>();
    assertTrue(values.add("a", new Value(1)));
    assertFalse(values.add("a", new Value(1)));
    assertTrue(values.contains("a", new Value(1)));
    assertTrue(values.remove("a", new Value(1)));
  }

  @Test
  void any_ofAFilter_oneOfItsOwnValues() {
    tree.add("a/b", "v");
    tree.add("a/b", "w");
    tree.add("a/b/c", "x");
    tree.add("a/+", "y");

    assertEquals("v", tree.any("a/b"));
    assertEquals("x", tree.any("a/b/c"));
    assertNull(tree.any("a"));
    assertNull(tree.any("a/c"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a#", "#/a", "a+/b", "a\u0000"})
  void add_invalidFilter_throwsAndAddsNothing(String filter) {
    assertThrows(InvalidTopicFilterException.class, () -> tree.add(filter, "v"));
    assertTrue(tree.isEmpty());
    assertEquals(0, TreeStructure.check(tree));
  }

  @Test
  void match_sameValueUnderSeveralFilters_isVisitedForEach() {
    tree.add("a/b", "v");
    tree.add("a/+", "v");
    tree.add("#", "v");
    tree.add("a/b/c", "v");
    assertEquals(List.of("v", "v", "v"), match("a/b"));
  }

  @Test
  void match_literalBranchEndsDeep_stillTriesEveryWildcardBeside() {
    tree.add("a/b/c/d", "literal");
    tree.add("+/b/c/x", "first");
    tree.add("a/+/c/x", "second");
    tree.add("a/b/+/x", "third");
    tree.add("a/b/c/+", "fourth");
    tree.add("+/+/+/+", "all");
    assertEquals(List.of("all", "first", "fourth", "second", "third"), match("a/b/c/x"));
    assertEquals(List.of("all", "fourth", "literal"), match("a/b/c/d"));
  }

  @Test
  @Conforms(v311 = "MQTT-4.7.2-1", v5 = "MQTT-4.7.2-1")
  void match_topicOfTheServer_escapesWildcardsInTheFirstLevelOnly() {
    tree.add("#", "hash");
    tree.add("+/x", "plus");
    tree.add("$SYS/#", "sys");
    tree.add("$SYS/+", "sysPlus");
    assertEquals(List.of("sys", "sysPlus"), match("$SYS/x"));
    assertEquals(List.of("hash", "plus"), match("a/x"));
  }

  /** Not a topic name, but a caller's slip must neither double a delivery nor hang a thread. */
  @Test
  void match_wildcardsInTheTopic_areOrdinaryCharacters() {
    tree.add("+", "plus");
    assertEquals(List.of("plus"), match("+"));
    assertEquals(List.of("plus"), match("#"));
    assertEquals(List.of("plus"), match(""));
    tree.add("#", "hash");
    tree.add("a/+", "below");
    assertEquals(List.of("hash", "plus"), match("#"));
    assertEquals(List.of("below", "hash"), match("a/+"));
    assertEquals(List.of("below", "hash"), match("a/#"));
  }

  @Test
  void match_partOfARun_isNoMatch() {
    tree.add("ab/cd/ef", "v");
    for (String topic : List.of("ab", "ab/cd", "ab/cd/e", "ab/cd/efg", "ab/cd/ef/", "a", "ab/c")) {
      assertEquals(List.of(), match(topic), topic);
      assertFalse(tree.contains(topic, "v"), topic);
      assertFalse(tree.remove(topic, "v"), topic);
    }
    assertEquals(List.of("v"), match("ab/cd/ef"));
  }

  @Test
  void contains_textThatOnlyLooksLikeTheFilter_isFalse() {
    tree.add("+/#", "v");
    for (String filter : List.of("+", "#", "+a/#", "+/#a", "a/#", "", "+/#/", "+/+")) {
      assertFalse(tree.contains(filter, "v"), filter);
      assertFalse(tree.remove(filter, "v"), filter);
    }
    assertTrue(tree.contains("+/#", "v"));
    assertFalse(tree.contains("+/#", "other"));
  }

  @Test
  void remove_lastValue_leavesNoNode() {
    List<String> filters =
        List.of("a", "a/b", "a/b/c/d", "a/b/c/e", "a/+/c", "a/b/#", "#", "/", "//");
    filters.forEach(filter -> tree.add(filter, filter));
    TreeStructure.check(tree);
    for (String filter : filters) {
      assertTrue(tree.remove(filter, filter));
      assertFalse(tree.remove(filter, filter));
      TreeStructure.check(tree);
    }
    assertTrue(tree.isEmpty());
    assertEquals(0, TreeStructure.check(tree));
  }

  @Test
  void remove_fork_joinsTheRunsAgain() {
    tree.add("a/b/c/d", "v");
    assertEquals(1, TreeStructure.check(tree));
    tree.add("a/b/x", "w");
    assertEquals(3, TreeStructure.check(tree));
    tree.remove("a/b/x", "w");
    assertEquals(1, TreeStructure.check(tree));
    assertEquals(List.of("v"), match("a/b/c/d"));
  }

  @Test
  void match_oneFilterWithManyValues_visitsEachOnce() {
    TopicTree<Integer> numbers = new TopicTree<>();
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      assertTrue(numbers.add("a/+", i));
    }
    for (int i = 0; i < count; i += 2) {
      assertTrue(numbers.remove("a/+", i));
    }
    Set<Integer> seen = new HashSet<>();
    numbers.match("a/b", value -> assertTrue(seen.add(value) && value % 2 == 1));
    assertEquals(count / 2, seen.size());
    assertEquals(count / 2, numbers.size());
    for (int i = 1; i < count; i += 2) {
      assertTrue(numbers.remove("a/+", i));
    }
    assertEquals(0, TreeStructure.check(numbers));
  }

  @Test
  void match_deepestPossibleTopics_overflowsNoStack() {
    String slashes = "/".repeat(65_535);
    String plusses = "+/".repeat(32_767) + "+";
    String letters = "a/".repeat(32_767) + "a";
    tree.add(slashes, "slashes");
    tree.add(plusses, "plusses");
    tree.add(letters, "letters");
    tree.add("a/".repeat(30_000) + "+/#", "mixed");
    assertEquals(List.of("slashes"), match(slashes));
    assertEquals(List.of("letters", "mixed", "plusses"), match(letters));
    Map<String, String> pairs = new HashMap<>();
    tree.forEach(pairs::put);
    assertEquals(4, pairs.size());
    pairs.forEach((filter, value) -> assertTrue(tree.remove(filter, value)));
    assertEquals(0, TreeStructure.check(tree));
  }

  /** Every level of the topic offers both ways, so the walk has as many ways open as levels. */
  @Test
  void match_deepForkAtEveryLevel_triesThemAll() {
    int levels = 1_000;
    String deepest = "+/".repeat(levels) + "end";
    tree.add(deepest, "deepest");
    for (int i = 0; i < levels; i++) {
      tree.add("+/".repeat(i) + "a/end", "fork");
      tree.add("+/".repeat(i) + "a/#", "multi");
    }
    List<String> values = match("a/".repeat(levels) + "end");
    assertEquals(levels, values.stream().filter("multi"::equals).count());
    assertEquals(1, values.stream().filter("fork"::equals).count());
    assertEquals(1, values.stream().filter("deepest"::equals).count());
  }

  @Test
  void forEach_anyTree_visitsAllPairs() {
    List<String> expected = List.of("#=1", "+/a=1", "/=1", "a/b=1", "a/b=2", "a/b/#=3", "a=1");
    for (String pair : expected) {
      tree.add(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    List<String> pairs = new ArrayList<>();
    tree.forEach((filter, value) -> pairs.add(filter + "=" + value));
    pairs.sort(null);
    assertEquals(expected.stream().sorted().toList(), pairs);
  }

  @Test
  void match_warmTree_allocatesNothing() {
    TopicTree<Integer> numbers = new TopicTree<>(1);
    for (int i = 0; i < 1_000; i++) {
      numbers.add("site/" + i + "/+/temp", i);
      numbers.add("site/+/room/" + i, i);
      numbers.add("all/#", i);
    }
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    TopicTree.MatchVisitor<Integer> visitor = value -> {};
    int rounds = 10_000;
    numbers.match("site/5/room/temp", visitor);
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < rounds; i++) {
      numbers.match("site/5/room/temp", visitor);
      numbers.match("site/7/room/17", visitor);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < rounds, allocated + " bytes in " + rounds + " rounds");
  }
}
