package io.vmqtt.model;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Topic filters, each with the values that belong to it, made to find the values of all filters
 * that match a topic.
 *
 * <p>The naive way, to ask {@link TopicFilter#matches} of every filter, takes time in proportion to
 * the filters. Here a filter is a path of nodes, and filters that begin with the same levels begin
 * with the same nodes; a run of literal levels in which no filter ends or forks is one node.
 * Matching walks down along the topic and meets matching filters only: one lookup per fork for the
 * literal child, and one more branch wherever there is a {@code +}. Nodes know their parent, and
 * the topic can be read backwards as well as forwards; so the walk goes back to the branches it has
 * not tried without a stack. It allocates nothing and is exact at any depth.
 *
 * <p>Thread safety: none. One thread writes; threads may read at the same time while nobody writes.
 * The caller guards it. A visitor must not change the tree that calls it.
 *
 * <p>Limits: there are none here. The caller bounds filters, values and levels ({@link
 * TopicName#levelCount}). A filter costs about 100 bytes for every run of literal levels that it
 * shares with no other and 32 for every such wildcard; the worst, {@code +/+/+/...} of 65,535
 * bytes, a megabyte. Values should have hash codes that clients cannot choose.
 *
 * @param <V> the values, compared by {@code equals}; immutable as far as that is concerned
 */
public final class TopicTree<V> {

  /** Is given the values of the filters that match a topic. */
  @FunctionalInterface
  public interface MatchVisitor<V> {
    /** Called once for every matching filter that holds the value, in no particular order. */
    void visit(V value);
  }

  /** Is given what a tree contains. */
  @FunctionalInterface
  public interface EntryVisitor<V> {
    /** Called once for every pair, in no particular order. */
    void visit(String filter, V value);
  }

  /** Package-private for the tests of its structure. */
  final TopicNode<V> root = new TopicNode<>();

  private final long hashSeed;
  private int size;

  /** A tree whose filters nobody chooses in order to harm it: made of trusted input, or small. */
  public TopicTree() {
    this(0);
  }

  /**
   * A tree for filters that clients choose.
   *
   * @param hashSeed should be hard to guess; without it, nobody can prepare levels whose hashes
   *     collide
   */
  public TopicTree(long hashSeed) {
    this.hashSeed = hashSeed;
  }

  /**
   * Adds a value to a filter.
   *
   * @param filter a filter, scoped or not, without {@code $share/{group}/}: that prefix has no
   *     meaning here
   * @return whether the filter did not hold the value yet
   * @throws InvalidTopicFilterException if the filter is not valid
   */
  public boolean add(String filter, V value) {
    TopicFilter.requireValid(filter);
    TopicNode<V> node = root;
    for (int start = 0; start <= filter.length(); ) {
      int end = TopicName.levelEnd(filter, start);
      TopicNode<V> child = node.child(filter, start, end, hashSeed);
      node =
          child == null
              ? node.addChild(filter, start, end, hashSeed)
              : child.splitAtFork(filter, start, hashSeed);
      start += node.levels().length() + 1;
    }
    if (!node.addValue(value)) {
      return false;
    }
    size++;
    return true;
  }

  /**
   * Removes a value from a filter, and the filter if that was its last one.
   *
   * @return whether the filter held the value
   */
  public boolean remove(String filter, V value) {
    TopicNode<V> node = find(filter);
    if (node == null || !node.removeValue(value)) {
      return false;
    }
    size--;
    while (node != root && node.isEmpty()) {
      node.parent().removeChild(node);
      node = node.parent();
    }
    node.joinOnlyChild();
    return true;
  }

  /** Whether the filter, taken as a text, holds the value. */
  public boolean contains(String filter, V value) {
    TopicNode<V> node = find(filter);
    return node != null && node.containsValue(value);
  }

  /** One of the values of the filter, taken as a text; null: it has none. */
  public @Nullable V any(String filter) {
    TopicNode<V> node = find(filter);
    return node == null ? null : node.anyValue();
  }

  /** The number of pairs of a filter and a value. */
  public int size() {
    return size;
  }

  /** Whether there is no pair. */
  public boolean isEmpty() {
    return size == 0;
  }

  /**
   * Visits the values of all filters that match the topic, exactly those for which {@link
   * TopicFilter#matches} is true. A value that several of them hold is visited as often.
   *
   * @param topic a valid topic name, scoped or not
   */
  public void match(String topic, MatchVisitor<? super V> visitor) {
    int wildcardsFrom = ScopedName.wildcardsFrom(topic);
    TopicNode<V> node = root;
    int start = 0; // of the level after node's; beyond the topic if there is none
    int untried = 0; // nodes from the root to node beside which + is left to try
    while (true) {
      boolean wildcards = start >= wildcardsFrom;
      if (wildcards) {
        visitMultiLevelWildcard(node, visitor);
      }
      TopicNode<V> next = null;
      if (start > topic.length()) {
        node.visitValues(visitor);
      } else {
        int end = TopicName.levelEnd(topic, start);
        TopicNode<V> literal = node.literalChild(topic, start, end, hashSeed);
        TopicNode<V> wildcard = wildcards ? node.singleLevelWildcardChild() : null;
        if (literal != null && literal.leads(topic, start)) {
          next = literal;
          start += literal.levels().length() + 1;
          untried += wildcard == null ? 0 : 1;
        } else if (wildcard != null) {
          next = wildcard;
          start = end + 1;
        }
      }
      if (next == null) {
        if (untried == 0) {
          return;
        }
        untried--;
        next = lastUntriedWildcard(node);
        int levelStart = startBelow(next.parent(), node, topic, start);
        start = TopicName.levelEnd(topic, levelStart) + 1;
      }
      node = next;
    }
  }

  /**
   * The same, told with their filters. It allocates, which {@link #match} does not: for people who
   * look, not for messages.
   */
  public void matchEntries(String topic, EntryVisitor<? super V> visitor) {
    int wildcardsFrom = ScopedName.wildcardsFrom(topic);
    Deque<Place<V>> pending = new ArrayDeque<>();
    pending.push(new Place<>(root, 0));
    while (!pending.isEmpty()) {
      Place<V> place = pending.pop();
      TopicNode<V> node = place.node();
      int start = place.start();
      boolean wildcards = start >= wildcardsFrom;
      TopicNode<V> rest = wildcards ? node.multiLevelWildcardChild() : null;
      if (rest != null) {
        visitEntries(rest, visitor);
      }
      if (start > topic.length()) {
        visitEntries(node, visitor);
        continue;
      }
      int end = TopicName.levelEnd(topic, start);
      TopicNode<V> one = wildcards ? node.singleLevelWildcardChild() : null;
      if (one != null) {
        pending.push(new Place<>(one, end + 1));
      }
      TopicNode<V> literal = node.literalChild(topic, start, end, hashSeed);
      if (literal != null && literal.leads(topic, start)) {
        pending.push(new Place<>(literal, start + literal.levels().length() + 1));
      }
    }
  }

  /**
   * Where a walk has come to.
   *
   * @param start of the topic's level after the node's
   */
  private record Place<V>(TopicNode<V> node, int start) {}

  /** Visits all pairs. */
  public void forEach(EntryVisitor<? super V> visitor) {
    Deque<TopicNode<V>> pending = new ArrayDeque<>();
    root.forEachChild(pending::push);
    while (!pending.isEmpty()) {
      TopicNode<V> node = pending.pop();
      visitEntries(node, visitor);
      node.forEachChild(pending::push);
    }
  }

  private void visitEntries(TopicNode<V> node, EntryVisitor<? super V> visitor) {
    if (node.hasValues()) {
      String filter = filterOf(node);
      node.visitValues(value -> visitor.visit(filter, value));
    }
  }

  private static <V> void visitMultiLevelWildcard(
      TopicNode<V> node, MatchVisitor<? super V> visitor) {
    TopicNode<V> wildcard = node.multiLevelWildcardChild();
    if (wildcard != null) {
      wildcard.visitValues(visitor);
    }
  }

  /** The {@code +} beside the last literal node on the way to the given one that has any. */
  private static <V> TopicNode<V> lastUntriedWildcard(TopicNode<V> last) {
    for (TopicNode<V> node = last; ; node = node.parent()) {
      TopicNode<V> wildcard =
          node.isSingleLevelWildcard() ? null : node.parent().singleLevelWildcardChild();
      if (wildcard != null) {
        return wildcard;
      }
    }
  }

  /**
   * Where the level after the ancestor's starts in the topic, given where the level after the last
   * node's does.
   */
  private static <V> int startBelow(
      TopicNode<V> ancestor, TopicNode<V> last, String topic, int startAfterLast) {
    int start = startAfterLast;
    for (TopicNode<V> node = last; node != ancestor; node = node.parent()) {
      start =
          node.isSingleLevelWildcard()
              ? topic.lastIndexOf('/', start - 2) + 1
              : start - node.levels().length() - 1;
    }
    return start;
  }

  private @Nullable TopicNode<V> find(String filter) {
    TopicNode<V> node = root;
    for (int start = 0; start <= filter.length(); ) {
      int end = TopicName.levelEnd(filter, start);
      node = node.child(filter, start, end, hashSeed);
      if (node == null || !node.leads(filter, start)) {
        return null;
      }
      start += node.levels().length() + 1;
    }
    return node;
  }

  private String filterOf(TopicNode<V> last) {
    Deque<String> levels = new ArrayDeque<>();
    for (TopicNode<V> node = last; node != root; node = node.parent()) {
      levels.push(node.levels());
    }
    return String.join("/", levels);
  }
}
