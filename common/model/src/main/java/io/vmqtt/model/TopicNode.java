package io.vmqtt.model;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A part of one or more filters in a {@link TopicTree}: a wildcard, or a run of literal levels that
 * no filter leaves in between. Most filters end in a run of their own, so they cost one node of 32
 * bytes and the text of that run; child table and value set exist from the second child or value
 * on. A node knows its parent, so that walks need no stack.
 */
final class TopicNode<V> implements ChildNodes<V> {

  private static final String SINGLE_LEVEL_WILDCARD = "+";
  private static final String MULTI_LEVEL_WILDCARD = "#";
  private static final long HASH_MULTIPLIER = 0x9E3779B97F4A7C15L;

  /** The node of the levels before; the root is its own parent. */
  private TopicNode<V> parent;

  /** The levels of this node with the separators between them. */
  private String levels;

  /** {@link #hash} of the first level. */
  private int hash;

  /** Null, the only value, or a {@link ValueSet} of two or more. */
  private @Nullable Object values;

  private @Nullable ChildNodes<V> children;

  /** A root. */
  TopicNode() {
    this.parent = this;
    this.levels = "";
    this.hash = 0;
  }

  private TopicNode(TopicNode<V> parent, String levels, int hash) {
    this.parent = parent;
    this.levels = levels;
    this.hash = hash;
  }

  /**
   * The hash of a region. Clients choose the levels, so the hash starts from a seed and mixes after
   * every character: without the seed nobody can prepare levels that collide.
   */
  static int hash(String text, int start, int end, long seed) {
    long hash = seed;
    for (int i = start; i < end; i++) {
      hash = (hash ^ text.charAt(i)) * HASH_MULTIPLIER;
      hash ^= hash >>> 32;
    }
    return (int) hash;
  }

  TopicNode<V> parent() {
    return parent;
  }

  String levels() {
    return levels;
  }

  int hash() {
    return hash;
  }

  boolean isSingleLevelWildcard() {
    return levels.equals(SINGLE_LEVEL_WILDCARD);
  }

  boolean isMultiLevelWildcard() {
    return levels.equals(MULTI_LEVEL_WILDCARD);
  }

  boolean hasFirstLevel(String text, int start, int end) {
    int length = end - start;
    return endsLevel(levels, length) && text.regionMatches(start, levels, 0, length);
  }

  /**
   * Whether the levels of the text from {@code start} on begin with all the levels of this node.
   */
  boolean leads(String text, int start) {
    return text.startsWith(levels, start) && endsLevel(text, start + levels.length());
  }

  private static boolean endsLevel(String text, int i) {
    return i == text.length() || (i < text.length() && text.charAt(i) == '/');
  }

  // The children of this node.

  /** The literal child whose first level is the given region. */
  @Nullable TopicNode<V> literalChild(String text, int start, int end, long hashSeed) {
    return children == null ? null : children.literal(text, start, end, hashSeed);
  }

  @Nullable TopicNode<V> singleLevelWildcardChild() {
    return children == null ? null : children.singleLevelWildcard();
  }

  @Nullable TopicNode<V> multiLevelWildcardChild() {
    return children == null ? null : children.multiLevelWildcard();
  }

  /** The child, wildcard or not, whose first level is the given region of a filter. */
  @Nullable TopicNode<V> child(String filter, int start, int end, long hashSeed) {
    if (end - start == 1) {
      char c = filter.charAt(start);
      if (c == '+') {
        return singleLevelWildcardChild();
      }
      if (c == '#') {
        return multiLevelWildcardChild();
      }
    }
    return literalChild(filter, start, end, hashSeed);
  }

  /** A new child for a level of a valid filter that has none, and the literal levels after it. */
  TopicNode<V> addChild(String filter, int start, int end, long hashSeed) {
    String childLevels =
        switch (end == start ? '/' : filter.charAt(start)) {
          case '+' -> SINGLE_LEVEL_WILDCARD;
          case '#' -> MULTI_LEVEL_WILDCARD;
          default -> filter.substring(start, literalEnd(filter, start));
        };
    TopicNode<V> child = new TopicNode<>(this, childLevels, hash(filter, start, end, hashSeed));
    children = children == null ? child : children.with(child);
    return child;
  }

  private static int literalEnd(String filter, int start) {
    int wildcard = filter.indexOf("/+", start);
    if (wildcard >= 0) {
      return wildcard;
    }
    return filter.endsWith("/#") ? filter.length() - 2 : filter.length();
  }

  void removeChild(TopicNode<V> child) {
    children = children == null ? null : children.without(child);
  }

  void forEachChild(Consumer<? super TopicNode<V>> visitor) {
    if (children != null) {
      children.forEach(visitor);
    }
  }

  // How runs of literal levels come apart and together.

  /**
   * This node, if the levels of the filter from {@code start} on begin with all of its levels; else
   * a new one in its place, with the levels that they have in common, and this one below it with
   * the rest.
   *
   * @param filter has the first level of this node at {@code start}
   */
  TopicNode<V> splitAtFork(String filter, int start, long hashSeed) {
    int shared = sharedLength(filter, start);
    if (shared == levels.length()) {
      return this;
    }
    TopicNode<V> upper = new TopicNode<>(parent, levels.substring(0, shared), hash);
    upper.children = this;
    parent.replaceChild(this, upper);
    parent = upper;
    levels = levels.substring(shared + 1);
    hash = hash(levels, 0, TopicName.levelEnd(levels, 0), hashSeed);
    return upper;
  }

  /** Undoes a split that nothing needs any more: no filter ends here or forks after this node. */
  void joinOnlyChild() {
    if (values == null
        && isLiteral()
        && children instanceof TopicNode<V> child
        && child.isLiteral()) {
      child.levels = levels + '/' + child.levels;
      child.hash = hash;
      child.parent = parent;
      parent.replaceChild(this, child);
    }
  }

  /**
   * The length of the levels that this node and the filter from {@code start} on have in common.
   */
  private int sharedLength(String filter, int start) {
    int limit = Math.min(levels.length(), filter.length() - start);
    int shared = 0;
    for (int i = 0; i <= limit; i++) {
      if (endsLevel(levels, i) && endsLevel(filter, start + i)) {
        shared = i;
      }
      if (i == limit || levels.charAt(i) != filter.charAt(start + i)) {
        return shared;
      }
    }
    return shared;
  }

  private void replaceChild(TopicNode<V> child, TopicNode<V> successor) {
    if (children != null) {
      children = children.replace(child, successor);
    }
  }

  private boolean isLiteral() {
    return parent != this && !isSingleLevelWildcard() && !isMultiLevelWildcard();
  }

  // The values of the filter that ends here.

  boolean isEmpty() {
    return values == null && children == null;
  }

  boolean hasValues() {
    return values != null;
  }

  boolean containsValue(V value) {
    ValueSet<V> set = valueSet();
    return set == null ? value.equals(values) : set.contains(value);
  }

  @Nullable V anyValue() {
    ValueSet<V> set = valueSet();
    if (set != null) {
      return set.get(0);
    }
    return values == null ? null : onlyValue(values);
  }

  boolean addValue(V value) {
    ValueSet<V> set = valueSet();
    if (set != null) {
      return set.add(value);
    }
    if (values == null) {
      values = value;
      return true;
    }
    if (value.equals(values)) {
      return false;
    }
    values = new ValueSet<>(onlyValue(values), value);
    return true;
  }

  boolean removeValue(V value) {
    ValueSet<V> set = valueSet();
    if (set == null) {
      boolean found = value.equals(values);
      values = found ? null : values;
      return found;
    }
    if (!set.remove(value)) {
      return false;
    }
    if (set.size() == 1) {
      values = set.get(0);
    }
    return true;
  }

  void visitValues(TopicTree.MatchVisitor<? super V> visitor) {
    ValueSet<V> set = valueSet();
    if (set != null) {
      for (int i = 0; i < set.size(); i++) {
        visitor.visit(set.get(i));
      }
    } else if (values != null) {
      visitor.visit(onlyValue(values));
    }
  }

  @SuppressWarnings("unchecked") // nobody outside can hand in a ValueSet as a value
  private @Nullable ValueSet<V> valueSet() {
    return values instanceof ValueSet<?> set ? (ValueSet<V>) set : null;
  }

  @SuppressWarnings("unchecked") // what is no ValueSet came in as V
  private V onlyValue(Object value) {
    return (V) value;
  }

  // This node as the only child of its parent.

  @Override
  public @Nullable TopicNode<V> literal(String text, int start, int end, long hashSeed) {
    return hasFirstLevel(text, start, end) && isLiteral() ? this : null;
  }

  @Override
  public @Nullable TopicNode<V> singleLevelWildcard() {
    return isSingleLevelWildcard() ? this : null;
  }

  @Override
  public @Nullable TopicNode<V> multiLevelWildcard() {
    return isMultiLevelWildcard() ? this : null;
  }

  @Override
  public ChildNodes<V> with(TopicNode<V> child) {
    return new ChildTable<>(this, child);
  }

  @Override
  public @Nullable ChildNodes<V> without(TopicNode<V> child) {
    return null;
  }

  @Override
  public ChildNodes<V> replace(TopicNode<V> child, TopicNode<V> successor) {
    return successor;
  }

  @Override
  public void forEach(Consumer<? super TopicNode<V>> visitor) {
    visitor.accept(this);
  }
}
