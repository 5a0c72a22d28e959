package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The invariants of a topic tree's nodes: nothing is left over, nothing is longer than needed. */
final class TreeStructure {
  private TreeStructure() {}

  /** Checks all nodes and returns how many there are below the root. */
  static int check(TopicTree<?> tree) {
    return checkNodes(tree);
  }

  private static <V> int checkNodes(TopicTree<V> tree) {
    Deque<TopicNode<V>> pending = new ArrayDeque<>(List.of(tree.root));
    int nodes = 0;
    int[] values = {0};
    while (!pending.isEmpty()) {
      TopicNode<V> node = pending.pop();
      List<TopicNode<V>> children = new ArrayList<>();
      node.forEachChild(children::add);
      children.forEach(child -> assertSame(node, child.parent()));
      node.visitValues(value -> values[0]++);
      if (node != tree.root) {
        nodes++;
        checkNode(node, children);
      }
      children.forEach(pending::push);
    }
    assertEquals(tree.size(), values[0]);
    return nodes;
  }

  private static <V> void checkNode(TopicNode<V> node, List<TopicNode<V>> children) {
    String levels = node.levels();
    assertFalse(node.isEmpty(), () -> "left over: " + levels);
    if (isWildcard(node)) {
      return;
    }
    assertTrue(levels.indexOf('+') < 0 && levels.indexOf('#') < 0, levels);
    assertFalse(
        !node.hasValues() && children.size() == 1 && !isWildcard(children.getFirst()),
        () -> "run ends without reason: " + levels);
  }

  private static boolean isWildcard(TopicNode<?> node) {
    return node.isSingleLevelWildcard() || node.isMultiLevelWildcard();
  }
}
