package io.vmqtt.model;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes below a node, at least one. Most nodes of a large tree have exactly one child, so a
 * node serves as the set of itself alone; more than one make a {@link ChildTable}.
 */
sealed interface ChildNodes<V> permits TopicNode, ChildTable {

  /** The child whose first level is the given region of a topic or filter; never a wildcard. */
  @Nullable TopicNode<V> literal(String text, int start, int end, long hashSeed);

  /** The child of {@code +}. */
  @Nullable TopicNode<V> singleLevelWildcard();

  /** The child of {@code #}. */
  @Nullable TopicNode<V> multiLevelWildcard();

  /** These children and one that is not yet among them; replaces this. */
  ChildNodes<V> with(TopicNode<V> child);

  /** These children but one that is among them, or null if none is left; replaces this. */
  @Nullable ChildNodes<V> without(TopicNode<V> child);

  /** These children with one of them replaced by another that has the same first level. */
  ChildNodes<V> replace(TopicNode<V> child, TopicNode<V> successor);

  void forEach(Consumer<? super TopicNode<V>> visitor);
}
